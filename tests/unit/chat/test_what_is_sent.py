"""Each message of a conversation is sent or not, for a reason that can be told."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tui_chat.chat.message import Message, Role, StreamingStatus, utc_now
from tui_chat.chat.parts import Part, TextPart, ThinkingPart
from tui_chat.chat.sending import Sending
from tui_chat.chat.summary import Summary
from tui_chat.chat.what_is_sent import Fate, outlooks, saved


def conversation(*replies: Message) -> list[Message]:
    """A prompt before each reply."""
    prompts = [Message(Role.USER, (TextPart("x" * 30),), id=f"p{place}") for place in range(len(replies))]
    answers = [replace(message, id=f"r{place}") for place, message in enumerate(replies)]
    return [message for exchange in zip(prompts, answers, strict=True) for message in exchange]


def reply(*parts: Part, status: StreamingStatus = StreamingStatus.COMPLETE) -> Message:
    return Message(Role.ASSISTANT, parts, status)


WHOLE = reply(TextPart("y" * 60))


@pytest.mark.parametrize(
    ("sending", "fates"),
    [
        (Sending(), [Fate.SENT] * 6),
        (Sending(left_out=frozenset({"p1"})), [Fate.SENT] * 2 + [Fate.LEFT_OUT] * 2 + [Fate.SENT] * 2),
        (Sending("p1"), [Fate.EARLIER] * 2 + [Fate.SENT] * 4),
        (Sending("p1", frozenset({"p0", "p2"})), [Fate.EARLIER] * 2 + [Fate.SENT] * 2 + [Fate.LEFT_OUT] * 2),
        (Sending("gone"), [Fate.SENT] * 6),
    ],
)
def test_what_the_user_leaves_out_is_told_from_what_came_earlier(sending: Sending, fates: list[Fate]) -> None:
    shown = outlooks(conversation(WHOLE, WHOLE, WHOLE), sending)
    assert [item.fate for item in shown] == fates
    assert saved(shown) == sum(fate is not Fate.SENT for fate in fates) // 2 * (14 + 24)


@pytest.mark.parametrize(
    ("message", "fate", "drops_thinking"),
    [
        (reply(), Fate.EMPTY, False),
        (reply(TextPart(" \n")), Fate.EMPTY, False),
        (reply(ThinkingPart("hm")), Fate.EMPTY, True),
        (reply(ThinkingPart("hm"), TextPart("a")), Fate.SENT, True),
        (reply(ThinkingPart("hm", "signed"), TextPart("a")), Fate.SENT, False),
        (reply(TextPart("a"), status=StreamingStatus.STREAMING), Fate.COMING, False),
        (reply(TextPart("a"), status=StreamingStatus.FAILED), Fate.SENT, False),
    ],
)
def test_a_reply_is_sent_as_far_as_there_is_anything_to_send(
    message: Message, fate: Fate, drops_thinking: bool
) -> None:
    last = outlooks(conversation(message), Sending())[-1]
    assert (last.fate, last.drops_thinking) == (fate, drops_thinking)


def test_what_is_not_sent_has_no_size() -> None:
    thought = [ThinkingPart("t" * 300, signature) for signature in ("signed", "")]
    messages = [conversation(reply(part, TextPart("a" * 30))) for part in thought]
    sizes = [outlooks(them, Sending())[-1].tokens for them in messages]
    assert sizes == [4 + 110, 4 + 10]


def test_a_summary_is_sent_in_place_of_the_messages_that_it_stands_for() -> None:
    messages = conversation(WHOLE, WHOLE, WHOLE)
    messages[3] = replace(messages[3], summary=Summary("In short.", 4, 99, utc_now()))
    shown = outlooks(messages, Sending(left_out=frozenset({"p0"})))
    fates = [item.fate for item in shown]
    assert fates == [*[Fate.LEFT_OUT] * 2, *[Fate.SUMMARIZED] * 2, Fate.SENT, Fate.SENT, Fate.SENT]
    assert "In short." in shown[4].message.text
