"""Parts, events and metadata that were stored, whatever has become of them meanwhile."""

from __future__ import annotations

from typing import Any

import pytest

from tui_chat.chat.accumulator import ReplyAccumulator
from tui_chat.chat.errors import ChatError, ErrorKind
from tui_chat.chat.events import TextDelta, event_from_json
from tui_chat.chat.message import Message, Role
from tui_chat.chat.metadata import ReplyMetadata
from tui_chat.chat.parts import UNREADABLE, OpaquePart, Part, TextPart, ToolCallPart, ToolResultPart, readable_parts
from tui_chat.chat.request import turns_from
from tui_chat.text.reading import mapping

DEEP = "[" * 2_000 + "]" * 2_000


def test_arguments_that_are_nested_two_thousand_deep_are_not_a_value() -> None:
    assert ToolCallPart("i", "n", DEEP).input is None
    assert ToolCallPart("i", "n", '{"x": ' + "9" * 5_000 + "}").input is None


def test_a_part_that_cannot_be_read_leaves_the_others() -> None:
    parts = readable_parts([{"type": "text", "text": "a"}, {"type": "näher"}, 7, {"type": "text", "text": "b"}])
    assert parts[0] == TextPart("a")
    assert parts[3] == TextPart("b")
    assert [part.block["raw"] for part in parts if isinstance(part, OpaquePart)] == ['{"type": "näher"}', "7"]
    [turn] = turns_from([Message(Role.USER, parts)])
    assert turn.parts == (parts[0], parts[3])


@pytest.mark.parametrize(
    ("stored", "part"),
    [
        ({"type": "text", "text": "x", "citations": [1, {"url": "u"}, None]}, TextPart("x", ({"url": "u"},))),
        ({"type": "text", "text": "x", "citations": {"url": "u"}}, TextPart("x")),
        ({"type": "tool_call", "id": "i" * 10**6, "name": "n", "arguments": ""}, ToolCallPart("i" * 200, "n", "")),
        ({"type": "tool_result", "call_id": "i", "text": "x", "failed": "no"}, ToolResultPart("i", "x")),
        ({"type": "tool_result", "call_id": "i", "text": "x", "failed": True}, ToolResultPart("i", "x", failed=True)),
        ({"type": "opaque", "kind": "tool_result", "block": {"a": 1}}, OpaquePart("tool_result", {"a": 1})),
    ],
)
def test_what_makes_no_sense_in_a_part_is_left_out(stored: dict[str, Any], part: Part) -> None:
    assert readable_parts([stored]) == (part,)


@pytest.mark.parametrize("value", [{"x": 1}, [], 7, None, True, float("nan"), 10**400, "x" * 10**6])
def test_metadata_is_of_a_known_kind_whatever_was_stored(value: object) -> None:
    fields = ReplyMetadata().to_json()
    metrics = dict.fromkeys(mapping(fields["metrics"]), value)
    read = ReplyMetadata.from_json(dict.fromkeys(fields, value))
    again = ReplyMetadata.from_json({"metrics": metrics, "usage": {"input_tokens": value}, "error": {"kind": value}})
    for metadata in (read, again):
        assert ReplyMetadata.from_json(metadata.to_json()) == metadata
        assert isinstance(metadata.model, str)
        assert len(metadata.model) <= 200
        assert metadata.usage.input_tokens is None or value == 7
        assert metadata.speaker
        assert metadata.explanation == ""


def test_an_error_of_an_odd_kind_is_the_providers() -> None:
    error = ChatError.from_json({"kind": {"a": 1}, "sentence": "x" * 10**6, "request_id": ["r"]})
    assert (error.kind, len(error.sentence), error.request_id) == (ErrorKind.SERVER, 300, None)


@pytest.mark.parametrize(
    "stored",
    [
        {},
        {"type": ["text_delta"]},
        {"type": "text_delta", "index": 0},
        {"type": "text_delta", "index": "0", "text": "x"},
        {"type": "text_delta", "index": 0, "text": 7},
        {"type": "citations_delta", "index": 0, "citation": 1},
        {"type": "content_block_start", "index": -1, "kind": "text"},
    ],
)
def test_an_event_that_nobody_wrote_is_refused(stored: dict[str, object]) -> None:
    with pytest.raises((ValueError, TypeError, KeyError)):
        event_from_json(stored)


def test_an_event_is_read_as_it_was_written() -> None:
    event = event_from_json({"type": "text_delta", "index": 3, "text": "x", "novel": 1})
    assert event == TextDelta(3, "x")
    assert ReplyAccumulator().extend([event]).parts == (TextPart("x"),)


def test_a_part_that_cannot_be_read_is_not_answered_to() -> None:
    parts = (OpaquePart("tool_result", {"tool_use_id": ["x"]}), OpaquePart(UNREADABLE, {"raw": "{"}), TextPart("x"))
    [turn] = turns_from([Message(Role.USER, parts)])
    assert turn.parts == (TextPart("x"),)
