"""Vim's keys in the composer."""

from __future__ import annotations

from textual import events

from tests.ui.conftest import Opener
from tests.ui.test_composer import LONG
from tui_chat.ui.chat.status_bar import StatusBar
from tui_chat.ui.composer.composer import Composer
from tui_chat.ui.messages.message_list import MessageList

STALLED = "/fault stall@50xall\nSomething long"


async def test_without_the_setting_every_character_is_typed(opened: Opener) -> None:
    async with opened() as stage:
        await stage.pilot.press("escape", "d", "w")
        assert stage.composer.text == "dw"


async def test_it_begins_with_typing_and_the_status_bar_says_so(opened: Opener) -> None:
    async with opened(ui__vim=True) as stage:
        await stage.pilot.press("o", "n", "e")
        assert "● Ready         INSERT" in stage.shown
        await stage.pilot.press("escape")
        assert "● Ready         NORMAL" in stage.shown
        await stage.pilot.press("v")
        assert "● Ready         VISUAL" in stage.shown
        assert stage.composer.text == "one"


async def test_keys_are_commands_until_one_writes_again(opened: Opener) -> None:
    async with opened(ui__vim=True) as stage:
        await stage.type("one two three")
        await stage.pilot.press("escape", "0", "d", "2", "w", "i", "x", "escape", "u", "u")
        assert stage.composer.text == "one two three"
        await stage.pilot.press("ctrl+r")
        assert stage.composer.text == "three"
        assert stage.app.screen is stage.screen


async def test_enter_sends_in_every_mode_and_one_types_again(opened: Opener) -> None:
    async with opened(ui__vim=True) as stage:
        for keys in ([], ["escape"], ["escape", "v"]):
            await stage.type("hello")
            await stage.pilot.press(*keys, "enter")
            await stage.ready()
            assert stage.composer.vim_mode == "insert"
        assert [message.text for message in stage.messages[::2]] == ["hello"] * 3


async def test_escape_leaves_the_mode_first_and_then_stops_the_reply(opened: Opener) -> None:
    async with opened(ui__vim=True) as stage:
        await stage.send(STALLED)
        await stage.streaming()
        await stage.pilot.press("x", "escape")
        assert stage.screen.busy
        assert stage.composer.vim_mode == "normal"
        await stage.pilot.press("v", "escape", "2", "escape")
        assert stage.screen.busy
        await stage.pilot.press("escape")
        await stage.ready()
        assert stage.last.status == "stopped"


async def test_keys_that_come_at_once_act_in_their_order(opened: Opener) -> None:
    async with opened(ui__vim=True) as stage:
        await stage.send(STALLED)
        await stage.streaming()
        await stage.pilot.press("escape")
        for key in ("i", "x", "escape", "a", "y", "escape"):
            stage.app.post_message(events.Key(key, key if len(key) == 1 else None))
        await stage.until(lambda: stage.composer.text == "xy" and stage.composer.vim_mode == "normal")
        assert stage.screen.busy


async def test_a_folded_paste_is_one_unit(opened: Opener) -> None:
    async with opened(ui__vim=True) as stage:
        stage.composer.post_message(events.Paste(LONG))
        await stage.until(lambda: "412 lines" in stage.composer.text)
        await stage.pilot.press("!", "escape", "h", "x")
        assert stage.composer.text == "!"
        await stage.pilot.press("u")
        assert stage.composer.prompt == f"{LONG}!"


async def test_a_paste_in_normal_mode_comes_after_the_cursor(opened: Opener) -> None:
    async with opened(ui__vim=True) as stage:
        await stage.type("ab")
        await stage.pilot.press("escape", "0")
        stage.composer.post_message(events.Paste("xy"))
        stage.composer.post_message(events.Paste("z"))
        await stage.until(lambda: stage.composer.text == "axyzb")


async def test_what_vim_selects_is_copied_whole(opened: Opener) -> None:
    async with opened(ui__vim=True) as stage:
        await stage.type("one two")
        await stage.pilot.press("escape", "v", "b", "ctrl+c")
        assert stage.app.clipboard == "two"
        await stage.pilot.press("escape", "0", "v", "e", "ctrl+x")
        assert (stage.app.clipboard, stage.composer.text) == ("one", " two")


async def test_what_the_mouse_selects_is_selected_for_vim(opened: Opener) -> None:
    async with opened(ui__vim=True) as stage:
        await stage.type("one two")
        await stage.pilot.press("escape")
        await stage.pilot.click(Composer, offset=(3, 1), times=2)
        assert stage.composer.selected_text == "one"
        await stage.pilot.press("d")
        assert stage.composer.text == " two"


async def test_the_cursor_lies_on_a_character_in_normal_mode(opened: Opener) -> None:
    async with opened(ui__vim=True) as stage:
        await stage.type("ab")
        await stage.pilot.press("escape", "end")
        assert stage.composer.cursor_location == (0, 1)
        await stage.pilot.press("x")
        assert stage.composer.text == "a"


async def test_the_setting_holds_at_once(opened: Opener) -> None:
    async with opened() as stage:
        await stage.type("one")
        stage.program.settings.set("ui.vim", True)
        await stage.pilot.press("escape", "x")
        assert stage.composer.text == "on"
        stage.program.settings.set("ui.vim", False)
        await stage.pilot.press("x")
        assert stage.composer.text == "oxn"
        assert stage.screen.query_one(StatusBar).status.keys == ""


async def test_the_apps_keys_go_on_working_in_normal_mode(opened: Opener) -> None:
    async with opened(ui__vim=True) as stage:
        await stage.ask("/tokens 5\nhello")
        for key, fact in (
            ("tab", lambda: isinstance(stage.screen.focused, MessageList)),
            ("ctrl+p", lambda: stage.app.screen is not stage.screen),
            ("f1", lambda: stage.app.screen is not stage.screen),
            ("ctrl+n", lambda: not stage.messages),
        ):
            await stage.pilot.press("escape", key)
            await stage.until(fact)
            await stage.pilot.press("escape")
            await stage.until(lambda: stage.app.screen is stage.screen and stage.composer.has_focus)


async def test_another_conversations_draft_cannot_be_brought_here(opened: Opener) -> None:
    async with opened(ui__vim=True) as stage:
        await stage.ask("hello")
        await stage.type("a draft")
        await stage.pilot.press("escape", "x", "ctrl+n")
        await stage.until(lambda: not stage.messages)
        assert stage.composer.vim_mode == "insert"
        await stage.pilot.press("escape", "u", "u")
        assert stage.composer.text == ""
