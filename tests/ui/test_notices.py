"""Notices: each once, the last word on a matter, and never over what is written or over the keys."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from textual.css.stylesheet import Stylesheet
from textual.dom import DOMNode

from tests.ui.conftest import Opener
from tui_chat.ui.messages.message_widget import MessageWidget


async def test_only_the_last_of_two_notices_about_the_mode_is_shown(opened: Opener) -> None:
    async with opened(notices=True) as stage:
        await stage.pilot.press("ctrl+t")
        await stage.until(lambda: "Batch mode." in stage.shown)
        await stage.pilot.press("ctrl+t")
        await stage.until(lambda: "Streaming on." in stage.shown)
        assert "Batch mode." not in stage.shown


async def test_while_a_reply_comes_the_mode_is_that_of_the_next(opened: Opener) -> None:
    async with opened(notices=True) as stage:
        await stage.send("/fault stall@20xall\nTell me a story")
        await stage.streaming()
        await stage.pilot.press("ctrl+t")
        await stage.until(lambda: "Batch mode, from the next reply." in stage.shown)


async def test_a_dialog_shows_a_notice_once_and_leaves_its_keys_and_the_status_bar_in_sight(opened: Opener) -> None:
    async with opened(notices=True) as stage:
        await stage.ask("/tokens 3\nHello")
        stage.app.notify("A word to you", timeout=60)
        await stage.until(lambda: "A word to you" in stage.shown)
        await stage.pilot.press("ctrl+o")
        await stage.until(lambda: "Type to search" in stage.shown and "A word to you" in stage.shown)
        assert stage.shown.count("A word to you") == 1
        lines = stage.shown.split("\n")
        assert any("Open" in line and "esc Close" in line for line in lines)
        assert any(line.startswith("  ● Ready         stream") for line in lines)


async def test_a_notice_in_a_small_dialog_leaves_its_title_and_what_is_typed_in_sight(opened: Opener) -> None:
    async with opened(notices=True, size=(30, 10)) as stage:
        await stage.pilot.press("ctrl+o")
        await stage.until(lambda: "Conversations ─" in stage.shown)
        await stage.pilot.press(*"xyz")
        stage.app.notify("Deleted “A story that was told”. Undo", timeout=60)
        await stage.until(lambda: "Undo" in stage.shown)
        assert "Conversations ─" in stage.shown
        assert "xyz" in stage.shown


async def test_of_several_notices_only_the_newest_is_shown(opened: Opener) -> None:
    async with opened(notices=True) as stage:
        stage.app.notify("The first word", timeout=60)
        await stage.until(lambda: "The first word" in stage.shown)
        stage.app.notify("The second word", timeout=60)
        await stage.until(lambda: "The second word" in stage.shown)
        assert "The first word" not in stage.shown


async def test_a_dialog_hides_the_notices_below_it_and_styles_no_message_anew(
    opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A class of the screen below would have every message of a long conversation styled anew, and twice a dialog."""
    styled: list[DOMNode] = []
    update_nodes = Stylesheet.update_nodes

    def updated(stylesheet: Stylesheet, nodes: Iterable[DOMNode], animate: bool = False) -> None:
        styled.extend(nodes := list(nodes))
        update_nodes(stylesheet, nodes, animate)

    async with opened(notices=True) as stage:
        await stage.ask("/tokens 3")
        await stage.pilot.press("f1", "escape")  # the first time, its style sheet is loaded
        monkeypatch.setattr(Stylesheet, "update_nodes", updated)
        await stage.pilot.press("f1", "escape")
        assert "ToastRack" in {type(node).__name__ for node in styled}
        assert not [node for node in styled if isinstance(node, MessageWidget)]
