"""The Messages wire, row by row of the design, through the real SDK."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import fields
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui_chat.chat.accumulator import ReplyAccumulator
from tui_chat.chat.errors import ChatError, ErrorKind
from tui_chat.chat.events import (
    BlockStart,
    BlockStop,
    CitationsDelta,
    InputJsonDelta,
    MessageDelta,
    MessageStart,
    MessageStop,
    SignatureDelta,
    StreamEvent,
    TextDelta,
    ThinkingDelta,
    event_to_json,
)
from tui_chat.chat.parts import OpaquePart, TextPart, ThinkingPart, ToolCallPart
from tui_chat.chat.request import ReplyRequest
from tui_chat.chat.usage import Usage
from tui_chat.providers.anthropic_events import AnthropicEvents

if TYPE_CHECKING:
    from tests.unit.providers.conftest import Loopback

Collect = Callable[..., Awaitable[list[StreamEvent]]]
Wire = dict[str, Any]

START: Wire = {"type": "message_start", "message": {"type": "message", "id": "msg_1", "model": "m", "content": []}}
STOP: Wire = {"type": "message_stop"}
SEARCH_RESULT = {
    "type": "web_search_tool_result",
    "tool_use_id": "srv_1",
    "content": [{"type": "web_search_result", "url": "https://example.com", "title": "T", "encrypted_content": "x"}],
}
CITATION = {"type": "web_search_result_location", "url": "https://example.com", "cited_text": "so", "title": "T"}
REFUSAL = {"type": "refusal", "category": "bio", "explanation": "It could do harm."}


def start(block: Wire, index: int = 0) -> Wire:
    return {"type": "content_block_start", "index": index, "content_block": block}


def delta(given: Wire, index: int = 0) -> Wire:
    return {"type": "content_block_delta", "index": index, "delta": given}


def text_delta(text: str, index: int = 0) -> Wire:
    return delta({"type": "text_delta", "text": text}, index)


def stop(index: int = 0) -> Wire:
    return {"type": "content_block_stop", "index": index}


EMPTY_TEXT = {"type": "text", "text": ""}

ROWS: dict[str, tuple[list[Wire | bytes], list[StreamEvent]]] = {
    "a text block": (
        [start(EMPTY_TEXT), text_delta("Hel"), text_delta("lo"), stop()],
        [BlockStart(0, "text", EMPTY_TEXT), TextDelta(0, "Hel"), TextDelta(0, "lo"), BlockStop(0)],
    ),
    "a text block that starts with text": (
        [start({"type": "text", "text": "Hi"}), stop()],
        [BlockStart(0, "text", {"type": "text", "text": "Hi"}), TextDelta(0, "Hi"), BlockStop(0)],
    ),
    "thinking with its signature": (
        [
            start({"type": "thinking", "thinking": "", "signature": ""}),
            delta({"type": "thinking_delta", "thinking": "hm"}),
            delta({"type": "signature_delta", "signature": "s1g"}),
            stop(),
        ],
        [
            BlockStart(0, "thinking", {"type": "thinking", "thinking": "", "signature": ""}),
            ThinkingDelta(0, "hm"),
            SignatureDelta(0, "s1g"),
            BlockStop(0),
        ],
    ),
    "redacted thinking, kept as it came": (
        [start({"type": "redacted_thinking", "data": "blob"}), stop()],
        [BlockStart(0, "redacted_thinking", {"type": "redacted_thinking", "data": "blob"}), BlockStop(0)],
    ),
    "a tool call": (
        [
            start({"type": "tool_use", "id": "t1", "name": "look", "input": {}}),
            delta({"type": "input_json_delta", "partial_json": '{"a":'}),
            delta({"type": "input_json_delta", "partial_json": " 1}"}),
            stop(),
        ],
        [
            BlockStart(0, "tool_use", {"type": "tool_use", "id": "t1", "name": "look", "input": {}}),
            InputJsonDelta(0, '{"a":'),
            InputJsonDelta(0, " 1}"),
            BlockStop(0),
        ],
    ),
    "a tool call that starts with its arguments": (
        [start({"type": "tool_use", "id": "t1", "name": "look", "input": {"ä": 1}}), stop()],
        [
            BlockStart(0, "tool_use", {"type": "tool_use", "id": "t1", "name": "look", "input": {"ä": 1}}),
            InputJsonDelta(0, '{"ä": 1}'),
            BlockStop(0),
        ],
    ),
    "a server tool and its result": (
        [
            start({"type": "server_tool_use", "id": "srv_1", "name": "web_search", "input": {}}),
            delta({"type": "input_json_delta", "partial_json": '{"query": "x"}'}),
            stop(),
            start(SEARCH_RESULT, 1),
            stop(1),
        ],
        [
            BlockStart(
                0, "server_tool_use", {"type": "server_tool_use", "id": "srv_1", "name": "web_search", "input": {}}
            ),
            InputJsonDelta(0, '{"query": "x"}'),
            BlockStop(0),
            BlockStart(1, "web_search_tool_result", SEARCH_RESULT),
            BlockStop(1),
        ],
    ),
    "a result of a tool that we do not know": (
        [start({"type": "time_travel_tool_result", "tool_use_id": "srv_1", "year": 1985}), stop()],
        [
            BlockStart(
                0,
                "time_travel_tool_result",
                {"type": "time_travel_tool_result", "tool_use_id": "srv_1", "year": 1985},
            ),
            BlockStop(0),
        ],
    ),
    "citations": (
        [start(EMPTY_TEXT), text_delta("so"), delta({"type": "citations_delta", "citation": CITATION}), stop()],
        [BlockStart(0, "text", EMPTY_TEXT), TextDelta(0, "so"), CitationsDelta(0, CITATION), BlockStop(0)],
    ),
    "message_delta with every usage field that it has": (
        [
            {
                "type": "message_delta",
                "delta": {"stop_reason": "max_tokens"},
                "usage": {"output_tokens": 9, "input_tokens": 4, "cache_read_input_tokens": None},
            }
        ],
        [MessageDelta("max_tokens", Usage(4, 9))],
    ),
    "message_delta with the searches so far": (
        [
            {"type": "message_delta", "usage": {"server_tool_use": {"web_search_requests": 2}}},
            {"type": "message_delta", "usage": {"server_tool_use": None}},
            {"type": "message_delta", "usage": {"server_tool_use": {"web_search_requests": "some"}}},
            {"type": "message_delta", "usage": {"server_tool_use": 7}},
        ],
        [MessageDelta(None, Usage(web_search_requests=2)), *[MessageDelta()] * 3],
    ),
    "message_delta with why the model refused": (
        [{"type": "message_delta", "delta": {"stop_reason": "refusal", "stop_details": REFUSAL}}],
        [MessageDelta("refusal", stop_details=REFUSAL)],
    ),
    "message_delta with details that are none": (
        [{"type": "message_delta", "delta": {"stop_details": value}} for value in (None, "so", 7, [REFUSAL])],
        [MessageDelta()] * 4,
    ),
    "message_delta with nothing in it": (
        [{"type": "message_delta", "delta": {}}, {"type": "message_delta"}, {"type": "message_delta", "usage": None}],
        [MessageDelta()] * 3,
    ),
    "usage that makes no sense": (
        [
            {
                "type": "message_delta",
                "delta": {"stop_reason": 7},
                "usage": {"output_tokens": "many", "input_tokens": -1},
            }
        ],
        [MessageDelta()],
    ),
    "pings": ([b"event: ping\ndata: {}\n\n", {"type": "ping"}, b": just a comment\n\n"], []),
    "an unknown event": ([{"type": "aurora", "at": "night"}], []),
    "an unknown block, its deltas and its stop": (
        [
            start({"type": "hologram", "text": "?"}),
            text_delta("no"),
            stop(),
            start(EMPTY_TEXT, 1),
            text_delta("yes", 1),
        ],
        [BlockStart(1, "text", EMPTY_TEXT), TextDelta(1, "yes")],
    ),
    "an unknown delta": (
        [start(EMPTY_TEXT), delta({"type": "smell_delta", "text": "no"}), text_delta("yes")],
        [BlockStart(0, "text", EMPTY_TEXT), TextDelta(0, "yes")],
    ),
    "unknown fields": (
        [{"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "a", "x": 1}, "y": [2]}],
        [TextDelta(0, "a")],
    ),
    "a delta before its start, and two starts": (
        [text_delta("a"), start(EMPTY_TEXT), start(EMPTY_TEXT), text_delta("b")],
        [TextDelta(0, "a"), BlockStart(0, "text", EMPTY_TEXT), BlockStart(0, "text", EMPTY_TEXT), TextDelta(0, "b")],
    ),
    "blocks interleaved by index": (
        [start(EMPTY_TEXT, 1), start(EMPTY_TEXT, 0), text_delta("b", 1), text_delta("a", 0)],
        [
            BlockStart(1, "text", EMPTY_TEXT),
            BlockStart(0, "text", EMPTY_TEXT),
            TextDelta(1, "b"),
            TextDelta(0, "a"),
        ],
    ),
    "an unknown block that comes whole": (
        [start({"type": "hologram", "rays": 3}), stop()],
        [BlockStart(0, "hologram", {"type": "hologram", "rays": 3}), BlockStop(0)],
    ),
    "an unknown block, then a known one of the same index": (
        [start({"type": "hologram"}), start(EMPTY_TEXT), text_delta("yes")],
        [BlockStart(0, "text", EMPTY_TEXT), TextDelta(0, "yes")],
    ),
    "malformed events": (
        [
            {"type": "content_block_start"},
            {"type": "content_block_start", "index": 7, "content_block": None},
            {"type": "content_block_start", "index": None, "content_block": EMPTY_TEXT},
            {"type": "content_block_delta", "index": 0, "delta": None},
            {"type": "content_block_delta", "index": None, "delta": {"type": "text_delta", "text": "lost"}},
            delta({"type": "text_delta", "text": None}),
            delta({"type": "text_delta", "text": 5}),
            delta({"type": "input_json_delta"}),
            {"type": "content_block_stop"},
            b"event: message_delta\ndata: null\n\n",
            b"event: message_delta\ndata: [1]\n\n",
            {"type": 7},
        ],
        [],
    ),
    "half a surrogate pair": ([text_delta("a\ud83d")], [TextDelta(0, "a\ufffd")]),
}


@pytest.mark.parametrize("name", ROWS)
async def test_each_row_of_the_wire_becomes_its_events(name: str, server: Loopback, collect: Collect) -> None:
    wire, expected = ROWS[name]
    server.will(server.sse(START, *wire, STOP))
    assert await collect(server.provider()) == [MessageStart("msg_1", "m"), *expected, MessageStop()]


async def test_message_start_tells_id_model_and_usage(server: Loopback, collect: Collect) -> None:
    usage = {"input_tokens": 3, "output_tokens": 1, "cache_read_input_tokens": 5, "cache_creation_input_tokens": 7}
    server.will(server.sse({"type": "message_start", "message": {"id": "i", "model": "m", "usage": usage}}, STOP))
    assert await collect(server.provider()) == [MessageStart("i", "m", Usage(3, 1, 5, 7)), MessageStop()]


async def test_message_start_without_a_message_is_no_crash(server: Loopback, collect: Collect) -> None:
    server.will(server.sse({"type": "message_start"}, {"type": "message_start", "message": None}, STOP))
    assert await collect(server.provider()) == [MessageStop()]


async def test_what_follows_the_stop_is_not_read(server: Loopback, collect: Collect) -> None:
    server.will(server.sse(START, STOP, STOP, text_delta("late"), then=server.silence))
    assert await collect(server.provider()) == [MessageStart("msg_1", "m"), MessageStop()]


async def test_events_cut_at_every_byte_are_the_same_events(server: Loopback, collect: Collect) -> None:
    wire = b"".join(
        f"event: {event['type']}\r\ndata: {json.dumps(event, ensure_ascii=False)}\r\n\r\n".encode()
        for event in (START, start(EMPTY_TEXT), text_delta("naïve 日本 🎉"), stop(), STOP)
    )
    head = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n"
    server.will(server.raw(head, *(wire[at : at + 1] for at in range(len(wire)))))
    assert TextDelta(0, "naïve 日本 🎉") in await collect(server.provider())


MESSAGE = {
    "type": "message",
    "id": "msg_1",
    "model": "m",
    "role": "assistant",
    "stop_reason": "pause_turn",
    "usage": {"input_tokens": 3, "output_tokens": 5},
    "content": [
        {"type": "thinking", "thinking": "hm", "signature": "s1g"},
        {"type": "redacted_thinking", "data": "blob"},
        {"type": "text", "text": "It is so.", "citations": [CITATION]},
        {"type": "hologram", "rays": 3},
        {"type": "tool_use", "id": "t1", "name": "look", "input": {"a": 1}},
        {"type": "server_tool_use", "id": "srv_1", "name": "web_search", "input": {"query": "x"}},
        SEARCH_RESULT,
    ],
}


async def test_a_reply_in_one_piece_has_the_same_parts(
    server: Loopback, request_for: Callable[..., ReplyRequest]
) -> None:
    server.will(server.status(200, MESSAGE))
    reply = ReplyAccumulator().extend(await server.provider().create(request_for(), lambda: None))
    assert reply.parts == (
        ThinkingPart("hm", "s1g"),
        OpaquePart("redacted_thinking", {"type": "redacted_thinking", "data": "blob"}),
        TextPart("It is so.", (CITATION,)),
        OpaquePart("hologram", {"type": "hologram", "rays": 3}),
        ToolCallPart("t1", "look", '{"a": 1}'),
        ToolCallPart("srv_1", "web_search", '{"query": "x"}', server=True),
        OpaquePart("web_search_tool_result", SEARCH_RESULT),
    )
    assert (reply.complete, reply.stop_reason, reply.usage) == (True, "pause_turn", Usage(3, 5))
    assert "stream" not in server.received[0].body or server.received[0].body["stream"] is False


async def test_an_empty_reply_in_one_piece_is_a_reply(
    server: Loopback, request_for: Callable[..., ReplyRequest]
) -> None:
    server.will(server.status(200, {**MESSAGE, "content": None, "usage": None, "stop_reason": None}))
    events = await server.provider().create(request_for(), lambda: None)
    assert list(events) == [MessageStart("msg_1", "m"), MessageDelta(), MessageStop()]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("<html>Sign in</html>", ErrorKind.PROTOCOL),
        ({"hello": "world"}, ErrorKind.PROTOCOL),
        ({"type": "error", "error": {"type": "overloaded_error", "message": "Busy"}}, ErrorKind.OVERLOADED),
    ],
)
async def test_something_else_in_one_piece_is_an_error(
    body: object, kind: ErrorKind, server: Loopback, request_for: Callable[..., ReplyRequest]
) -> None:
    server.will(server.status(200, body))
    with pytest.raises(ChatError) as failed:
        await server.provider().create(request_for(), lambda: None)
    assert failed.value.kind is kind
    assert "<" not in failed.value.sentence


FIELDS = (
    "type",
    "index",
    "delta",
    "content_block",
    "message",
    "usage",
    "text",
    "citations",
    "signature",
    "input",
    "id",
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(), max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "type",
                    "index",
                    "delta",
                    "content_block",
                    "message",
                    "usage",
                    "text",
                    "citations",
                    "signature",
                    "input",
                    "id",
                ]
            )
            | st.text(max_size=3),
            inner | st.sampled_from(["text_delta", "text", "thinking", "tool_use", "citations_delta"]),
            max_size=5,
        )
    ),
    max_leaves=12,
)
TYPES = st.sampled_from(
    ["message_start", "content_block_start", "content_block_delta", "content_block_stop", "message_delta", "x"]
)


@given(st.dictionaries(st.sampled_from(["index", "delta", "content_block", "message", "usage"]), JSON), TYPES)
def test_no_event_whatever_it_holds_is_a_crash(event: dict[str, Any], type: str) -> None:
    check(AnthropicEvents().map({**event, "type": type}))


@pytest.mark.parametrize("event", [None, True, 1, "text", [], ["type"], {}, {"type": None}, {"type": ["text"]}])
def test_json_that_is_no_event_is_none(event: object) -> None:
    assert list(AnthropicEvents().map(event)) == []


@settings(deadline=None)  # the first example imports the SDK
@given(
    st.dictionaries(
        st.sampled_from(["id", "model", "content", "usage", "stop_reason", "stop_details"]), JSON | st.lists(JSON)
    )
)
def test_no_message_whatever_it_holds_is_a_crash(message: dict[str, Any]) -> None:
    from anthropic._models import construct_type
    from anthropic.types import Message

    check(AnthropicEvents().map_message(construct_type(type_=Message, value={**message, "type": "message"})))


def check(events: Iterable[StreamEvent]) -> None:
    """Check that the events are as their types say, add up, and can be stored."""
    came = list(events)
    for event in came:
        for field in fields(event):
            value = getattr(event, field.name)
            assert isinstance(value, int if field.name == "index" else str | dict | Usage | None), event
        json.dumps(event_to_json(event), ensure_ascii=False).encode()
    assert ReplyAccumulator().extend(came).parts is not None


def deep() -> Wire:
    value: Wire = {}
    for _ in range(10_000):
        value = {"a": value}
    return value


def test_it_tells_how_far_a_reply_has_come() -> None:
    events = AnthropicEvents()
    come = [(events.started, events.flowing, events.complete)]
    for event in (
        START,
        start({"type": "new"}),
        delta({"type": "new_delta"}),
        start({"type": "text", "text": "Hi"}, 1),
        text_delta(" there", 1),
        STOP,
    ):
        events.map(event)
        come.append((events.started, events.flowing, events.complete))
    begun, flows, ended = (True, False, False), (True, True, False), (True, True, True)
    assert come == [(False, False, False), begun, begun, begun, begun, flows, ended]


def test_a_message_in_one_piece_has_the_events_of_its_stream_but_for_blocks_that_cannot_be_read() -> None:
    from anthropic.types import Message, TextBlock

    read = TextBlock.model_construct(type="text", text="Hi")
    unread = [None, TextBlock.model_construct(type="text", text=deep())]
    message = Message.model_construct(
        id="msg_1", model="m", usage=None, stop_reason="end_turn", content=[*unread, read]
    )
    assert list(AnthropicEvents().map_message(message)) == [
        MessageStart("msg_1", "m"),
        BlockStart(2, "text", {"type": "text", "text": "Hi"}),
        TextDelta(2, "Hi"),
        BlockStop(2),
        MessageDelta("end_turn"),
        MessageStop(),
    ]


@pytest.mark.parametrize("text", ["plain", "é", "\ud800 alone"])
def test_a_block_is_kept_as_json_that_can_be_stored(text: str) -> None:
    sent = text.replace("\ud800", "\ufffd")
    opened = {"type": "text", "text": sent, "citations": "of no known type"}
    block = {**opened, "text": text}
    assert list(AnthropicEvents().map(start(block))) == [BlockStart(0, "text", opened), TextDelta(0, sent)]


def test_a_block_that_is_nested_too_deeply_is_left_out() -> None:
    assert list(AnthropicEvents().map(start({"type": "text", "text": "Hi", "more": deep()}))) == []
