"""Every name and value that is stored: a database or an export of today must be read by every version to come."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime

import pytest

from tui_chat.chat.errors import ChatError, ErrorKind
from tui_chat.chat.events import (
    BlockStart,
    BlockStop,
    CitationsDelta,
    InputJsonDelta,
    MessageDelta,
    MessageStart,
    MessageStop,
    ReplyRestarted,
    SignatureDelta,
    StreamEvent,
    TextDelta,
    ThinkingDelta,
    ToolAnswered,
    event_from_json,
    event_to_json,
)
from tui_chat.chat.message import ConversationSummary, Role, StreamingStatus, title_from
from tui_chat.chat.metadata import Mode, ReplyMetadata, ReplyMetrics
from tui_chat.chat.models import Model, Price
from tui_chat.chat.parts import (
    OpaquePart,
    Part,
    TextPart,
    ThinkingPart,
    ToolCallPart,
    ToolResultPart,
    parts_from_json,
    parts_to_json,
)
from tui_chat.chat.usage import Usage

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
USAGE = Usage(1, 2, 3, 4, 5)
COUNTS = {
    "input_tokens": 1,
    "output_tokens": 2,
    "cache_read_input_tokens": 3,
    "cache_creation_input_tokens": 4,
    "web_search_requests": 5,
}
METRICS = {
    "ttft_ms": 1.5,
    "duration_ms": 2.5,
    "chars_per_second": 3.5,
    "tokens_per_second": 4.5,
    "longest_gap_ms": 5.5,
    "events": 6,
    "retries": 7,
    "resumes": 8,
    "fallback": True,
}


def test_the_words_for_speakers_states_and_modes() -> None:
    assert [*Role] == ["user", "assistant"]
    assert [*Mode] == ["stream", "batch"]
    assert [*StreamingStatus] == [
        "pending",
        "streaming",
        "complete",
        "stopped",
        "failed",
        "interrupted",
        "cancelled",
    ]


@pytest.mark.parametrize(
    ("part", "stored"),
    [
        (TextPart("é"), {"type": "text", "text": "é"}),
        (TextPart("a", ({"url": "u"},)), {"type": "text", "text": "a", "citations": [{"url": "u"}]}),
        (ThinkingPart("t", "s"), {"type": "thinking", "text": "t", "signature": "s"}),
        (ThinkingPart("t", "s", 1.5), {"type": "thinking", "text": "t", "signature": "s", "duration_ms": 1.5}),
        (
            ToolCallPart("i", "n", "{}"),
            {"type": "tool_call", "id": "i", "name": "n", "arguments": "{}", "server": False},
        ),
        (
            ToolCallPart("i", "n", "{}", server=True, more={"caller": "c"}),
            {"type": "tool_call", "id": "i", "name": "n", "arguments": "{}", "server": True, "more": {"caller": "c"}},
        ),
        (
            ToolResultPart("i", "r", failed=True),
            {"type": "tool_result", "call_id": "i", "text": "r", "failed": True},
        ),
        (
            ToolResultPart("i", "r", failed=True, refused=True, duration_ms=1.5),
            {"type": "tool_result", "call_id": "i", "text": "r", "failed": True, "refused": True, "duration_ms": 1.5},
        ),
        (OpaquePart("k", {"a": 1}), {"type": "opaque", "kind": "k", "block": {"a": 1}}),
    ],
)
def test_a_part_is_stored_under_these_names(part: Part, stored: dict[str, object]) -> None:
    assert parts_to_json([part]) == [stored]
    (read,) = parts_from_json([stored])
    assert read == part
    assert asdict(read) == asdict(part)  # the time of thinking does not count in comparison


@pytest.mark.parametrize(
    ("event", "stored"),
    [
        (MessageStart("i", "m", USAGE), {"type": "message_start", "id": "i", "model": "m", "usage": COUNTS}),
        (
            BlockStart(1, "text", {"a": 1}),
            {"type": "content_block_start", "index": 1, "kind": "text", "block": {"a": 1}},
        ),
        (TextDelta(1, "t"), {"type": "text_delta", "index": 1, "text": "t"}),
        (ThinkingDelta(1, "t"), {"type": "thinking_delta", "index": 1, "text": "t"}),
        (SignatureDelta(1, "s"), {"type": "signature_delta", "index": 1, "signature": "s"}),
        (InputJsonDelta(1, "{"), {"type": "input_json_delta", "index": 1, "partial_json": "{"}),
        (CitationsDelta(1, {"a": 1}), {"type": "citations_delta", "index": 1, "citation": {"a": 1}}),
        (BlockStop(1), {"type": "content_block_stop", "index": 1}),
        (
            MessageDelta("end_turn", USAGE, {"a": 1}),
            {"type": "message_delta", "stop_reason": "end_turn", "usage": COUNTS, "stop_details": {"a": 1}},
        ),
        (MessageStop(), {"type": "message_stop"}),
        (ReplyRestarted(), {"type": "reply_restarted"}),
        (
            ToolAnswered("i", "r", failed=True, refused=True, duration_ms=1.5),
            {
                "type": "tool_answered",
                "call_id": "i",
                "text": "r",
                "failed": True,
                "refused": True,
                "duration_ms": 1.5,
            },
        ),
    ],
)
def test_an_event_is_stored_under_these_names(event: StreamEvent, stored: dict[str, object]) -> None:
    assert event_to_json(event) == stored
    assert event_from_json(stored) == event


def test_the_facts_of_a_reply_are_stored_under_these_names() -> None:
    error = ChatError(ErrorKind.OVERLOADED, "Busy.", request_id="r").to_json()
    stored = {
        "mode": "batch",
        "provider": "anthropic",
        "model": "m",
        "stop_reason": "end_turn",
        "usage": COUNTS,
        "cost_usd": 0.5,
        "metrics": METRICS,
        "simulated": True,
        "seams": (1, 2),
        "error": error,
        "stop_details": {"category": "c"},
        "open_seams": (2,),
        "own_server": True,
        "estimated": True,
        "edited": True,
        "round": "r1",
        "contender": "Opus 4.5",
        "in_batch": True,
    }
    read = ReplyMetadata.from_json(stored)
    assert read.to_json() == stored
    assert read.metrics == ReplyMetrics(1.5, 2.5, 3.5, 4.5, 5.5, 6, 7, 8, fallback=True)
    assert error == {"kind": "overloaded", "sentence": "Busy.", "request_id": "r"}


def test_of_a_reply_that_nothing_is_stored_of_nothing_is_known() -> None:
    assert ReplyMetadata.from_json({}) == ReplyMetadata()
    assert ReplyMetrics.from_json({}) == ReplyMetrics()
    assert Model.from_json({"id": "m"}) == Model("m")


@pytest.mark.parametrize("kind", ErrorKind)
def test_a_failure_is_read_as_it_was_stored(kind: ErrorKind) -> None:
    assert kind.value == kind.name.lower()
    read = ChatError.from_json({"kind": kind.name.lower(), "sentence": "Said.", "request_id": "r"})
    assert (read.kind, read.sentence, str(read), read.request_id) == (kind, "Said.", "Said.", "r")


@pytest.mark.parametrize("sentence", [None, "", 5])
def test_a_failure_without_a_sentence_says_its_kind(sentence: object) -> None:
    assert ChatError.from_json({"kind": "network", "sentence": sentence}).sentence == "No connection"
    assert ChatError.from_json({"kind": "other", "sentence": sentence}).sentence == "Provider failed"


def test_a_model_is_kept_without_its_price() -> None:
    model = Model("m", "Name", 200_000, 64_000, Price(1, 2, 3, 4), deprecated=True, retires="2027-01-01")
    stored = model.to_json()
    assert stored == {
        "id": "m",
        "name": "Name",
        "context_window": 200_000,
        "max_output": 64_000,
        "price": {"input": 1, "output": 2, "cache_read": 3, "cache_write": 4},
        "deprecated": True,
        "retires": "2027-01-01",
    }
    assert Model.from_json(stored) == Model("m", "Name", 200_000, 64_000, deprecated=True, retires="2027-01-01")


def test_a_listed_conversation_is_printed_with_the_marks_that_it_has() -> None:
    plain = ConversationSummary("i", "t", "m", NOON, NOON, 4)
    printed = {
        "id": "i",
        "title": "t",
        "model": "m",
        "created_at": "2026-03-01T12:00:00+00:00",
        "updated_at": "2026-03-01T12:00:00+00:00",
        "messages": 4,
    }
    assert plain.to_json() == printed
    marked = ConversationSummary("i", "t", "m", NOON, NOON, 4, pinned=True, archived=True, tags=("a", "b"))
    assert marked.to_json() == printed | {"pinned": True, "archived": True, "tags": ["a", "b"]}


@pytest.mark.parametrize(
    ("prompt", "title"),
    [
        ("a  b\nc", "a b c"),
        ("x" * 60, "x" * 60),
        ("x" * 61, "x" * 59 + "…"),
        ("x" + " " * 200 + "y" * 60, "x " + "y" * 39),
    ],
)
def test_a_title_is_the_beginning_of_the_prompt_on_a_line(prompt: str, title: str) -> None:
    assert title_from(prompt) == title
