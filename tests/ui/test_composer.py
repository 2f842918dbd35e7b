"""Writing prompts."""

from __future__ import annotations

import pytest
from textual import events

from tests.ui.conftest import Opener
from tui_chat.ui.composer.composer import Composer
from tui_chat.ui.textual_internals.key_queue import KeyQueue

LONG = "\n".join(f"line {number}" for number in range(412))


async def test_a_line_can_be_broken(opened: Opener) -> None:
    async with opened() as stage:
        for keys in (("ctrl+j",), ("shift+enter",), ("\\", "enter")):
            await stage.type("a")
            await stage.pilot.press(*keys, "b")
            assert stage.composer.text == "a\nb", keys
            assert stage.messages == ()


async def test_it_grows_to_a_third_of_the_screen_and_shrinks_again(opened: Opener) -> None:
    async with opened(size=(80, 30)) as stage:
        before = stage.composer.outer_size.height
        await stage.type("\n" * 40)
        await stage.until(lambda: stage.composer.outer_size.height == 9)
        await stage.type("")
        await stage.until(lambda: stage.composer.outer_size.height == before)


async def test_a_long_paste_shows_folded_never_sends_and_is_sent_whole(opened: Opener) -> None:
    async with opened() as stage:
        stage.composer.post_message(events.Paste(LONG + "\n"))
        await stage.until(lambda: stage.composer.text == "[412 lines pasted]")
        assert not stage.screen.busy
        await stage.pilot.press("enter")
        await stage.ready()
        assert stage.messages[0].text == LONG + "\n"


async def test_a_folded_paste_can_be_opened(opened: Opener) -> None:
    async with opened() as stage:
        stage.composer.post_message(events.Paste(LONG))
        await stage.until(lambda: "412 lines" in stage.composer.text)
        await stage.pilot.press("f10")
        assert stage.composer.text == LONG
        await stage.pilot.press("ctrl+z")
        assert stage.composer.text == "[412 lines pasted]"
        await stage.pilot.click(Composer, offset=(10, 1), times=2)
        assert stage.composer.text == LONG


async def test_a_folded_paste_is_passed_deleted_copied_and_brought_back_as_one(opened: Opener) -> None:
    async with opened() as stage:
        await stage.type("See ")
        stage.composer.post_message(events.Paste(LONG))
        await stage.until(lambda: "412 lines" in stage.composer.text)
        await stage.pilot.press("left", "x", "right", "shift+left", "ctrl+x")
        assert stage.composer.text == "See x"
        assert stage.app.clipboard == LONG
        await stage.pilot.press("ctrl+z")
        assert stage.composer.prompt == f"See x{LONG}"
        await stage.pilot.press("end", "backspace", "ctrl+v")
        assert stage.composer.text == "See x[412 lines pasted]"


async def test_a_folded_paste_and_what_stands_around_it_are_there_after_a_restart(opened: Opener) -> None:
    async with opened() as stage:
        await stage.type("See ")
        stage.composer.post_message(events.Paste(LONG))
        await stage.until(lambda: "412 lines" in stage.composer.text)
    async with opened() as stage:
        await stage.until(lambda: stage.composer.text == "See [412 lines pasted]")
        assert stage.composer.prompt == f"See {LONG}"


async def test_the_draft_survives_earlier_prompts_that_take_its_place(opened: Opener) -> None:
    async with opened() as stage:
        await stage.ask("First")
        await stage.type("a draft")
        await stage.pilot.press("up")
        assert stage.composer.text == "First"
    async with opened(resume=True) as stage:
        await stage.until(lambda: stage.composer.text == "a draft")
        await stage.pilot.press("up", "enter")
        await stage.until(lambda: len(stage.messages) == 4)
        assert stage.composer.text == "a draft"
        await stage.ready()


async def test_the_cursor_lies_on_the_whole_of_an_emoji(opened: Opener) -> None:
    async with opened() as stage:
        await stage.type("a👨\u200d👩\u200d👧b")
        await stage.pilot.press("left", "left")
        assert "b" in stage.shown, "it takes up its colours when it is drawn"
        drawn = stage.composer.render_line(0)
        assert "👨\u200d👩\u200d👧" in [segment.text for segment in drawn]
        assert drawn.cell_length == stage.composer.content_size.width


async def test_a_click_finds_the_place_behind_an_emoji(opened: Opener) -> None:
    async with opened() as stage:
        await stage.type("👨\u200d👩\u200d👧 and 🇩🇪 go")
        await stage.pilot.click(Composer, offset=(2 + 2 + 1 + 3, 1))  # border, padding; the emoji has two cells
        await stage.pilot.press("x")
        assert stage.composer.text == "👨\u200d👩\u200d👧 andx 🇩🇪 go"
        await stage.pilot.click(Composer, offset=(2 + 2 + 1 + 6, 1), times=2)
        await stage.pilot.press("y")
        assert stage.composer.text == "👨\u200d👩\u200d👧 andx y go"


async def test_the_cursor_rests_whenever_no_key_comes(opened: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    async with opened(streaming__cursor_blink=True) as stage:
        assert stage.composer.cursor_blink
        stage.composer.rest()
        await stage.pilot.press("a")
        assert stage.composer.cursor_blink
        monkeypatch.setattr("tui_chat.ui.composer.composer.BLINK_REST_S", 0.01)
        for key in "bc":
            await stage.pilot.press(key)
            await stage.until(lambda: not stage.composer.cursor_blink)


async def test_typing_among_the_messages_goes_to_the_composer(opened: Opener) -> None:
    async with opened() as stage:
        await stage.ask("Hello")
        await stage.pilot.press("tab")
        assert stage.list.has_focus
        assert stage.reply.has_class("-chosen")
        stage.dash_off("z, friend")  # "r", "e" and "f" are keys of the messages
        await stage.until(lambda: stage.composer.text == "z, friend")
        assert stage.composer.has_focus


async def test_an_earlier_prompt_is_edited_into_a_branch_and_one_can_go_back(opened: Opener) -> None:
    async with opened(size=(80, 50)) as stage:
        first = await stage.ask("Hello")
        await stage.pilot.press("tab", "up", "e")
        assert stage.composer.text == "Hello"
        await stage.type("Goodbye")
        await stage.pilot.press("enter")
        await stage.until(lambda: stage.last.id != first.id)
        await stage.ready()
        assert next(message.text for message in stage.messages) == "Goodbye"
        await stage.pilot.press("tab", "up")
        await stage.until(lambda: "←  2/2  →" in stage.shown)
        await stage.pilot.press("left")
        await stage.until(lambda: stage.messages[0].text == "Hello" and "←  1/2  →" in stage.shown)
        assert stage.last.id == first.id
        assert stage.list.chosen == stage.messages[0].id, "the keys act on what came in its place"
        await stage.pilot.press("right")
        await stage.until(lambda: stage.messages[0].text == "Goodbye")


async def test_replies_to_the_same_prompt_are_gone_through_with_the_mouse_too(opened: Opener) -> None:
    async with opened(size=(80, 50)) as stage:
        first = await stage.ask("Hello")
        await stage.pilot.press("f5")
        await stage.until(lambda: stage.last.id != first.id)
        await stage.ready()
        await stage.until(lambda: "2/2  →" in stage.shown)
        line, y = next((line, y) for y, line in enumerate(stage.shown.split("\n")) if "2/2" in line)
        await stage.pilot.click(offset=(line.index("←"), y))
        await stage.until(lambda: stage.last.id == first.id and "1/2  →" in stage.shown)


async def test_a_key_of_which_one_never_hears_again_does_not_leave_the_others_dead(
    opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui_chat.ui.textual_internals.key_queue.LONGEST_WAIT_S", 0.0)
    monkeypatch.setattr(KeyQueue, "_wait_at", lambda *_: None)
    async with opened() as stage:
        for key in ("left", "x"):
            stage.app.post_message(events.Key(key, None if key == "left" else key))
        await stage.until(lambda: stage.composer.text == "x")
