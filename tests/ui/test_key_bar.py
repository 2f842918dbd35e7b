"""The row of keys at the bottom."""

from __future__ import annotations

import pytest
from textual.events import Paste

from tests.ui.app_driver import Stage
from tests.ui.conftest import Opener
from tests.ui.pages import keys_on_top
from tui_chat.ui.shared.key_bar import KeyBar


def keys(stage: Stage) -> str:
    """Return the text of the chat's row."""
    return stage.shown.split("\n")[-1].strip()


@pytest.mark.parametrize("width", [80, 12])
async def test_it_shows_whole_keys_and_always_those_that_stop_and_help(opened: Opener, width: int) -> None:
    async with opened(size=(width, 24)) as stage:
        await stage.send("/fault stall@20xall\nTell me a story")
        await stage.streaming()
        await stage.until(lambda: keys(stage).startswith("esc Stop"))
        assert keys(stage).endswith("f1 Help" if width > 12 else "esc Stop")
        assert all(len(key.split()) == 2 for key in keys(stage).split("  "))
        await stage.pilot.press("escape")
        await stage.ready()
        await stage.until(lambda: "Stop" not in keys(stage))


async def test_a_click_does_what_the_key_does(opened: Opener) -> None:
    async with opened() as stage:
        await stage.type("Hello")
        await stage.pilot.hover(KeyBar, offset=(2, 0))
        await stage.pilot.click(KeyBar, offset=(2, 0))
        await stage.ready()
        await stage.pilot.click(KeyBar, offset=(keys(stage).index("^n") + 2, 0))
        await stage.until(lambda: stage.messages == ())


async def test_it_says_how_to_unfold_a_paste_and_how_to_end_finding(opened: Opener) -> None:
    async with opened() as stage:
        await stage.ask("Hello")
        stage.app.post_message(Paste("line\n" * 100))
        await stage.until(lambda: "f10 Unfold" in keys(stage))
        await stage.pilot.press("f10")
        await stage.until(lambda: "f10 Unfold" not in keys(stage))
        await stage.pilot.press("ctrl+f")
        await stage.until(lambda: "esc Close" in keys(stage))
        await stage.pilot.press("escape")
        await stage.until(lambda: "esc Close" not in keys(stage) and stage.composer.has_focus)


async def test_it_is_empty_while_a_dialog_has_the_keys(opened: Opener) -> None:
    async with opened() as stage:
        await stage.pilot.press("ctrl+r")
        await stage.until(lambda: keys(stage) == "")
        await stage.pilot.press("escape")
        await stage.until(lambda: keys(stage) != "")


async def test_it_can_be_read_in_themes_that_mean_it_for_another_ground(opened: Opener) -> None:
    async with opened(ui__theme="solarized-light") as stage:
        bar = stage.screen.query_one(KeyBar)
        for theme in ("solarized-light", "solarized-dark"):
            stage.app.theme = theme
            await stage.pilot.pause()
            for part in ("key-bar--key", "key-bar--label"):
                ink, ground = bar.get_visual_style(part).foreground, bar.styles.background
                assert ink is not None
                assert abs((ground + ink).brightness - ground.brightness) > 0.2, (theme, part)


async def test_a_dialog_turns_to_the_keys_that_have_no_room_and_always_shows_the_way_out(opened: Opener) -> None:
    async with opened() as stage:
        await stage.ask("Hello")
        await stage.pilot.press("ctrl+o")
        await stage.until(lambda: "Rename" in keys_on_top(stage))
        seen = set[str]()
        for _ in range(6):
            row = keys_on_top(stage)
            assert row.endswith("esc Close  f1 More")
            seen |= set(row.split("  "))
            await stage.pilot.press("f1")
            await stage.until(lambda row: keys_on_top(stage) != row, row)
        labels = {key.partition(" ")[2] for key in seen}
        assert {"Open", "Rename", "Delete", "Pin", "Tags", "Archive", "Show archive", "Mark", "Export"} <= labels


async def test_a_dialog_of_any_width_shows_the_way_out(opened: Opener) -> None:
    async with opened() as stage:
        await stage.ask("/tokens 5\nHello")
        for width, ways in ((40, ("Close", "More")), (24, ("Close",)), (120, ("Close",))):
            await stage.pilot.resize_terminal(width, 24)
            await stage.pilot.press("ctrl+o")
            await stage.until(lambda ways: all(way in keys_on_top(stage) for way in ways), ways)
            await stage.pilot.press("escape")
            await stage.until(lambda: stage.app.screen is stage.screen)
