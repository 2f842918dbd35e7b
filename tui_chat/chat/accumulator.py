"""From stream events to a message's parts: the same for a streamed reply, a batch one and a journal read again."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from tui_chat.chat.events import (
    BlockStart,
    BlockStop,
    CitationsDelta,
    InputJsonDelta,
    JsonObject,
    MessageDelta,
    MessageStart,
    MessageStop,
    ReplyRestarted,
    SignatureDelta,
    StreamEvent,
    TextDelta,
    ThinkingDelta,
    ToolAnswered,
)
from tui_chat.chat.parts import OpaquePart, Part, TextPart, ThinkingPart, ToolCallPart, ToolResultPart, text_of
from tui_chat.chat.usage import Usage
from tui_chat.records import dataclass, field, replace

OWN_CALL = "tool_use"
"""The kind of block that calls a tool of ours."""
TOOL_CALLS = frozenset({OWN_CALL, "server_tool_use", "mcp_tool_use"})
"""The block types whose deltas are a tool's arguments."""


@dataclass(slots=True)
class _Block:
    """One content block while it comes; texts are kept in pieces, so that each delta costs the same."""

    kind: str
    block: JsonObject = field(default_factory=dict)
    pieces: list[str] = field(default_factory=list)
    signature: str = ""
    citations: list[JsonObject] = field(default_factory=list)
    began: float | None = None
    """The time of its first event, as far as that is timed; `last` is that of the last one."""
    last: float = 0.0

    def seen(self, now: float) -> None:
        """Note the time of an event of it."""
        self.began = now if self.began is None else self.began
        self.last = now

    def part(self) -> Part | None:
        text = "".join(self.pieces)
        self.pieces = [text]  # the pieces of a long text take twenty times its memory
        if self.kind == "text":
            return TextPart(text, tuple(self.citations))
        if self.kind == "thinking":
            duration_ms = None if self.began is None else round((self.last - self.began) * 1000, 1)
            return ThinkingPart(text, self.signature, duration_ms)
        if self.kind in TOOL_CALLS:
            return self._tool_call(text)
        return OpaquePart(self.kind, self.block) if self.kind else None

    def _tool_call(self, arguments: str) -> ToolCallPart:
        id, name = str(self.block.get("id") or ""), str(self.block.get("name") or "")
        said = {"id", "name", "input"} | ({"type"} if self.kind in (OWN_CALL, "server_tool_use") else set())
        more = {field: value for field, value in self.block.items() if field not in said}
        return ToolCallPart(id, name, arguments, self.kind != OWN_CALL, more)


class ReplyAccumulator:
    """Adds up the events of one reply: parts in order of their index, usage, why it stopped."""

    def __init__(self, base: tuple[Part, ...] = (), clock: Callable[[], float] | None = None) -> None:
        self.clock = clock
        """Times the thinking; None where events do not come as they are made, in a batch reply or a journal."""
        self.id = ""
        self.model = ""
        self.usage = Usage()
        self.stop_reason: str | None = None
        self.stop_details: JsonObject | None = None
        self.complete = False
        """True if message_stop came; nothing after it counts."""
        self.text_length = 0
        """Characters of text so far."""
        self._base = base
        self._blocks: dict[int, _Block] = {}
        self._results: list[ToolResultPart] = []
        """Of the calls in these blocks; the next message begins after them."""
        self._restart()

    def extend(self, events: Iterable[StreamEvent]) -> ReplyAccumulator:
        """Add several events."""
        for event in events:
            self.add(event)
        return self

    def add(self, event: StreamEvent) -> None:
        """Add one event; whatever follows message_stop is ignored."""
        if self.complete:
            return
        match event:
            case TextDelta(index, text):
                self._block(index, "text").pieces.append(text)
                self.text_length += len(text)
            case ThinkingDelta(index, text):
                self._block(index, "thinking").pieces.append(text)
                self._time(index)
            case InputJsonDelta(index, partial_json):
                self._block(index, "tool_use").pieces.append(partial_json)
            case SignatureDelta(index, signature):
                self._block(index, "thinking").signature = signature
            case CitationsDelta(index, citation):
                self._block(index, "text").citations.append(citation)
            case BlockStart(index, kind, block):
                self._open(index, kind, block)
            case ReplyRestarted():
                self._restart()
            case ToolAnswered():
                self._results.append(result_of(event))
            case MessageStart(id, model, usage):
                self._begin_round()
                self.id, self.model, self.usage = id, model, _counted_at_start(usage)
            case MessageDelta(stop_reason, usage, stop_details):
                self.stop_reason = stop_reason or self.stop_reason
                self.stop_details = stop_details or self.stop_details
                self.usage = self.usage.updated(usage)
            case BlockStop(index):
                self._time(index)
            case MessageStop():
                self.complete = True

    @property
    def answered(self) -> bool:
        """True if calls have been answered, and nothing has come of the request that goes on after that."""
        return bool(self._results)

    @property
    def last_index(self) -> int:
        """The index of the last block; -1 while there is none."""
        return max(self._blocks, default=-1)

    @property
    def parts(self) -> tuple[Part, ...]:
        """The parts so far; the text that continues an earlier reply is joined to that reply's last text."""
        return self.parts_without(())

    def parts_without(self, left_out: Collection[int]) -> tuple[Part, ...]:
        """Return the parts so far without those of some blocks."""
        parts = [self._blocks[index].part() for index in sorted(self._blocks) if index not in left_out]
        return (*_joined(self._base, tuple(part for part in parts if part is not None)), *self._results)

    def _begin_round(self) -> None:
        """Go on after the results of calls; without any, the same reply begins or goes on."""
        if self._results:
            self._base = self.parts
            self._blocks.clear()
            self._results.clear()

    def _restart(self) -> None:
        """Keep nothing but what the reply had before."""
        self._blocks.clear()
        self._results.clear()
        self.text_length = len(text_of(self._base))

    def _block(self, index: int, kind: str) -> _Block:
        """Return the block of a delta, opened now if its start never came."""
        return self._blocks.setdefault(index, _Block(kind))

    def _open(self, index: int, kind: str, block: JsonObject) -> None:
        """Give a block its type; a second start, or one after its deltas, loses none of its text."""
        opened = self._block(index, kind)
        opened.kind, opened.block = kind, block
        self._time(index)

    def _time(self, index: int) -> None:
        """Note when an event of thinking came."""
        block = self._blocks.get(index)
        if self.clock is not None and block is not None and block.kind == "thinking":
            block.seen(self.clock())


def _counted_at_start(usage: Usage) -> Usage:
    """Return what a reply's start counts: its output is a placeholder, and so is a request of no tokens."""
    return replace(usage, input_tokens=usage.input_tokens if usage.prompt_tokens else None, output_tokens=None)


def _joined(base: tuple[Part, ...], new: tuple[Part, ...]) -> tuple[Part, ...]:
    match base[-1:], new[:1]:
        case (TextPart(before, citations=()),), (TextPart(after, citations=()),):  # what is cited ends with its block
            return (*base[:-1], TextPart(before + after), *new[1:])
    return (*base, *new)


def result_of(answered: ToolAnswered) -> ToolResultPart:
    """Return the result of a call as the message keeps it."""
    return ToolResultPart(answered.call_id, answered.text, answered.failed, answered.refused, answered.duration_ms)
