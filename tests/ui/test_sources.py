"""The sources of a reply: their numbers in the text, the list below it, and opening one."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from tests.ui.app_driver import Stage
from tests.ui.conftest import Opener
from tests.ui.pages import notices
from tui_chat.chat.citations import cited
from tui_chat.chat.passages import text_with_sources
from tui_chat.ui.chat.source_dialog import SourceDialog, SourceList

SEARCH = "Search the news"
WHATWG = "https://html.spec.whatwg.org/multipage/server-sent-events.html"


@pytest.fixture
def opened_urls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A browser that writes down what it is given."""
    urls, browser = tmp_path / "urls", tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" >> {urls}\n')
    browser.chmod(stat.S_IRWXU)
    monkeypatch.setenv("BROWSER", os.fspath(browser))
    return urls


async def test_numbers_stand_in_the_text_and_the_sources_below_it(opened: Opener) -> None:
    async with opened() as stage:
        reply = await stage.ask(SEARCH)
        text = stage.text_of(stage.reply)
        assert "look it[1]. It draws" in text
        assert "ordinary HTTP answer[1][2]." in text
        assert "\n[2] Server-sent events" in text
        assert f"\n    {WHATWG}" in text
        assert "“Event streams in this format must always be encoded as UTF-8.”" in text
        assert "\n.\n" not in text
        assert stage.reply.source.rstrip() == cited(reply.parts).text.rstrip()


async def test_numbers_are_there_while_the_text_comes(opened: Opener) -> None:
    async with opened() as stage:
        await stage.send(f"/fault stall@80xall\n{SEARCH}")
        await stage.until(lambda: "look it[1]. It draws" in stage.shown)
        assert "[1] The Textual" not in stage.shown
        assert stage.last.status.live
        await stage.pilot.press("escape")
        await stage.ready()
        assert "[1] The Textual framework" in stage.shown


async def test_a_source_is_opened_after_its_address_was_shown(opened: Opener, opened_urls: Path) -> None:
    async with opened() as stage:
        await stage.ask(SEARCH)
        await stage.pilot.press("tab", "o")
        await stage.until(lambda: isinstance(stage.app.screen, SourceDialog))
        assert WHATWG in stage.shown
        await stage.pilot.press("down", "enter")
        await stage.until(opened_urls.exists)
        await stage.until(lambda: opened_urls.read_text() == f"{WHATWG}\n")
        assert not isinstance(stage.app.screen, SourceDialog)


async def test_a_click_on_a_number_or_on_the_list_shows_the_source(opened: Opener) -> None:
    async with opened() as stage:
        await stage.ask(SEARCH)
        for text, number in (("answer[1][2].", 1), ("they come[2]", 2), ("[2] Server-sent", 2)):
            await click(stage, text, text.index("[") + 1)
            await stage.until(lambda: isinstance(stage.app.screen, SourceDialog))
            assert stage.app.screen.query_one(SourceList).highlighted == number - 1
            await stage.pilot.press("escape")
            await stage.until(lambda: not isinstance(stage.app.screen, SourceDialog))
        await click(stage, "ordinary", 2)
        assert not isinstance(stage.app.screen, SourceDialog)


async def click(stage: Stage, text: str, x: int) -> None:
    """Click on a character of a text in the reply."""
    await stage.until(lambda: text in stage.shown)
    lines = stage.shown.split("\n")
    y, line = next((y, line) for y, line in enumerate(lines) if text in line)
    await stage.pilot.click(offset=(line.index(text) + x, y))


async def test_a_message_without_sources_says_so(opened: Opener) -> None:
    async with opened() as stage:
        await stage.ask("Hello")
        await stage.pilot.press("tab", "o")
        await stage.until(lambda: "This message cites no sources." in notices(stage))


async def test_a_copy_has_the_numbers_and_the_sources(opened: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    async with opened() as stage:
        copied: list[str] = []
        monkeypatch.setattr(stage.app, "copy_to_clipboard", copied.append)
        reply = await stage.ask(SEARCH)
        await stage.pilot.press("f4")
        assert copied == [text_with_sources(reply.parts)]


async def test_numbers_have_a_colour_of_their_own(opened: Opener) -> None:
    async with opened() as stage:
        await stage.ask(SEARCH)
        await stage.until(lambda: "answer[1][2]." in stage.shown)
        for theme in ("tui-chat-dark", "tui-chat-light"):
            stage.app.theme = theme
            await stage.pilot.pause()
            lines = [stage.reply.segments_at(y) for y in range(stage.reply.stack.height)]
            line = next(line for line in lines if "answer[1][2]." in "".join(segment.text for segment in line))
            colours = {segment.text: segment.style.color for segment in line if segment.style is not None}
            assert colours["[1]"] == colours["[2]"] == stage.reply.palette.source.color, theme
            assert colours["[1]"] not in [colour for text, colour in colours.items() if text[0] != "["], theme
