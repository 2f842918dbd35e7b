"""The size of a conversation, by its own figures, and what to leave out of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tui_chat.chat.context import first_that_fits, measured_tokens, usage_to_come
from tui_chat.chat.message import Message, Role, StreamingStatus
from tui_chat.chat.metadata import ReplyMetadata, ReplyMetrics
from tui_chat.chat.parts import TextPart, ThinkingPart, ToolCallPart
from tui_chat.chat.usage import Usage

NOW = datetime(2026, 1, 2, tzinfo=UTC)
METADATA = ReplyMetadata(usage=Usage(10, 5, 100, 1000))
REPLY = Message(Role.ASSISTANT, (TextPart("Hi."),), metadata=METADATA, created_at=NOW)
SLOW = replace(REPLY, metadata=replace(METADATA, metrics=ReplyMetrics(duration_ms=5 * 60_000)))
"""It had taken five minutes when it ended."""


def test_a_whole_reply_tells_the_size_of_the_conversation_up_to_its_end() -> None:
    assert measured_tokens(REPLY) == 1115


@pytest.mark.parametrize(
    "reply",
    [
        replace(REPLY, status=StreamingStatus.STOPPED),
        replace(REPLY, parts=(ThinkingPart("hm", "signed"), TextPart("Hi."))),
        replace(REPLY, parts=(ToolCallPart("1", "web_search", "{}", server=True), TextPart("Hi."))),
        replace(REPLY, metadata=replace(METADATA, usage=Usage(10, None))),
        replace(REPLY, metadata=replace(METADATA, usage=Usage(None, 5))),
        replace(REPLY, metadata=replace(METADATA, metrics=ReplyMetrics(resumes=1))),
        replace(REPLY, metadata=replace(METADATA, metrics=ReplyMetrics(retries=1))),
        replace(REPLY, metadata=replace(METADATA, seams=(3,))),
    ],
)
def test_a_reply_whose_figures_mean_something_else_does_not(reply: Message) -> None:
    assert measured_tokens(reply) is None


@pytest.mark.parametrize(
    ("last", "usage"),
    [
        (None, Usage(5000, 0)),
        (replace(REPLY, metadata=ReplyMetadata(usage=Usage(10, 5))), Usage(5000, 0)),
        (REPLY, Usage(0, 0, 1100, 3900)),
        (replace(REPLY, created_at=NOW - timedelta(minutes=4, seconds=30)), Usage(5000, 0)),
        (replace(REPLY, created_at=NOW - timedelta(minutes=4, seconds=29)), Usage(0, 0, 1100, 3900)),
        (replace(SLOW, created_at=NOW - timedelta(minutes=9)), Usage(0, 0, 1100, 3900)),
        (replace(REPLY, metadata=replace(METADATA, usage=Usage(0, 5, 9000))), Usage(0, 0, 5000, 0)),
    ],
)
def test_what_the_last_reply_left_in_the_cache_is_read_from_there(last: Message | None, usage: Usage) -> None:
    assert usage_to_come(5000, last, NOW + timedelta(seconds=30)) == usage


def conversation(*sizes: int) -> list[Message]:
    """Prompts and replies in turn, each with a text of so many characters."""
    roles = (Role.USER, Role.ASSISTANT)
    return [Message(roles[place % 2], (TextPart("x" * size),), id=str(place)) for place, size in enumerate(sizes)]


def size_of(message: Message) -> int:
    return len(message.text)


@pytest.mark.parametrize(
    ("sizes", "room", "first"),
    [
        ((10, 10, 10, 10, 10), 30, "2"),
        ((10, 10, 10, 10, 10), 29, "4"),
        ((10, 10, 10, 10, 500), 100, "4"),  # the prompt alone is too much, but all else can go
        ((1000, 10, 10), 100, "2"),
        ((10, 10, 500), 100, "2"),
        ((1000,), 100, None),
        ((1000, 10), 100, None),
        ((), 100, None),
    ],
)
def test_whole_exchanges_are_left_out_the_oldest_first(sizes: tuple[int, ...], room: int, first: str | None) -> None:
    found = first_that_fits(conversation(*sizes), size_of, room)
    assert (found.id if found else None) == first
