"""Quoting messages in the composer."""

from __future__ import annotations

from tests.ui.conftest import Opener
from tests.ui.pages import run_command
from tests.ui.test_selection import TALK, drag, place

LAST = "> | dogs | |\n> | --- | --- |\n> | bark | `loudly` |\n\n"


async def test_the_last_reply_is_quoted_with_the_cursor_below_it(opened: Opener) -> None:
    async with opened(conversation=TALK) as stage:
        await stage.pilot.press("ctrl+b", "W", "h", "y", "?")
        assert stage.composer.text == f"{LAST}Why?"


async def test_a_quotation_comes_after_what_is_written_and_can_be_undone(opened: Opener) -> None:
    async with opened(conversation=TALK) as stage:
        await stage.type("First this.\n")
        await stage.pilot.press("home", "ctrl+b")
        assert stage.composer.text == f"First this.\n\n{LAST}"
        assert stage.composer.cursor_location == stage.composer.document.end
        await stage.pilot.press("ctrl+z")
        assert stage.composer.text == "First this.\n"


async def test_the_chosen_message_is_quoted(opened: Opener) -> None:
    async with opened(conversation=TALK) as stage:
        await stage.pilot.press("tab", "k", "q")
        assert stage.composer.text == "> And of dogs?\n\n"
        assert stage.composer.has_focus


async def test_what_is_selected_is_quoted_before_all_else(opened: Opener) -> None:
    async with opened(conversation=TALK) as stage:
        for keys in (("ctrl+b",), ("tab", "q")):
            await stage.type("")
            await drag(stage, place(stage, "They sleep."), place(stage, "They sleep.", last=True))
            await stage.pilot.press(*keys)
            assert stage.composer.text == "> They sleep.\n\n", keys
            assert stage.screen.get_selected_text() is None, keys


async def test_the_palette_quotes_too(opened: Opener) -> None:
    async with opened(conversation=TALK) as stage:
        await run_command(stage, "quote the", "Quote the selection")
        await stage.until(lambda: stage.composer.text == LAST)


async def test_a_blank_line_is_a_part_of_the_quotation(opened: Opener) -> None:
    async with opened(conversation=TALK) as stage:
        await stage.pilot.press("tab", "k", "k", "q")
        assert stage.composer.text.split("\n")[1:] == ["> ", "> They sleep.", "", ""]


async def test_after_a_quotation_one_writes_in_vims_insert_mode(opened: Opener) -> None:
    async with opened(conversation=TALK, ui__vim=True) as stage:
        await stage.pilot.press("escape", "ctrl+b", "x")
        assert stage.composer.text == f"{LAST}x"


async def test_without_messages_there_is_nothing_to_quote(opened: Opener) -> None:
    async with opened() as stage:
        await stage.pilot.press("ctrl+b")
        assert stage.composer.text == ""


async def test_what_has_come_of_a_reply_is_quoted_while_it_comes(opened: Opener) -> None:
    async with opened() as stage:
        await stage.send("/fault stall@50xall\nSomething long")
        await stage.streaming(20)
        await stage.pilot.press("ctrl+b")
        assert stage.composer.text.startswith(f"> {stage.reply_text[:20]}".split("\n")[0])
