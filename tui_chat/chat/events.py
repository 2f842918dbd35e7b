"""Stream events: the vendor's own, one to one, under the names of the wire.

A provider yields them in the order in which they come; `ReplyAccumulator` makes a message of them, the screen shows
them, the journal keeps them. What is unknown never becomes an event. `ReplyRestarted` and `ToolAnswered` are of the
program's own making: they come between the events of two requests, never from a provider.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import groupby
from typing import ClassVar, TypeAlias

from tui_chat.chat.usage import Usage
from tui_chat.records import dataclass, field, fields
from tui_chat.text import reading

JsonObject: TypeAlias = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class MessageStart:
    """The reply has begun: its id, its model, and what the request counted."""

    type: ClassVar[str] = "message_start"
    id: str = ""
    model: str = ""
    usage: Usage = field(default_factory=Usage)


@dataclass(frozen=True, slots=True)
class BlockStart:
    """A content block opens; `block` is as it stood on the wire, `kind` its type."""

    type: ClassVar[str] = "content_block_start"
    index: int
    kind: str
    block: JsonObject = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TextDelta:
    """More text of a text block."""

    type: ClassVar[str] = "text_delta"
    index: int
    text: str


@dataclass(frozen=True, slots=True)
class ThinkingDelta:
    """More text of a thinking block."""

    type: ClassVar[str] = "thinking_delta"
    index: int
    text: str


@dataclass(frozen=True, slots=True)
class SignatureDelta:
    """The signature that lets a thinking block be sent back."""

    type: ClassVar[str] = "signature_delta"
    index: int
    signature: str


@dataclass(frozen=True, slots=True)
class InputJsonDelta:
    """More of a tool call's arguments, as raw JSON text."""

    type: ClassVar[str] = "input_json_delta"
    index: int
    partial_json: str


@dataclass(frozen=True, slots=True)
class CitationsDelta:
    """A citation of a text block, as it stood on the wire."""

    type: ClassVar[str] = "citations_delta"
    index: int
    citation: JsonObject


@dataclass(frozen=True, slots=True)
class BlockStop:
    """A content block is complete."""

    type: ClassVar[str] = "content_block_stop"
    index: int


@dataclass(frozen=True, slots=True)
class MessageDelta:
    """News about the whole message: why it stopped, and usage so far (cumulative)."""

    type: ClassVar[str] = "message_delta"
    stop_reason: str | None = None
    usage: Usage = field(default_factory=Usage)
    stop_details: JsonObject | None = None
    """Further facts on why it stopped, as they stood on the wire."""


@dataclass(frozen=True, slots=True)
class MessageStop:
    """The reply is complete; without this event it never is."""

    type: ClassVar[str] = "message_stop"


@dataclass(frozen=True, slots=True)
class ReplyRestarted:
    """Voids what came of this request: it failed before its text, and the reply begins anew."""

    type: ClassVar[str] = "reply_restarted"


@dataclass(frozen=True, slots=True)
class ToolAnswered:
    """A call of the reply's has its result; the next request goes on from there, its blocks numbered anew."""

    type: ClassVar[str] = "tool_answered"
    call_id: str
    text: str
    failed: bool = False
    refused: bool = False
    """True if the call did not run, as the user did not allow it."""
    duration_ms: float | None = None
    """The time that the tool took; None where it did not run."""


StreamEvent: TypeAlias = (
    MessageStart
    | BlockStart
    | TextDelta
    | ThinkingDelta
    | SignatureDelta
    | InputJsonDelta
    | CitationsDelta
    | BlockStop
    | MessageDelta
    | MessageStop
    | ReplyRestarted
    | ToolAnswered
)

_TYPES: dict[str, type[StreamEvent]] = {
    event.type: event
    for event in (
        MessageStart,
        BlockStart,
        TextDelta,
        ThinkingDelta,
        SignatureDelta,
        InputJsonDelta,
        CitationsDelta,
        BlockStop,
        MessageDelta,
        MessageStop,
        ReplyRestarted,
        ToolAnswered,
    )
}


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("not a text")
    return value


def _index(value: object) -> int:
    index = reading.count(value)
    if index is None:
        raise ValueError("not an index")
    return index


_READERS: Mapping[str, Callable[[object], object]] = {
    "index": _index,
    "text": _text,
    "partial_json": _text,
    "signature": _text,
    "id": reading.name,
    "call_id": reading.name,
    "failed": lambda value: value is True,
    "refused": lambda value: value is True,
    "duration_ms": reading.figure,
    "model": reading.name,
    "kind": reading.name,
    "block": reading.bounded_object,
    "citation": reading.bounded_object,
    "usage": lambda value: Usage.from_json(reading.mapping(value)),
    "stop_reason": lambda value: reading.name(value) or None,
    "stop_details": lambda value: None if value is None else reading.bounded_object(value),
}
"""The readers of an event's fields."""


def event_to_json(event: StreamEvent) -> dict[str, object]:
    """Return an event as a JSON object whose `type` is its name on the wire."""
    values = {item.name: getattr(event, item.name) for item in fields(event)}
    return {"type": event.type} | {
        name: value.to_json() if isinstance(value, Usage) else value for name, value in values.items()
    }


def event_from_json(data: Mapping[str, object]) -> StreamEvent:
    """Return the event that `event_to_json` wrote; KeyError, TypeError or ValueError if it cannot have."""
    event: Callable[..., StreamEvent] = _TYPES[reading.name(data.get("type"))]
    return event(**{field: read(data[field]) for field, read in _READERS.items() if field in data})


def coalesced(events: Iterable[StreamEvent]) -> Iterator[StreamEvent]:
    """Yield the same events with runs of deltas of one block joined: fewer and larger, equal in effect."""
    for _, group in groupby(events, key=_run_of):
        run = list(group)
        yield run[0] if len(run) == 1 else _joined(run)


def _run_of(event: StreamEvent) -> object:
    """Return what neighbours must share to be joined; nothing equals the key of an event that stands alone."""
    if isinstance(event, TextDelta | ThinkingDelta | InputJsonDelta):
        return type(event), event.index
    return object()


def _joined(run: list[StreamEvent]) -> StreamEvent:
    texts = [event.partial_json if isinstance(event, InputJsonDelta) else event.text for event in _deltas(run)]
    first = next(_deltas(run))
    return type(first)(first.index, "".join(texts))


def _deltas(run: list[StreamEvent]) -> Iterator[TextDelta | ThinkingDelta | InputJsonDelta]:
    return (event for event in run if isinstance(event, TextDelta | ThinkingDelta | InputJsonDelta))
