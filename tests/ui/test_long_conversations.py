"""A conversation that is too long to be laid out: it opens at its end, and what is earlier comes when it is wanted."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from textual import events

from tests.ui.app_driver import Stage
from tests.ui.conftest import FEW, Opener
from tests.ui.held_replies import Held
from tui_chat.chat.message import Conversation, Message, Role, StreamingStatus
from tui_chat.chat.parts import TextPart
from tui_chat.chat.prompt import Prompt

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
LENGTH = 80
pytestmark = pytest.mark.usefixtures("few_are_laid_out")


def long_conversation() -> Conversation:
    """Prompts and replies in turn, each with its number."""
    conversation, parent = Conversation(), None
    for number in range(LENGTH):
        role = Role.ASSISTANT if number % 2 else Role.USER
        text = f"This is message {number}." + " It goes on for a while, so that it is wrapped." * (number % 5)
        message = Message(role=role, parts=(TextPart(text),), created_at=NOON, parent_id=parent)
        conversation, parent = conversation.with_message(message), message.id
    return conversation


def laid_out(stage: Stage) -> int:
    """Return the number of messages that Textual has to see to."""
    return len(stage.list.widgets)


async def test_only_its_last_messages_are_laid_out_and_sending_keeps_it_so(opened: Opener) -> None:
    async with opened(conversation=long_conversation()) as stage:
        assert f"This is message {LENGTH - 1}." in stage.shown
        assert laid_out(stage) == FEW
        for _ in range(FEW // 2 + 2):  # more than there is room for until the first ones have to go
            assert (await stage.ask("/tokens 1\nMore")).status is StreamingStatus.COMPLETE
            assert laid_out(stage) <= 2 * FEW
        assert stage.list.following


async def test_earlier_messages_come_as_the_reader_goes_up_and_nothing_on_the_screen_moves(opened: Opener) -> None:
    async with opened(conversation=long_conversation()) as stage:
        shown = before = stage.shown
        while laid_out(stage) == FEW:
            before, shown = shown, await _scrolled(stage, -3)
        assert before.splitlines()[5].strip()
        assert shown.splitlines()[8][:76].rstrip() == before.splitlines()[5][:76].rstrip()  # beside the scroll bar


async def _scrolled(stage: Stage, lines: int) -> str:
    """Return what the screen shows after scrolling so far down, or up."""
    stage.list.scroll_relative(y=lines, animate=False)
    await stage.pilot.pause()
    return stage.shown


async def test_ctrl_home_goes_to_the_first_message_of_all(opened: Opener) -> None:
    async with opened(conversation=long_conversation()) as stage:
        await stage.pilot.press("ctrl+home")
        await stage.until(lambda: "This is message 0." in stage.shown)
        await stage.pilot.press("ctrl+end")
        await stage.until(lambda: f"This is message {LENGTH - 1}." in stage.shown)
        assert stage.list.following


async def test_ends_are_gone_to_without_laying_out_what_is_between(opened: Opener) -> None:
    async with opened(conversation=long_conversation()) as stage:
        for key, number in (("ctrl+home", 0), ("ctrl+end", LENGTH - 1)) * 2:
            await stage.pilot.press(key)
            await stage.until(lambda number: f"This is message {number}." in stage.shown, number)
            assert laid_out(stage) <= 2 * FEW


async def test_later_messages_come_as_the_reader_goes_down_and_nothing_on_the_screen_moves(opened: Opener) -> None:
    async with opened(conversation=long_conversation()) as stage:
        await stage.pilot.press("ctrl+home")
        await stage.until(lambda: "This is message 0." in stage.shown)
        while laid_out(stage) == FEW:
            before, shown = stage.shown, await _scrolled(stage, 3)
            assert before.splitlines()[8][:76].rstrip() == shown.splitlines()[5][:76].rstrip()  # beside the scroll bar
        while not stage.list.following:
            read, end = stage.list.scroll_y, stage.list.max_scroll_y
            await _scrolled(stage, 30)
            assert stage.list.scroll_y == min(read + 30, end)
        assert laid_out(stage) == LENGTH
        assert f"This is message {LENGTH - 1}." in stage.shown


@pytest.mark.parametrize("way", ["jump", "scroll"])
async def test_a_reply_that_comes_meanwhile_is_whole_when_the_reader_is_back_at_the_end(
    opened: Opener, held: Held, way: str
) -> None:
    held.tokens = 20
    async with opened(conversation=long_conversation()) as stage:
        await stage.send("/tokens 600\nMore")
        await stage.streaming()
        await stage.pilot.press("ctrl+home")
        await stage.until(lambda: "This is message 0." in stage.shown)
        assert not stage.list.reaches_end
        held.go_on(100)
        await stage.until(lambda: "new text" in stage.shown)
        if way == "jump":
            await stage.pilot.press("ctrl+end")
        while way == "scroll" and not stage.list.following:
            held.go_on((held.tokens or 0) + 20)  # what is laid out meets what arrives
            await _scrolled(stage, 100)
        await stage.until(lambda: stage.list.reaches_end)
        await stage.pilot.press("escape")
        await stage.ready()
        assert stage.reply_text == stage.last.text


async def test_a_reply_that_ended_meanwhile_is_shown_as_it_ended(opened: Opener, held: Held) -> None:
    held.tokens = 20
    async with opened(conversation=long_conversation()) as stage:
        await stage.send("/tokens 200\nMore")
        await stage.streaming()
        await stage.pilot.press("ctrl+home")
        await stage.until(lambda: not stage.list.reaches_end)
        held.go_on(100)
        await stage.until(lambda: "new text" in stage.shown)
        stage.screen.action_stop()
        await stage.ready()
        while not stage.list.following:
            await _scrolled(stage, 100)
        assert stage.reply_text == stage.last.text


async def test_home_and_end_scroll_while_nothing_is_written(opened: Opener) -> None:
    async with opened(conversation=long_conversation()) as stage:
        await stage.pilot.press("home")
        await stage.until(lambda: "This is message 0." in stage.shown)
        await stage.pilot.press("end")
        await stage.until(lambda: stage.list.following and f"This is message {LENGTH - 1}." in stage.shown)
        await stage.pilot.press("a", "b", "home", "c", "end", "d")
        assert stage.composer.text == "cabd"
        assert stage.list.following


async def test_what_is_pasted_among_the_messages_goes_to_the_composer(opened: Opener) -> None:
    async with opened(conversation=long_conversation()) as stage:
        stage.list.focus()
        await stage.pilot.pause()
        stage.app.post_message(events.Paste("Pasted"))
        await stage.until(lambda: stage.composer.text == "Pasted")
        assert stage.composer.has_focus


async def test_find_goes_to_messages_that_were_not_laid_out_and_lays_out_no_others(opened: Opener) -> None:
    async with opened(conversation=long_conversation()) as stage:
        await stage.pilot.press("ctrl+f", *"message 7.")
        await stage.until(lambda: "This is message 7." in stage.shown and "1 of 1" in stage.shown)
        assert laid_out(stage) <= 2 * FEW
        assert f"This is message {LENGTH - 1}." not in stage.shown


async def test_what_find_counted_where_nothing_is_shown_is_passed_over(opened: Opener) -> None:
    talk = long_conversation()
    hidden, shown = (TextPart('See [there](https://example.com "needle").'),), (TextPart("The needle."),)
    changed = {3: hidden, 5: shown, 41: hidden}
    messages = tuple(replace(one, parts=changed.get(at, one.parts)) for at, one in enumerate(talk.messages))
    async with opened(conversation=replace(talk, messages=messages)) as stage:
        await stage.pilot.press("ctrl+f", *"needle")
        await stage.until(lambda: "The needle." in stage.shown)
        for key in ("enter", "up", "enter"):
            await stage.pilot.press(key)
            await stage.until(lambda: "1 of 1" in stage.shown and "The needle." in stage.shown)


async def test_a_reply_that_comes_while_find_has_gone_elsewhere_is_whole_at_the_end(opened: Opener, held: Held) -> None:
    held.tokens = 20
    async with opened(conversation=long_conversation()) as stage:
        await stage.send("/tokens 400\nMore")
        await stage.streaming()
        await stage.pilot.press("ctrl+f")
        stage.dash_off("message 7.")
        await stage.until(lambda: "This is message 7." in stage.shown)
        held.go_on(200)
        await stage.pilot.press("ctrl+f")
        stage.dash_off(f"message {LENGTH - 3}.")
        await stage.until(lambda: f"This is message {LENGTH - 3}." in stage.shown)
        held.go_on(300)
        stage.list.focus()
        await stage.pilot.press("ctrl+end")
        await stage.until(lambda: stage.list.reaches_end)
        stage.screen.finding.close()
        stage.screen.action_stop()
        await stage.ready()
        assert stage.reply_text == stage.last.text


async def test_what_is_read_stays_in_sight_when_the_terminal_has_another_width(opened: Opener) -> None:
    async with opened(conversation=long_conversation()) as stage:
        middle = stage.list.max_scroll_y // 2
        stage.list.scroll_to(y=middle, animate=False)
        await stage.until(lambda: stage.list.scroll_y == middle)
        first = next(line for line in stage.shown.splitlines() if "This is message" in line)
        for width in (40, 120, 80):
            await stage.pilot.resize_terminal(width, 24)
            await stage.until(lambda width: stage.app.size.width == width, width)
            assert first.split(".")[0].strip() in stage.shown


async def test_what_is_read_of_a_reply_stays_where_it_is_while_that_grows_in_another_width(opened: Opener) -> None:
    text = "\n\n".join(f"Paragraph {number} " + "of words that are wrapped " * 9 for number in range(40))
    reply = Message(role=Role.ASSISTANT, parts=(TextPart(text),), created_at=NOON)
    async with opened(conversation=Conversation().with_message(reply)) as stage:
        await stage.until(lambda: stage.list.max_scroll_y > 80)
        stage.list.scroll_to(y=80, animate=False)
        await stage.until(lambda: stage.list.scroll_y == 80)
        await stage.pilot.resize_terminal(60, 24)
        await stage.until(lambda: stage.list.scroll_y > 80 and not stage.reply.busy)  # it stands further down by then
        read, height = stage.list.scroll_y, stage.list.virtual_size.height
        stage.reply.show(replace(reply, parts=(TextPart(text * 2),)))
        await stage.until(lambda: stage.list.virtual_size.height > height)
        assert stage.list.scroll_y == read


async def test_another_conversation_waits_for_no_earlier_messages_and_is_shown_at_its_end(opened: Opener) -> None:
    async with opened(conversation=long_conversation()) as stage:
        stage.screen.action_first_message()
        await asyncio.sleep(0)
        stage.screen.action_first_message()
        await stage.screen.session.open(long_conversation())
        await stage.pilot.pause()
        assert laid_out(stage) == FEW
        assert stage.list.following


async def test_the_keys_of_a_message_that_is_laid_out_no_longer_act_on_one_that_is(opened: Opener) -> None:
    async with opened(conversation=long_conversation()) as stage:
        await stage.list.lay_out()
        stage.list.focus()
        stage.list.chosen = stage.list.widgets[0].message_id
        stage.list.follow()
        await stage.until(lambda: stage.list.following)
        await stage.screen.session.submit(Prompt("/tokens 1\nMore"))
        await stage.ready()
        assert stage.list.chosen in [widget.message_id for widget in stage.list.widgets]


async def test_another_version_of_an_early_prompt_is_looked_at_itself_and_not_what_followed_it(opened: Opener) -> None:
    async with opened() as stage:
        long = stage.program.store.import_(
            {
                "messages": [
                    {"role": "assistant" if number % 2 else "user", "text": f"No. {number}"} for number in range(LENGTH)
                ]
            }
        )
        await stage.screen.session.open(long)
        await stage.pilot.press("ctrl+home")
        await stage.until(lambda: "No. 0" in stage.shown)
        await stage.screen.session.submit(Prompt("Edited", in_place_of=long.messages[2].id))
        await stage.ready()
        await stage.screen.session.turn_branch(stage.messages[2].id, -1)
        await stage.until(lambda: "You" in stage.shown.split("\n")[2] and "1/2" in stage.shown.split("\n")[2])
        assert stage.shown.split("\n")[3].split()[:3] == ["▌", "No.", "2"]
        assert stage.last.text == f"No. {LENGTH - 1}"
