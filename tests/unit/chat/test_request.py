"""The history sent back to the API is always valid, however earlier replies ended."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tui_chat.chat import exchange
from tui_chat.chat.message import Conversation, Message, Role, StreamingStatus
from tui_chat.chat.metadata import ReplyMetadata
from tui_chat.chat.parts import OpaquePart, Part, TextPart, ThinkingPart, ToolCallPart, ToolResultPart
from tui_chat.chat.prompt import Prompt
from tui_chat.chat.request import ReplyRequest, Tool, Turn, before_and_after_results, tool_names, turns_from

USER, ASSISTANT = Role.USER, Role.ASSISTANT
NOW = datetime(2026, 1, 2, tzinfo=UTC)


def user(text: str) -> Message:
    return Message(USER, (TextPart(text),))


def reply(*parts: Part) -> Message:
    return Message(ASSISTANT, parts, StreamingStatus.STOPPED)


CALL = ToolCallPart("s1", "web_search", "{}", server=True)
RESULT = OpaquePart("web_search_tool_result", {"tool_use_id": "s1"})
OWN_CALL = ToolCallPart("t1", "look", "{}")
OWN_RESULT = ToolResultPart("t1", "found")
REDACTED = OpaquePart("redacted_thinking", {"data": "x"})

CASES: dict[str, tuple[list[Message], list[tuple[Role, tuple[Part, ...]]]]] = {
    "an ordinary exchange": (
        [user("a"), reply(TextPart("b")), user("c")],
        [(USER, (TextPart("a"),)), (ASSISTANT, (TextPart("b"),)), (USER, (TextPart("c"),))],
    ),
    "a reply stopped before its first token": ([user("a"), reply(), user("c")], [(USER, (TextPart("a\n\nc"),))]),
    "a reply of white space": ([user("a"), reply(TextPart(" \n")), user("c")], [(USER, (TextPart("a\n\nc"),))]),
    "a reply stopped while it thought": (
        [user("a"), reply(ThinkingPart("hm")), user("c")],
        [(USER, (TextPart("a\n\nc"),))],
    ),
    "signed thinking goes back": (
        [user("a"), reply(ThinkingPart("hm", "sig"), TextPart("b"))],
        [(USER, (TextPart("a"),)), (ASSISTANT, (ThinkingPart("hm", "sig"), TextPart("b")))],
    ),
    "unsigned thinking does not": (
        [user("a"), reply(ThinkingPart("hm"), TextPart("b"))],
        [(USER, (TextPart("a"),)), (ASSISTANT, (TextPart("b"),))],
    ),
    "thinking is not sent in a turn that another reply began": (
        [user("a"), reply(TextPart("b")), reply(REDACTED, ThinkingPart("hm", "sig"), TextPart("c"))],
        [(USER, (TextPart("a"),)), (ASSISTANT, (TextPart("b\n\nc"),))],
    ),
    "a dangling tool call does not": (
        [user("a"), reply(TextPart("b"), CALL), user("c")],
        [(USER, (TextPart("a"),)), (ASSISTANT, (TextPart("b"),)), (USER, (TextPart("c"),))],
    ),
    "an answered tool call does": (
        [user("a"), reply(CALL, RESULT, TextPart("b"))],
        [(USER, (TextPart("a"),)), (ASSISTANT, (CALL, RESULT, TextPart("b")))],
    ),
    "a result without its call does not": (
        [user("a"), reply(RESULT, TextPart("b"))],
        [(USER, (TextPart("a"),)), (ASSISTANT, (TextPart("b"),))],
    ),
    "a call of a tool of ours that the next turn answers goes back with its result first": (
        [user("a"), reply(TextPart("b"), OWN_CALL), Message(USER, (TextPart("c"), OWN_RESULT)), reply(TextPart("d"))],
        [
            (USER, (TextPart("a"),)),
            (ASSISTANT, (TextPart("b"), OWN_CALL)),
            (USER, (OWN_RESULT, TextPart("c"))),
            (ASSISTANT, (TextPart("d"),)),
        ],
    ),
    "a turn of nothing but results is sent": (
        [user("a"), reply(OWN_CALL), Message(USER, (OWN_RESULT,)), reply(), user("c")],
        [(USER, (TextPart("a"),)), (ASSISTANT, (OWN_CALL,)), (USER, (OWN_RESULT, TextPart("c")))],
    ),
    "of two calls only the one that is answered goes back": (
        [user("a"), reply(OWN_CALL, replace(OWN_CALL, id="t2")), Message(USER, (OWN_RESULT,))],
        [(USER, (TextPart("a"),)), (ASSISTANT, (OWN_CALL,)), (USER, (OWN_RESULT,))],
    ),
    "an answer that comes a turn too late is none": (
        [user("a"), reply(TextPart("b"), OWN_CALL), user("c"), reply(TextPart("d")), Message(USER, (OWN_RESULT,))],
        [
            (USER, (TextPart("a"),)),
            (ASSISTANT, (TextPart("b"),)),
            (USER, (TextPart("c"),)),
            (ASSISTANT, (TextPart("d"),)),
        ],
    ),
    "a result whose call is left out is not sent": (
        [reply(OWN_CALL), Message(USER, (OWN_RESULT, TextPart("c")))],
        [(USER, (TextPart("c"),))],
    ),
    "a vendor's tool is answered by the vendor alone": (
        [user("a"), reply(CALL, TextPart("b")), Message(USER, (replace(OWN_RESULT, call_id="s1"), TextPart("c")))],
        [(USER, (TextPart("a"),)), (ASSISTANT, (TextPart("b"),)), (USER, (TextPart("c"),))],
    ),
    "redacted thinking goes back": (
        [user("a"), reply(REDACTED, TextPart("b"))],
        [(USER, (TextPart("a"),)), (ASSISTANT, (REDACTED, TextPart("b")))],
    ),
    "a history that begins with a reply": ([reply(TextPart("b")), user("c")], [(USER, (TextPart("c"),))]),
}


@pytest.mark.parametrize("name", CASES)
def test_the_history_is_sent_as_the_api_takes_it(name: str) -> None:
    messages, turns = CASES[name]
    assert turns_from(messages) == tuple(Turn(role, parts) for role, parts in turns)


def test_a_prompt_follows_the_last_message_and_names_the_conversation() -> None:
    pending = exchange.send(Conversation(), Prompt("  How   are\nyou? "), ReplyMetadata(model="m"), NOW)
    prompt, reply = pending.conversation.messages
    assert pending.conversation.title == "How are you?"
    assert (reply.parent_id, reply.status, reply.text) == (prompt.id, StreamingStatus.PENDING, "")
    again = exchange.send(pending.conversation, Prompt("And now?"), ReplyMetadata(), NOW)
    assert again.prompt is not None
    assert again.prompt.parent_id == reply.id
    assert again.conversation.title == "How are you?"


def test_another_reply_stands_beside_the_first() -> None:
    first = exchange.send(Conversation(), Prompt("a"), ReplyMetadata(), NOW)
    second = exchange.regenerate(first.conversation, first.reply.id, ReplyMetadata(), NOW)
    assert second.prompt is None
    assert second.reply.id != first.reply.id
    assert second.reply.parent_id == first.reply.parent_id
    assert [message.id for message in second.conversation.messages] == [first.reply.parent_id, second.reply.id]


@pytest.mark.parametrize(
    ("message", "possible"),
    [
        (reply(TextPart("a")), True),
        (reply(), False),
        (reply(ThinkingPart("a")), False),
        (Message(ASSISTANT, (TextPart("a"),)), False),
        (Message(ASSISTANT, (TextPart("a"),), metadata=ReplyMetadata(stop_reason="max_tokens")), True),
        (Message(ASSISTANT, (TextPart("a"),), StreamingStatus.STREAMING), False),
        (user("a"), False),
        (Message(ASSISTANT, (CALL,), metadata=ReplyMetadata(stop_reason="pause_turn")), True),
        (Message(ASSISTANT, (CALL,), metadata=ReplyMetadata(stop_reason="tool_use")), False),
    ],
)
def test_only_a_reply_that_was_cut_goes_on(message: Message, possible: bool) -> None:
    assert exchange.can_go_on(message) is possible


def test_thinking_of_two_replies_that_become_one_is_left_out() -> None:
    replies = [reply(ThinkingPart(text, "sig"), TextPart(text)) for text in ("b", "c")]
    sent = turns_from([user("a"), *replies, user("d")])
    assert sent[1] == Turn(ASSISTANT, (TextPart("b\n\nc"),))


@pytest.mark.parametrize(
    ("parts", "before"), [((), 0), ((TextPart("a"), OWN_CALL), 0), ((OWN_CALL, OWN_RESULT, TextPart("b")), 2)]
)
def test_a_reply_is_parted_behind_the_last_result(parts: tuple[Part, ...], before: int) -> None:
    assert before_and_after_results(parts) == (parts[:before], parts[before:])


def test_a_request_asks_for_no_more_than_it_is_told_to() -> None:
    plain = ReplyRequest("m", ())
    assert (plain.thinking, plain.web_search, plain.code_execution, plain.tools) == ("off", False, False, ())


def test_the_tools_of_a_request_are_named() -> None:
    tools = (Tool("sky__wind", "", {}), Tool("now", "", {}))
    assert tool_names(ReplyRequest("m", (), tools=tools, web_search=True)) == ["web search", "sky:wind", "now"]
    assert tool_names(ReplyRequest("m", (), code_execution=True)) == ["code execution"]


@pytest.mark.parametrize("cited", [0, 1])
def test_a_text_with_sources_is_not_joined_to_another(cited: int) -> None:
    texts = [TextPart("b", ({"url": "https://a.example"},)) if place == cited else TextPart("c") for place in range(2)]
    (_, turn) = turns_from([user("a"), *(reply(text) for text in texts)])
    assert turn.parts == tuple(texts)
