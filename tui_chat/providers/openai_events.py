"""Chat Completions chunks as our events: a thin, total map that never raises, whatever a server sends."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tui_chat.chat.citations import URL_CITATION
from tui_chat.chat.events import (
    BlockStart,
    BlockStop,
    CitationsDelta,
    InputJsonDelta,
    JsonObject,
    MessageDelta,
    MessageStart,
    MessageStop,
    StreamEvent,
    TextDelta,
    ThinkingDelta,
)
from tui_chat.chat.usage import Usage
from tui_chat.providers.utf8 import sendable
from tui_chat.text import reading

STOP_REASONS = {
    "stop": "end_turn",
    "length": "max_tokens",
    "tool_calls": "tool_use",
    "function_call": "tool_use",
    "content_filter": "refusal",
}

REASONING_FIELDS = ("reasoning_content", "reasoning")
"""The fields for thinking that servers use; the wire itself has none."""


class OpenAIEvents:
    """Maps one reply's chunks. This wire has no blocks: one opens when text of another kind comes."""

    def __init__(self) -> None:
        self.started = False
        self.stop_reason: str | None = None
        self._stop_details: JsonObject | None = None
        self._usage = Usage()
        self._next_index = 0
        self._open: tuple[str, int] | None = None
        """The block of text or thinking that is open."""
        self._calls: dict[int, int] = {}
        """The index of the block of each tool call, by the wire's own index."""

    @property
    def flowing(self) -> bool:
        """True if the first token has come."""
        return self._next_index > 0

    @property
    def finished(self) -> bool:
        """True if the server said why it stopped: the reply is whole."""
        return self.stop_reason is not None

    def map(self, chunk: Any) -> Iterator[StreamEvent]:
        """Yield our events for one chunk, as JSON."""
        if not self.started and chunk is not None:
            self.started = True
            yield MessageStart(_name(chunk, "id"), _name(chunk, "model"))
        self._note_usage(_field(chunk, "usage"))
        choices = _field(chunk, "choices")
        for choice in choices[:1] if isinstance(choices, list) else ():
            yield from self._delta(_field(choice, "delta"))
            self._note_finish(choice)

    def map_completion(self, completion: Any) -> Iterator[StreamEvent]:
        """Yield a whole completion, as the SDK has it, as the events that a stream of it would have had."""
        yield MessageStart(_name(completion, "id"), _name(completion, "model"))
        self._note_usage(_field(completion, "usage"))
        choices = _field(completion, "choices")
        for choice in choices[:1] if isinstance(choices, list) else ():
            yield from self._delta(_field(choice, "message"))
            self._note_finish(choice)
        yield from self.end()

    def end(self) -> Iterator[StreamEvent]:
        """Yield what comes after the last chunk: blocks close, and the sums."""
        yield from self._close()
        yield from (BlockStop(index) for index in self._calls.values())
        yield MessageDelta(self.stop_reason, self._usage, self._stop_details)
        yield MessageStop()

    def _delta(self, delta: Any) -> Iterator[StreamEvent]:
        if thinking := next(filter(None, (_text(delta, field) for field in REASONING_FIELDS)), ""):
            yield from self._into("thinking")
            yield ThinkingDelta(self._index, thinking)
        annotations = _field(delta, "annotations")
        for citation in map(_citation, annotations if isinstance(annotations, list) else ()):
            if citation is not None:  # before the text that comes with it: then that can have its numbers
                yield from self._into("text")
                yield CitationsDelta(self._index, citation)
        if text := _text(delta, "content"):
            yield from self._into("text")
            yield TextDelta(self._index, text)
        if refusal := _text(delta, "refusal"):
            yield from self._into("text")
            yield TextDelta(self._index, refusal)
        calls = _field(delta, "tool_calls")
        for position, call in enumerate(calls if isinstance(calls, list) else ()):
            yield from self._call(position, call)

    def _call(self, position: int, call: Any) -> Iterator[StreamEvent]:
        function = _field(call, "function")
        given = reading.count(_field(call, "index"))
        number = position if given is None else given
        if number not in self._calls:
            yield from self._close()
            self._calls[number] = self._take_index()
            block = {"type": "tool_use", "id": _name(call, "id"), "name": _name(function, "name"), "input": {}}
            yield BlockStart(self._calls[number], "tool_use", block)
        if arguments := _text(function, "arguments"):
            yield InputJsonDelta(self._calls[number], arguments)

    def _into(self, kind: str) -> Iterator[StreamEvent]:
        """Go on in a block of this kind, in a new one if another is open."""
        if self._open is not None and self._open[0] == kind:
            return
        yield from self._close()
        self._open = kind, self._take_index()
        yield BlockStart(self._index, kind, {"type": kind})

    def _close(self) -> Iterator[StreamEvent]:
        if self._open is not None:
            yield BlockStop(self._index)
            self._open = None

    @property
    def _index(self) -> int:
        return self._open[1] if self._open is not None else 0

    def _take_index(self) -> int:
        self._next_index += 1
        return self._next_index - 1

    def _note_finish(self, choice: Any) -> None:
        reason = _name(choice, "finish_reason")
        if reason:
            self.stop_reason = STOP_REASONS.get(reason, reason)
            self._stop_details = {"finish_reason": reason}

    def _note_usage(self, usage: Any) -> None:
        if usage is None:
            return
        details = _field(usage, "prompt_tokens_details")
        read, written = _count(details, "cached_tokens"), _count(details, "cache_write_tokens")
        prompt = _count(usage, "prompt_tokens")
        fresh = max(0, prompt - (read or 0) - (written or 0)) if prompt is not None else None
        self._usage = self._usage.updated(Usage(fresh, _count(usage, "completion_tokens"), read, written))


def _field(holder: Any, name: str) -> Any:
    """Return a field of a chunk, which is JSON, or of a completion, which the SDK has as objects; None for no field."""
    return holder.get(name) if isinstance(holder, dict) else getattr(holder, name, None)


def _citation(annotation: Any) -> JsonObject | None:
    """Return an address that the text cites, from whatever the SDK has made of it; None for anything else."""
    plain = annotation if isinstance(annotation, dict) else getattr(annotation, "__dict__", {})
    cited = plain.get(URL_CITATION)
    fields = cited if isinstance(cited, dict) else getattr(cited, "__dict__", {})
    texts = {name: sendable(fields[name]) for name in ("url", "title") if isinstance(fields.get(name), str)}
    places = {name: reading.count(fields.get(name)) for name in ("start_index", "end_index")}
    return {"type": URL_CITATION, **texts, **places} if "url" in texts else None


def _text(holder: Any, field: str) -> str:
    value = _field(holder, field)
    return sendable(value) if isinstance(value, str) else ""


def _name(holder: Any, field: str) -> str:
    return reading.name(_text(holder, field))


def _count(holder: Any, field: str) -> int | None:
    return reading.count(_field(holder, field))
