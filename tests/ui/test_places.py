"""The places of messages on the screen when others come in theirs, or the terminal has another size."""

from __future__ import annotations

from tests.ui.app_driver import Stage
from tests.ui.conftest import Opener
from tests.ui.held_replies import Held
from tui_chat.chat.message import Conversation, Message, Role
from tui_chat.chat.parts import TextPart, ThinkingPart

PROMPT = Message(Role.USER, (TextPart("\n".join(f"Line {number}" for number in range(15))),))
TALL = (120, 100)
"""A size in which three short replies are in sight as a whole, and two leave room."""


def at_end(stage: Stage) -> bool:
    """True if the last line of the last message is the last one in sight."""
    last = stage.list.widgets[-1].region
    return bool(last.bottom + 1 == stage.list.region.bottom)


async def test_a_longer_branch_is_in_sight_as_a_whole_after_another_conversation(opened: Opener) -> None:
    async with opened(size=TALL) as stage:
        await stage.ask("hi")
        await stage.pilot.press("ctrl+n")
        for prompt in ("one", "two", "three"):
            await stage.ask(prompt)
        await stage.pilot.press("tab", "up", "up", "up", "e")
        await stage.until(lambda: stage.composer.text == "two")
        await stage.pilot.press("enter")
        await stage.until(lambda: len(stage.messages) == 4)
        await stage.ready()
        await stage.until(lambda: at_end(stage))
        await stage.pilot.press("tab", "up", "left")
        await stage.until(lambda: len(stage.messages) == 6)
        await stage.until(lambda: at_end(stage) and "three" in stage.shown)
        await stage.pilot.press("right")
        await stage.until(lambda: len(stage.messages) == 4)
        await stage.until(lambda: at_end(stage))


async def test_the_end_stays_in_sight_in_another_height(opened: Opener) -> None:
    async with opened(size=(80, 24)) as stage:
        await stage.ask("/tokens 600\nSomething long")
        for height in (24, 12, 40):
            await stage.pilot.resize_terminal(80, height)
            await stage.until(lambda height: stage.app.size.height == height and at_end(stage), height)
            assert stage.list.following, height


async def test_new_text_is_told_of_no_longer_when_a_higher_terminal_shows_it(opened: Opener, held: Held) -> None:
    held.tokens = 400
    async with opened(size=(80, 24)) as stage:
        await stage.send("/tokens 600\nSomething long")
        await stage.until(lambda: stage.list.max_scroll_y > 2 and not stage.list.laying_out)
        await stage.pilot.press("pageup")
        await stage.until(lambda: not stage.list.following)
        held.go_on(500)
        await stage.until(lambda: "↓ new text" in stage.shown)
        stage.screen.action_stop()
        await stage.pilot.resize_terminal(80, 200)
        await stage.ready()
        await stage.until(lambda: "↓ new text" not in stage.shown and at_end(stage))


async def test_whoever_follows_still_does_where_what_was_in_sight_as_a_whole_is_no_longer(
    opened: Opener, held: Held
) -> None:
    held.tokens = 300
    async with opened(size=(80, 93)) as stage:
        await stage.send("/tokens 600\nSomething long")
        await stage.streaming(800)
        await stage.pilot.resize_terminal(107, 12)
        await stage.until(lambda: stage.list.size.height < 12)
        held.go_on()
        await stage.ready()
        await stage.until(lambda: at_end(stage))
        assert stage.list.following
        assert "↓ new text" not in stage.shown


async def test_a_key_for_further_down_at_the_end_goes_on_following(opened: Opener, held: Held) -> None:
    held.tokens = 300
    async with opened() as stage:
        await stage.send("/tokens 500\nSomething long")
        await stage.until(lambda: stage.list.max_scroll_y > 2)
        await stage.pilot.press("pagedown")
        held.go_on()
        await stage.ready()
        await stage.until(lambda: at_end(stage))
        assert stage.list.following


async def test_nothing_is_wrapped_anew_when_a_reply_outgrows_the_screen(opened: Opener) -> None:
    async with opened() as stage:
        await stage.send("/fault stall@30xall\nHello")
        await stage.streaming(40)
        await stage.pilot.press("escape")
        await stage.ready()
        assert stage.list.max_scroll_y == 0
        before = stage.reply.size.width
        await stage.ask("/tokens 300\nSomething long")
        await stage.until(lambda: stage.list.virtual_size.height > stage.list.size.height)
        assert stage.reply.size.width == before


def top_line(stage: Stage) -> str:
    """Return the uppermost line of the conversation that is in sight."""
    return stage.shown.splitlines()[stage.list.content_region.y][: stage.list.region.width - 2].strip()


async def test_the_line_that_is_read_stays_while_thoughts_above_it_unfold_and_the_width_changes(opened: Opener) -> None:
    thoughts = ThinkingPart("\n\n".join(f"Thought {number}." for number in range(30)), duration_ms=1_000)
    text = "\n\n".join(f"Paragraph {number} " + "of words that are wrapped " * 9 for number in range(40))
    talk = Conversation(messages=(PROMPT, Message(Role.ASSISTANT, (thoughts, TextPart(text)))))
    async with opened(size=(80, 24), conversation=talk) as stage:
        await stage.until(lambda: "Paragraph 39" in stage.text_of(stage.reply))
        line = next(
            y
            for y in range(stage.reply.stack.height)
            if "Paragraph 20 " in "".join(one.text for one in stage.reply.stack.line(y))
        )
        stage.list.scroll_to(y=stage.reply.virtual_region.y + stage.reply.gutter.top + line, animate=False)
        await stage.until(lambda: top_line(stage).startswith("Paragraph 20 "))
        for change in (stage.reply.toggle_fold, None, stage.reply.toggle_fold, None):
            before = stage.list.virtual_size.height
            if change is not None:
                change()
            else:
                await stage.pilot.resize_terminal(140 - stage.app.size.width, 24)
            await stage.until(lambda before: stage.list.virtual_size.height != before, before)
            await stage.until(lambda: not stage.list.laying_out)
            assert top_line(stage).startswith("Paragraph 20 ")


async def test_what_is_shown_stays_where_it_is_when_more_comes_that_is_not_followed(opened: Opener) -> None:
    async with opened(size=(80, 24)) as stage:
        await stage.ask("/tokens 500\nSomething long")
        read, height = stage.list.scroll_y, stage.list.virtual_size.height
        await stage.list.show(stage.screen.session.conversation.with_message(PROMPT), follow=False)
        await stage.until(lambda: stage.list.virtual_size.height > height)
        assert stage.list.scroll_y == read
