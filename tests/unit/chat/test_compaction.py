"""Which messages are summarized, what is sent in their place, and what is shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_chat.chat.compaction import (
    INSTRUCTION,
    Compaction,
    anchor_of,
    instructed,
    is_summary,
    plan,
    summary_to_be,
    with_summary,
)
from tui_chat.chat.exchange import go_on
from tui_chat.chat.message import Conversation, Message, Role, StreamingStatus
from tui_chat.chat.metadata import ReplyMetadata
from tui_chat.chat.parts import TextPart, ThinkingPart, ToolCallPart, ToolResultPart
from tui_chat.chat.request import turns_from
from tui_chat.chat.sending import Sending
from tui_chat.chat.summary import Summary

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
ROLES = st.lists(st.sampled_from(Role), max_size=12)
AMPLE = 10.0**9
EVERYTHING = Sending()


def talk(roles: Sequence[Role]) -> tuple[Message, ...]:
    """Return messages by these speakers, with their numbers as ids."""
    return tuple(Message(role, (TextPart(f"word{at}"),), id=f"{at}") for at, role in enumerate(roles))


def summarized(messages: Sequence[Message], at: int, text: str = "In short.") -> tuple[Message, ...]:
    """Return the messages with a summary of those up to and with one of them."""
    summary = Summary(text, at + 1, 100 * (at + 1), NOW)
    return tuple(replace(one, summary=summary) if place == at else one for place, one in enumerate(messages))


def planned(messages: Sequence[Message], sending: Sending = EVERYTHING, **most: float) -> Compaction | None:
    """Return the plan, with a message as the unit of size."""
    limits = {"most_kept": AMPLE, "most_asked": AMPLE} | most
    return plan(sending.sort(messages), len, **limits)


TALK = talk([Role.USER, Role.ASSISTANT] * 4)


def test_the_last_two_exchanges_stay() -> None:
    asked = planned(TALK)
    assert asked is not None
    assert (asked.anchor, asked.asked, asked.messages) == (TALK[3], TALK[:4], 4)


def test_a_prompt_that_waits_stays_beside_them() -> None:
    asked = planned((*TALK, *talk([Role.USER])))
    assert asked is not None
    assert asked.anchor == TALK[3]


def test_one_exchange_stays_where_two_are_too_long_or_there_are_but_two() -> None:
    asked, of_two = planned(TALK, most_kept=3), planned(TALK[:4])
    assert asked is not None
    assert of_two is not None
    assert (asked.anchor, of_two.anchor) == (TALK[5], TALK[1])


def test_what_just_fits_fits() -> None:
    for asked in (planned(TALK, most_kept=4), planned(TALK, most_asked=4)):
        assert asked is not None
        assert asked.asked == TALK[:4]


def test_the_summary_is_asked_for_after_the_messages() -> None:
    *before, asked = instructed(TALK[:2])
    assert (tuple(before), asked.role, asked.text) == (TALK[:2], Role.USER, INSTRUCTION)


@pytest.mark.parametrize("messages", [(), TALK[:1], TALK[:2], TALK[:3]])
def test_there_is_nothing_to_summarize_in_one_exchange(messages: Sequence[Message]) -> None:
    assert planned(messages) is None


def test_no_more_is_summarized_at_once_than_the_model_takes() -> None:
    asked = planned(TALK, most_asked=3)
    assert asked is not None
    assert asked.asked == TALK[:2]
    assert planned(TALK, most_asked=1) is None


def test_what_is_left_out_is_not_summarized_either() -> None:
    asked = planned(TALK, Sending("2", frozenset({"4"})))
    assert asked is not None
    assert (asked.asked, asked.anchor, asked.messages) == (TALK[2:4], TALK[3], 2)


def test_a_later_summary_takes_up_the_earlier_one() -> None:
    messages = summarized(talk([Role.USER, Role.ASSISTANT] * 6), 3)
    asked = planned(messages)
    assert asked is not None
    assert asked.asked[0].role is Role.USER
    assert "In short." in asked.asked[0].text
    assert tuple(asked.asked[1:]) == messages[4:8]
    assert (asked.anchor, asked.messages, asked.tokens) == (messages[7], 8, 404)


def test_a_summary_is_sent_in_place_of_the_messages_that_it_stands_for() -> None:
    sent = Sending().of(summarized(TALK, 3))
    assert "In short." in sent[0].text
    assert tuple(sent[1:]) == TALK[4:]
    outgoing = Sending(left_out=frozenset({"0", "4"})).sort(summarized(TALK, 3))
    assert [message.id for message in outgoing.summarized] == ["2", "3"]
    assert [message.id for message in outgoing.left_out] == ["0", "1", "4", "5"]
    assert outgoing.sent == TALK[6:]


def test_the_last_of_several_summaries_holds_and_none_that_is_before_what_is_sent() -> None:
    messages = summarized(summarized(TALK, 1, "One."), 3, "Two.")
    assert "Two." in Sending().of(messages)[0].text
    assert "One." in Sending().of(messages[:3])[0].text  # another branch
    assert Sending("4").of(messages) == messages[4:]


@given(ROLES, st.sets(st.integers(0, 12)), st.integers(-1, 12), st.sets(st.integers(0, 11)))
def test_with_summaries_too_every_message_has_one_fate_and_what_is_sent_is_valid(
    roles: list[Role], left_out: set[int], first: int, anchors: set[int]
) -> None:
    messages = talk(roles)
    for at in anchors:
        messages = summarized(messages, at)
    outgoing = Sending(f"{first}", frozenset(f"{at}" for at in left_out)).sort(messages)
    fates = [*outgoing.summarized, *outgoing.left_out, *outgoing.sent]
    assert sorted(int(message.id) for message in fates) == list(range(len(messages)))
    turns = [turn.role for turn in turns_from(outgoing.messages)]
    assert turns == [Role.USER if at % 2 == 0 else Role.ASSISTANT for at in range(len(turns))]
    if messages and messages[-1].role is Role.USER and not messages[-1].summary:
        assert turns[-1:] == [Role.USER]
    assert outgoing.messages == Sending(f"{first}", frozenset(f"{at}" for at in left_out)).of(messages)


@given(ROLES, st.sets(st.integers(0, 12)), st.sets(st.integers(0, 11)), st.floats(0, 12), st.floats(0, 12))
def test_a_plan_always_leaves_an_exchange_and_can_be_asked_for(
    roles: list[Role], left_out: set[int], anchors: set[int], most_kept: float, most_asked: float
) -> None:
    messages = talk(roles)
    for at in anchors:
        messages = summarized(messages, at)
    sending = Sending(left_out=frozenset(f"{at}" for at in left_out))
    before = sending.sort(messages)
    asked = planned(messages, sending, most_kept=most_kept, most_asked=most_asked)
    if asked is None:
        return
    assert len(asked.asked) <= most_asked
    assert turns_from(instructed(asked.asked))[-1].role is Role.USER
    at = int(asked.anchor.id)
    after = sending.sort(summarized(messages, at))
    assert after.anchor is not None
    assert after.anchor.id == asked.anchor.id
    kept = [message for message in before.sent if int(message.id) > at]
    assert after.sent == tuple(kept)
    assert kept[0].role is Role.USER


def test_no_tool_call_dangles_and_no_thinking_comes_without_its_turn() -> None:
    parts = (
        ThinkingPart("hm", "signed"),
        ToolCallPart("c1", "look", "{}"),
        ToolResultPart("c1", "there"),
        TextPart("Found."),
    )
    calling = replace(TALK[5], parts=parts)
    turns = turns_from(Sending().of((*summarized(TALK, 3)[:5], calling, *TALK[6:])))
    assert turns[1].parts == parts[:2]
    assert turns[2].parts == parts[2:3]
    covered = turns_from(Sending().of(summarized((*TALK[:3], replace(calling, id="3"), *TALK[4:]), 3)))
    assert all(isinstance(part, TextPart) for turn in covered for part in turn.parts)


@pytest.mark.parametrize(
    ("status", "reason", "text"),
    [
        (StreamingStatus.STOPPED, None, "Half"),
        (StreamingStatus.FAILED, None, "Half"),
        (StreamingStatus.COMPLETE, "max_tokens", "Half"),
        (StreamingStatus.COMPLETE, "refusal", "No."),
        (StreamingStatus.COMPLETE, "end_turn", " \n"),
    ],
)
def test_what_is_not_whole_is_no_summary(status: StreamingStatus, reason: str | None, text: str) -> None:
    asked = planned(TALK)
    reply = Message(Role.ASSISTANT, (TextPart(text),), status, ReplyMetadata(stop_reason=reason))
    assert asked is not None
    assert asked.summary_in(reply, NOW) is None


@pytest.mark.parametrize("reason", [None, "", "end_turn", "stop_sequence"])
def test_a_whole_one_is(reason: str | None) -> None:
    asked = planned(TALK)
    reply = Message(Role.ASSISTANT, (TextPart("In short.\n"),), metadata=ReplyMetadata(model="m", stop_reason=reason))
    assert asked is not None
    assert asked.summary_in(reply, NOW) == Summary("In short.", 4, 4, NOW, "m")


def test_a_summary_is_shown_behind_the_last_message_that_it_stands_for() -> None:
    messages = summarized(TALK, 3)
    shown = with_summary(messages, messages[3])
    assert [is_summary(message.id) for message in shown] == [False] * 4 + [True] + [False] * 4
    assert shown[4].text == "In short."
    assert anchor_of(Conversation(messages=messages), shown[4].id) == messages[3]
    assert anchor_of(Conversation(messages=TALK), shown[4].id) is None
    assert anchor_of(Conversation(messages=messages), messages[3].id) is None
    assert with_summary(TALK, None) == TALK
    assert is_summary(summary_to_be(ReplyMetadata(), NOW).id)


def test_a_reply_that_goes_on_says_more_than_its_summary() -> None:
    messages = summarized(TALK[:4], 3)
    assert go_on(Conversation(messages=messages), "3", ReplyMetadata(), NOW).reply.summary is None


def test_a_summary_comes_back_as_it_was_written() -> None:
    summary = Summary("In short: \ud800 über", 4, 1234, NOW, "m").rewritten("Anew", NOW)
    assert Summary.from_json(summary.to_json()) == summary
    assert (summary.saved_tokens, summary.edited) == (1233, True)


@pytest.mark.parametrize(
    "data", [None, [], {}, {"text": ""}, {"text": 3}, {"text": "x"}, {"text": "x", "created_at": "?"}]
)
def test_what_is_no_summary_is_read_as_none(data: object) -> None:
    assert Summary.from_json(data) is None
