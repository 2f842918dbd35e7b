"""The Messages API's events as ours: a thin, total map that never raises, whatever a server sends."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import Any

from tui_chat.chat.accumulator import TOOL_CALLS
from tui_chat.chat.events import (
    BlockStart,
    BlockStop,
    CitationsDelta,
    InputJsonDelta,
    JsonObject,
    MessageDelta,
    MessageStart,
    MessageStop,
    SignatureDelta,
    StreamEvent,
    TextDelta,
    ThinkingDelta,
)
from tui_chat.chat.usage import Usage
from tui_chat.providers.utf8 import sendable
from tui_chat.text import reading

GROWING = TOOL_CALLS | {"text", "thinking"}
"""The block types whose deltas are read; a block of any other type is kept as it stands in its start."""


class AnthropicEvents:
    """Maps one reply's events; remembers the blocks that it does not read, to see whether they came whole."""

    def __init__(self) -> None:
        self.started = False
        self.complete = False
        self.flowing = False
        """True if the first token has come."""
        self._unread: dict[int, tuple[StreamEvent, ...]] = {}
        """The starts of the open blocks that are not read; none for one that a delta has changed since."""

    def map(self, event: Any) -> Iterable[StreamEvent]:
        """Return our events for one of theirs, as JSON: usually one, none for what is unknown or malformed."""
        try:
            return _EVENTS[event["type"]](self, event)
        except (AttributeError, KeyError, TypeError, ValueError):
            return ()

    def map_message(self, message: Any) -> Iterator[StreamEvent]:
        """Yield a whole message, as the SDK has it, as the events that a stream of it would have had."""
        usage = _usage(_as_json(message.usage))
        yield MessageStart(_name(message.id), _name(message.model), usage)
        for index, block in enumerate(message.content if isinstance(message.content, list) else ()):
            opened = _opened(index, _as_json(block))
            yield from opened
            if opened:
                yield BlockStop(index)
        details = _as_json(getattr(message, "stop_details", None))
        yield _news({"stop_reason": getattr(message, "stop_reason", None), "stop_details": details}, usage)
        yield MessageStop()

    def _message_start(self, event: Any) -> Iterable[StreamEvent]:
        self.started = True
        message = event["message"]
        return (MessageStart(_name(message["id"]), _name(message["model"]), _usage(message.get("usage"))),)

    def _block_start(self, event: Any) -> Iterable[StreamEvent]:
        index, block = _index(event), event["content_block"]
        opened = _opened(index, block)
        self._unread.pop(index, None)
        if opened and block["type"] in GROWING:
            return opened
        self._unread[index] = opened
        return ()

    def _block_delta(self, event: Any) -> Iterable[StreamEvent]:
        index, delta = _index(event), event["delta"]
        if index in self._unread:
            self._unread[index] = ()  # half of it would be no good to anyone
            return ()
        self.flowing = True
        return (_DELTAS[delta["type"]](index, delta),)

    def _block_stop(self, event: Any) -> Iterable[StreamEvent]:
        stop = BlockStop(_index(event))
        if stop.index not in self._unread:
            return (stop,)
        opened = self._unread.pop(stop.index)
        return (*opened, stop) if opened else ()

    def _message_delta(self, event: Any) -> Iterable[StreamEvent]:
        return (_news(reading.mapping(event.get("delta")), _usage(event.get("usage"))),)

    def _message_stop(self, _event: Any) -> Iterable[StreamEvent]:
        self.complete = True
        return (MessageStop(),)


def _news(holder: JsonObject, usage: Usage) -> MessageDelta:
    """Return why a message stopped, as far as that is said."""
    said = None
    with suppress(TypeError, ValueError):
        said = _kept(holder.get("stop_details"))
    return MessageDelta(_name(holder.get("stop_reason")) or None, usage, said)


def _opened(index: int, block: object) -> tuple[StreamEvent, ...]:
    """Return a block's start, and as deltas whatever it already holds; nothing for what is no block."""
    kind = _name(reading.mapping(block).get("type"))
    if not kind:
        return ()
    try:
        wire = _kept(block)
    except ValueError:
        return ()  # too deep to be of use to anyone
    return (BlockStart(index, kind, wire), *_held(index, kind, wire))


def _held(index: int, kind: str, wire: JsonObject) -> Iterator[StreamEvent]:
    if kind == "text":
        if text := _text(wire.get("text")):
            yield TextDelta(index, text)
        citations = wire.get("citations")
        for citation in citations if isinstance(citations, list) else ():
            if isinstance(citation, dict):
                yield CitationsDelta(index, citation)
    elif kind == "thinking":
        if text := _text(wire.get("thinking")):
            yield ThinkingDelta(index, text)
        if signature := _text(wire.get("signature")):
            yield SignatureDelta(index, signature)
    elif kind in TOOL_CALLS and (given := reading.mapping(wire.get("input"))):
        yield InputJsonDelta(index, json.dumps(given, ensure_ascii=False))


_EVENTS: dict[str, Callable[[AnthropicEvents, Any], Iterable[StreamEvent]]] = {
    "message_start": AnthropicEvents._message_start,
    "content_block_start": AnthropicEvents._block_start,
    "content_block_delta": AnthropicEvents._block_delta,
    "content_block_stop": AnthropicEvents._block_stop,
    "message_delta": AnthropicEvents._message_delta,
    "message_stop": AnthropicEvents._message_stop,
}

_DELTAS: dict[str, Callable[[int, Any], StreamEvent]] = {
    "text_delta": lambda index, delta: TextDelta(index, _given(delta["text"])),
    "thinking_delta": lambda index, delta: ThinkingDelta(index, _given(delta["thinking"])),
    "signature_delta": lambda index, delta: SignatureDelta(index, _given(delta["signature"])),
    "input_json_delta": lambda index, delta: InputJsonDelta(index, _given(delta["partial_json"])),
    "citations_delta": lambda index, delta: CitationsDelta(index, _kept(delta["citation"])),
}


def _given(value: Any) -> str:
    """Return a delta's text; a delta without one is malformed."""
    if not isinstance(value, str):
        raise TypeError
    return sendable(value)


def _index(event: Any) -> int:
    index = reading.count(event["index"])
    if index is None:
        raise TypeError
    return index


def _text(value: Any) -> str:
    return sendable(value) if isinstance(value, str) else ""


def _name(value: Any) -> str:
    return reading.name(_text(value))


def _as_json(model: Any) -> object:
    """Return a part of a message as it stood on the wire; None for what is no object, or nested too deeply."""
    try:
        return model.model_dump(mode="json", by_alias=True, exclude_unset=True, warnings=False)
    except (AttributeError, RecursionError, ValueError):
        return None


def _kept(wire: object) -> JsonObject:
    """Return an object of the wire as it can be kept; ValueError if it is nested too deeply."""
    kept = reading.bounded_object(wire)
    text = json.dumps(kept, ensure_ascii=False)
    return kept if sendable(text) is text else reading.bounded_object(json.loads(sendable(text)))


def _usage(usage: object) -> Usage:
    counts = reading.mapping(usage)
    searches = reading.mapping(counts.get("server_tool_use")).get("web_search_requests")
    return Usage.from_json({**counts, "web_search_requests": searches})
