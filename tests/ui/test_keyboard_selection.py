"""Text is selected with the keys alone, while it streams too."""

from __future__ import annotations

from tests.ui.app_driver import Stage
from tests.ui.conftest import Opener
from tests.ui.held_replies import Held
from tui_chat.chat.message import Conversation, Message, Role
from tui_chat.chat.parts import TextPart

CODE = "```python\nx = '" + "0123456789" * 12 + "END'\n```"


async def select(stage: Stage, place: int) -> None:
    """Put the cursor into the message at a place among all."""
    stage.list.focus()
    await stage.pilot.pause()
    stage.list.chosen = stage.messages[place].id
    await stage.pilot.press("v")
    await stage.until(lambda: stage.screen.selecting.is_open)


async def copied(stage: Stage) -> str:
    """Copy what is selected, and return it."""
    await stage.pilot.press("y")
    await stage.until(lambda: not stage.screen.selecting.is_open)
    return stage.app.clipboard


SELECTED = (
    ("v e", "one"),
    ("w v e e e", "**two**"),
    ("V", "one **two** three"),
    ("V j", "one **two** three\nfour 👩‍👩‍👧 五"),
    ("j w v", "👩‍👩‍👧"),
    ("j W w", "four 👩‍👩‍👧"),
    ("G v $", "four 👩‍👩‍👧 五"),
    ("v l l h", "on"),
    ("v $ o 0", "one **two** three"),
    ("", "one **two** three"),
)


async def test_a_prompt_is_selected_as_it_was_written(opened: Opener) -> None:
    async with opened() as stage:
        await stage.ask("one **two** three\nfour 👩‍👩‍👧 五")
        for keys, source in SELECTED:
            await select(stage, 0)
            await stage.pilot.press(*keys.split())
            assert await copied(stage) == source, keys


async def test_the_keys_are_shown_and_escape_goes_back_to_the_message(opened: Opener) -> None:
    async with opened() as stage:
        await stage.ask("one")
        await select(stage, 0)
        await stage.pilot.press("v")
        await stage.until(lambda: "Select characters · 1 line" in stage.shown and "y Copy" in stage.shown)
        await stage.pilot.press("escape")
        await stage.until(lambda: stage.list.has_focus and stage.list.chosen == stage.messages[0].id)
        assert not stage.screen.selections
        assert "Select characters" not in stage.shown


async def test_escape_while_a_reply_is_coming_does_not_stop_it(opened: Opener, held: Held) -> None:
    held.tokens = 60
    async with opened() as stage:
        await stage.send("/tokens 120\nSomething")
        await stage.streaming(60)
        await select(stage, 1)
        await stage.pilot.press("v", "escape")
        held.go_on()
        await stage.ready()
        assert stage.last.status.value == "complete"


async def test_a_selection_stays_where_it_is_while_text_streams(opened: Opener, held: Held) -> None:
    held.tokens = 60
    async with opened() as stage:
        await stage.send("/tokens 200\nSomething long")
        await stage.streaming(100)
        await select(stage, 1)
        await stage.pilot.press("g", "v", "e")
        before = stage.screen.get_selected_text()
        assert before
        held.go_on()
        await stage.ready()
        assert stage.screen.get_selected_text() == before
        await stage.pilot.resize_terminal(50, 24)
        await stage.until(lambda: stage.reply.size.width < 50)
        await stage.until(lambda: not stage.list.laying_out)
        assert await copied(stage) == before.strip()


async def test_code_scrolls_sideways_and_wraps_again(opened: Opener) -> None:
    conversation = Conversation(messages=(Message(Role.ASSISTANT, (TextPart(CODE),)),))
    async with opened(conversation=conversation) as stage:
        await stage.until(lambda: "END" in stage.shown)
        await stage.pilot.press("tab", "w")
        await stage.until(lambda: "END" not in stage.shown and "›" in stage.shown)
        await stage.pilot.press(*[">"] * 9)
        await stage.until(lambda: "END" in stage.shown and "‹" in stage.shown)
        await stage.pilot.press(*["<"] * 9)
        await stage.until(lambda: "‹" not in stage.shown)
        await stage.pilot.press("v", "c", "$")
        await stage.until(lambda: "END" in stage.shown)
        assert await copied(stage) == "x = '" + "0123456789" * 12 + "END'"
        await stage.pilot.press("w")
        await stage.until(lambda: "›" not in stage.shown and "END" in stage.shown)


async def test_a_setting_lets_all_code_scroll(opened: Opener) -> None:
    conversation = Conversation(messages=(Message(Role.ASSISTANT, (TextPart(CODE),)),))
    async with opened(conversation=conversation, ui__wrap_code=False) as stage:
        await stage.until(lambda: "›" in stage.shown)
        stage.program.settings.set("ui.wrap_code", True)
        await stage.until(lambda: "END" in stage.shown)
