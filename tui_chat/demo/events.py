"""The events of a reply as they go over the wire, and the faults that act on them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from tui_chat.demo.blocks import ContentBlock, Json, TextBlock, ThinkingBlock
from tui_chat.demo.cache import Counted
from tui_chat.records import dataclass

_ENCODE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_TOMORROW = {"field_of_tomorrow": {"level": 7}}
_UNKNOWN_BLOCK = {"type": "block_of_tomorrow", "content": {"nested": True}}
_TIER = {"service_tier": "standard"}


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole reply, before it is sent as a stream or as one message."""

    id: str
    model: str
    blocks: Sequence[ContentBlock]
    counted: Counted
    stop_reason: str = "end_turn"
    stop_sequence: str | None = None

    @property
    def output_tokens(self) -> int:
        """The number of tokens that the model wrote."""
        return sum(block.tokens for block in self.blocks)

    @property
    def stop_details(self) -> Json | None:
        """The reason for a refusal, if it was one."""
        if self.stop_reason != "refusal":
            return None
        return {"type": "refusal", "category": "general_harms", "explanation": "The demo server was asked to refuse."}


class Event(NamedTuple):
    """One server-sent event, and how many of the reply's tokens it carries."""

    type: str
    data: Mapping[str, Any]
    tokens: int = 0

    def encoded(self) -> bytes:
        """Return the event's bytes; lone surrogates, which UTF-8 cannot hold, as JSON escapes."""
        try:
            return f"event: {self.type}\ndata: {_ENCODE(self.data)}\n\n".encode()
        except UnicodeEncodeError:
            return f"event: {self.type}\ndata: {json.dumps(self.data)}\n\n".encode()


PING = Event("ping", {"type": "ping"})


def message_of(reply: Reply) -> Json:
    """Return the reply as one JSON message."""
    usage = _usage(reply, reply.output_tokens) | _details(reply) | _TIER
    return _message(reply, [block.whole for block in reply.blocks], usage) | {
        "stop_reason": reply.stop_reason,
        "stop_sequence": reply.stop_sequence,
        "stop_details": reply.stop_details,
    }


def error_of(type: str, message: str, request_id: str) -> Json:
    """Return an error, as a body or as the data of an error event."""
    return {"type": "error", "error": {"type": type, "message": message}, "request_id": request_id}


def events_of(reply: Reply) -> Iterator[Event]:
    """Yield the reply as a stream."""
    message = _message(reply, [], _usage(reply, 1 if reply.blocks else 0) | _TIER)
    yield Event("message_start", {"type": "message_start", "message": message})
    for index, block in enumerate(reply.blocks):
        yield _start(index, block.start)
        if index == 0:
            yield PING
        for delta, tokens in block.deltas():
            yield _delta(index, delta, tokens)
        yield _stop(index)
    yield _end(reply, _usage(reply, reply.output_tokens) | _details(reply))
    yield Event("message_stop", {"type": "message_stop"})


def misbehaved(reply: Reply, faults: Iterable[str]) -> Iterator[Event]:
    """Return the reply as a stream, changed by the faults that act on events."""
    names = set(faults)
    events = _out_of_order(reply) if "order" in names else events_of(reply)
    for name in ("unknown", "duplicate", "usage-weird"):
        if name in names:
            events = _CHANGES[name](events)
    return events


def misbehaved_message(reply: Reply, faults: Iterable[str]) -> Json:
    """Return the reply as one JSON message, changed by the faults that make sense for it."""
    names, message = set(faults), dict(message_of(reply))
    if "unknown" in names:
        message |= {**_TOMORROW, "content": [_UNKNOWN_BLOCK, *message["content"]]}
    if "usage-weird" in names:
        message["usage"] = {"input_tokens": None, "output_tokens": 10**12}
    return message


def _out_of_order(reply: Reply) -> Iterator[Event]:
    """Yield two blocks with alternating deltas; the first delta of each precedes its start, and each starts twice."""
    half = reply.output_tokens // 2
    text = [piece for block in reply.blocks if isinstance(block, TextBlock) for piece in block.pieces]
    halves = (TextBlock(text[:half]), TextBlock(text[half:]))
    begin, *_, end, stop = events_of(reply)
    yield begin
    for place in range(max(len(block.pieces) for block in halves)):
        for index, block in reversed(list(enumerate(halves))):
            if place < len(block.pieces):
                yield _delta(index, {"type": "text_delta", "text": block.pieces[place]}, 1)
            if place < 2:
                yield _start(index, block.start)
    yield from (_stop(1), _stop(0), end, stop)


def _unknown(events: Iterable[Event]) -> Iterator[Event]:
    """Yield the events with fields, events and blocks that a later version of the API might send."""
    for number, event in enumerate(events):
        yield event._replace(data={**event.data, **_TOMORROW})
        if event.type == "message_start":
            yield Event("event_of_tomorrow", {"type": "event_of_tomorrow", "value": [1, None, "x"]})
            yield _start(90, _UNKNOWN_BLOCK)
            yield _delta(90, {"type": "delta_of_tomorrow", "text": "not text of the reply"}, 0)
            yield _stop(90)
            yield _start(91, _UNKNOWN_BLOCK)
            yield _stop(91)
        elif event.tokens and number % 10 == 4:
            yield _delta(event.data["index"], {"type": "delta_of_tomorrow", "text": "not text of the reply"}, 0)


def _duplicate(events: Iterable[Event]) -> Iterator[Event]:
    """Yield the end twice, and more after it."""
    for event in events:
        yield event
        if event.type == "message_stop":
            yield _start(0, {"type": "text", "text": ""})
            yield _delta(0, {"type": "text_delta", "text": "text after the end"}, 0)
            yield _stop(0)
            yield event


def _weird_usage(events: Iterable[Event]) -> Iterator[Event]:
    """Yield counts that are missing, null, cumulative, and beyond every limit."""
    seen = 0
    for event in events:
        seen += event.tokens
        if event.type == "message_start":
            yield event._replace(data={**event.data, "message": {**event.data["message"], "usage": None}})
        elif event.type == "message_delta":
            nothing: Json = {"stop_reason": None, "stop_sequence": None}
            for usage in ({}, {"output_tokens": None}, {"output_tokens": seen // 2}, {"output_tokens": seen}):
                yield Event("message_delta", {"type": "message_delta", "delta": nothing, "usage": usage})
            yield event._replace(data={**event.data, "usage": {"input_tokens": None, "output_tokens": 10**12}})
        else:
            yield event


_CHANGES: Mapping[str, Callable[[Iterable[Event]], Iterator[Event]]] = {
    "unknown": _unknown,
    "duplicate": _duplicate,
    "usage-weird": _weird_usage,
}


def _message(reply: Reply, content: Sequence[Json], usage: Json) -> dict[str, Any]:
    return {
        "id": reply.id,
        "type": "message",
        "role": "assistant",
        "model": reply.model,
        "content": content,
        "stop_reason": None,
        "stop_sequence": None,
        "stop_details": None,
        "usage": usage,
    }


def _usage(reply: Reply, output_tokens: int) -> dict[str, Any]:
    return {
        "input_tokens": reply.counted.fresh,
        "cache_creation_input_tokens": reply.counted.written,
        "cache_read_input_tokens": reply.counted.read,
        "output_tokens": output_tokens,
    }


def _details(reply: Reply) -> dict[str, Any]:
    thinking = sum(block.tokens for block in reply.blocks if isinstance(block, ThinkingBlock))
    searches = sum(block.start.get("name") == "web_search" for block in reply.blocks)
    details: dict[str, Any] = {"output_tokens_details": {"thinking_tokens": thinking}} if thinking else {}
    return details | (
        {"server_tool_use": {"web_search_requests": searches, "web_fetch_requests": 0}} if searches else {}
    )


def _start(index: int, block: Json) -> Event:
    return Event("content_block_start", {"type": "content_block_start", "index": index, "content_block": block})


def _delta(index: int, delta: Json, tokens: int) -> Event:
    return Event("content_block_delta", {"type": "content_block_delta", "index": index, "delta": delta}, tokens)


def _stop(index: int) -> Event:
    return Event("content_block_stop", {"type": "content_block_stop", "index": index})


def _end(reply: Reply, usage: Json) -> Event:
    delta = {
        "stop_reason": reply.stop_reason,
        "stop_sequence": reply.stop_sequence,
        "stop_details": reply.stop_details,
        "container": None,
    }
    return Event("message_delta", {"type": "message_delta", "delta": delta, "usage": usage})
