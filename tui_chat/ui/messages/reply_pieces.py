"""The pieces that a reply comes in, for those who draw it: runs of parts, the ends of texts, raw text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from tui_chat.chat.events import (
    BlockStart,
    BlockStop,
    InputJsonDelta,
    StreamEvent,
    TextDelta,
    ThinkingDelta,
    ToolAnswered,
)
from tui_chat.chat.parts import OpaquePart, Part, TextPart, ThinkingPart, ToolCallPart, ToolResultPart


def runs(parts: tuple[Part, ...]) -> Iterator[Sequence[Part]]:
    """Yield the parts, each alone but for texts that follow each other: one with citations comes in many blocks."""
    for are_texts, found in groupby(parts, key=lambda part: isinstance(part, TextPart)):
        group = tuple(found)
        yield from [group] if are_texts else ([part] for part in group)


def ends_text(event: StreamEvent) -> bool:
    """True if text after this event is no longer of the text before it."""
    if isinstance(event, BlockStart):
        return event.kind not in ("", "text")
    return isinstance(event, ThinkingDelta | InputJsonDelta | ToolAnswered)


def raw_text_of(part: Part) -> str:
    """Return the raw text of a part, where it cannot be drawn."""
    match part:
        case TextPart(text=text) | ThinkingPart(text=text) | ToolCallPart(arguments=text) | ToolResultPart(text=text):
            return text
        case OpaquePart(block=block):
            return str(block.get("raw", ""))
    return ""


def raw_text_in(event: StreamEvent) -> tuple[int, str]:
    """Return the index of the block that an event belongs to, -1 for none, and the text that it brings."""
    match event:
        case TextDelta(index, text) | ThinkingDelta(index, text) | InputJsonDelta(index, text):
            return index, text
        case BlockStart(index=index) | BlockStop(index=index):
            return index, ""
    return -1, ""
