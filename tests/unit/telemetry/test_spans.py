"""A reply as a span, by the conventions' names."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from tui_chat.chat.errors import ChatError, ErrorKind
from tui_chat.chat.message import Message, Role, StreamingStatus
from tui_chat.chat.metadata import Mode, ReplyMetadata, ReplyMetrics
from tui_chat.chat.parts import OpaquePart, TextPart, ThinkingPart, ToolCallPart, ToolResultPart
from tui_chat.chat.protocols import ReplyRecord, Setback, ToolRun
from tui_chat.chat.request import ReplyRequest, Turn
from tui_chat.chat.usage import Usage
from tui_chat.telemetry.spans import span_of

BEGAN = datetime(2026, 1, 2, 3, 4, 5, 678_000, tzinfo=UTC)
BEGAN_NS = 1_767_323_045_678_000_000
METADATA = ReplyMetadata(
    provider="anthropic",
    model="claude-sonnet-5-5",
    stop_reason="end_turn",
    usage=Usage(10, 20, 300, 4000),
    cost_usd=0.25,
    metrics=ReplyMetrics(ttft_ms=250.0, duration_ms=1500.5),
)
REPLY = Message(Role.ASSISTANT, (TextPart("Hi."),), metadata=METADATA)
REQUEST = ReplyRequest("claude-sonnet-5-5", (Turn(Role.USER, (TextPart("Hello"),)),), max_tokens=100, temperature=0.5)
RECORD = ReplyRecord("conversation", REQUEST, REPLY, "msg_1", BEGAN)


def record(status: StreamingStatus = StreamingStatus.COMPLETE, **metadata: Any) -> ReplyRecord:
    reply = replace(REPLY, status=status, metadata=replace(METADATA, **metadata))
    return replace(RECORD, reply=reply)


def test_a_span_lasts_from_the_request_to_the_end() -> None:
    span = span_of(RECORD, content=False)
    assert (span.name, span.start_ns, span.end_ns) == (
        "chat claude-sonnet-5-5",
        BEGAN_NS,
        BEGAN_NS + 1_500_500_000,
    )
    assert span.failure == ""


def test_every_figure_that_is_known_has_its_attribute() -> None:
    assert span_of(RECORD, content=False).attributes == {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "anthropic",
        "gen_ai.system": "anthropic",
        "gen_ai.conversation.id": "conversation",
        "gen_ai.request.model": "claude-sonnet-5-5",
        "gen_ai.request.max_tokens": 100,
        "gen_ai.request.temperature": 0.5,
        "gen_ai.request.stream": True,
        "gen_ai.response.id": "msg_1",
        "gen_ai.response.model": "claude-sonnet-5-5",
        "gen_ai.response.finish_reasons": ("end_turn",),
        "gen_ai.response.time_to_first_chunk": 0.25,
        "gen_ai.usage.input_tokens": 4310,
        "gen_ai.usage.output_tokens": 20,
        "gen_ai.usage.cache_read.input_tokens": 300,
        "gen_ai.usage.cache_creation.input_tokens": 4000,
        "tui_chat.reply.status": "complete",
        "tui_chat.reply.cost_usd": 0.25,
    }


def test_what_is_not_known_has_none() -> None:
    nothing = replace(RECORD, request=ReplyRequest("m", ()), response_id="")
    nothing = replace(nothing, reply=replace(REPLY, metadata=ReplyMetadata(mode=Mode.BATCH, provider="local")))
    assert span_of(nothing, content=False).attributes == {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "local",
        "gen_ai.system": "local",
        "gen_ai.conversation.id": "conversation",
        "gen_ai.request.model": "m",
        "tui_chat.reply.status": "complete",
    }


def test_a_batch_reply_has_no_first_chunk() -> None:
    found = span_of(record(mode=Mode.BATCH), content=False).attributes
    assert not {"gen_ai.request.stream", "gen_ai.response.time_to_first_chunk"} & found.keys()


@pytest.mark.parametrize(
    ("provider", "name"),
    [("anthropic", "anthropic"), ("simulated", "anthropic"), ("openai", "openai"), ("bedrock", "aws.bedrock")],
)
def test_providers_go_by_the_names_of_the_conventions(provider: str, name: str) -> None:
    assert span_of(record(provider=provider), content=False).attributes["gen_ai.provider.name"] == name


@pytest.mark.parametrize("status", [status for status in StreamingStatus if status is not StreamingStatus.FAILED])
def test_only_a_failure_is_an_error(status: StreamingStatus) -> None:
    span = span_of(record(status), content=False)
    assert span.failure == ""
    assert "error.type" not in span.attributes


def test_a_failure_is_told_by_its_kind_and_not_in_the_providers_words() -> None:
    error = ChatError(ErrorKind.INVALID_REQUEST, "messages.0: 'my secret plan' is not allowed")
    span = span_of(record(StreamingStatus.FAILED, error=error.to_json()), content=False)
    assert (span.attributes["error.type"], span.failure) == ("invalid_request", "Request rejected")
    assert "secret" not in str(span)


def test_setbacks_are_events_at_their_time() -> None:
    setbacks = (Setback(100.0, "retry", ErrorKind.OVERLOADED, 0.5), Setback(900.5, "resume", ErrorKind.NETWORK, 0.0))
    retry, resume = span_of(replace(RECORD, setbacks=setbacks), content=False).events
    assert (retry.name, retry.at_ns) == ("tui_chat.retry", BEGAN_NS + 100_000_000)
    assert retry.attributes == {"error.type": "overloaded", "tui_chat.wait_s": 0.5}
    assert (resume.name, resume.at_ns) == ("tui_chat.resume", BEGAN_NS + 900_500_000)


def test_what_was_said_is_there_only_if_it_may_be() -> None:
    assert "Hello" not in str(span_of(RECORD, content=False))
    attributes = span_of(RECORD, content=True).attributes
    said = {"role": "user", "parts": [{"type": "text", "content": "Hello"}]}
    answer = {"role": "assistant", "parts": [{"type": "text", "content": "Hi."}], "finish_reason": "stop"}
    assert json.loads(str(attributes["gen_ai.input.messages"])) == [said]
    assert json.loads(str(attributes["gen_ai.output.messages"])) == [answer]
    assert "gen_ai.system_instructions" not in attributes


def test_a_discarded_reply_is_never_told_in_words() -> None:
    assert "Hello" not in str(span_of(record(StreamingStatus.CANCELLED), content=True))


def test_thinking_and_tool_calls_are_parts_of_their_own() -> None:
    parts = (
        ThinkingPart("hm"),
        ThinkingPart("", "signature"),
        ToolCallPart("t1", "web_search", '{"query": "x"}', server=True),
        OpaquePart("web_search_tool_result", {"tool_use_id": "t1", "content": [{"title": "X"}]}),
        OpaquePart("redacted_thinking", {"data": "..."}),
        ToolCallPart("t2", "look", '{"cut'),
        ToolResultPart("t2", "found"),
        TextPart("A lone \ud800 surrogate"),
    )
    told = span_of(replace(RECORD, reply=replace(REPLY, parts=parts)), content=True)
    text = str(told.attributes["gen_ai.output.messages"])
    assert text.isascii()
    [message] = json.loads(text)
    assert message["parts"] == [
        {"type": "reasoning", "content": "hm"},
        {"type": "tool_call", "id": "t1", "name": "web_search", "arguments": {"query": "x"}},
        {"type": "tool_call_response", "id": "t1", "response": [{"title": "X"}]},
        {"type": "tool_call", "id": "t2", "name": "look", "arguments": '{"cut'},
        {"type": "tool_call_response", "id": "t2", "response": "found"},
        {"type": "text", "content": "A lone \ud800 surrogate"},
    ]


CALL = ToolCallPart("t1", "look", '{"path": "secret"}')
RAN = ToolRun(CALL, ToolResultPart("t1", "found", duration_ms=200.0), 700.0)


def test_a_call_that_ran_is_a_span_within_the_replys() -> None:
    (tool,) = span_of(replace(RECORD, tool_runs=(RAN,)), content=False).tools
    assert (tool.name, tool.start_ns, tool.end_ns) == (
        "execute_tool look",
        BEGAN_NS + 500_000_000,
        BEGAN_NS + 700_000_000,
    )
    assert tool.attributes == {
        "gen_ai.operation.name": "execute_tool",
        "gen_ai.tool.name": "look",
        "gen_ai.tool.call.id": "t1",
        "gen_ai.tool.type": "function",
    }
    assert not tool.failure


def test_a_call_that_the_provider_ran_says_so() -> None:
    own = replace(RAN, call=replace(CALL, server=True))
    (tool,) = span_of(replace(RECORD, tool_runs=(own,)), content=False).tools
    assert (tool.name, tool.attributes["gen_ai.tool.type"]) == ("execute_tool look", "extension")


def test_a_tool_that_failed_is_an_error_and_one_that_was_refused_did_not_run() -> None:
    failed = replace(RAN, result=replace(RAN.result, failed=True))
    refused = ToolRun(CALL, ToolResultPart("t1", "No.", failed=True, refused=True), 700.0)
    (tool,) = span_of(replace(RECORD, tool_runs=(failed, refused)), content=False).tools
    assert (tool.failure, tool.attributes["error.type"]) == ("The tool failed", "tool_error")


def test_what_went_to_a_tool_is_there_only_if_it_may_be() -> None:
    assert "secret" not in str(span_of(replace(RECORD, tool_runs=(RAN,)), content=False))
    (tool,) = span_of(replace(RECORD, tool_runs=(RAN,)), content=True).tools
    assert tool.attributes["gen_ai.tool.call.arguments"] == '{"path": "secret"}'
    assert tool.attributes["gen_ai.tool.call.result"] == "found"
    discarded = replace(record(StreamingStatus.CANCELLED), tool_runs=(RAN,))
    assert "secret" not in str(span_of(discarded, content=True))
