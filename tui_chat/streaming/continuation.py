"""Asking for the rest of a reply, and making one seamless stream of it and what came before."""

from __future__ import annotations

from dataclasses import replace

from tui_chat.chat.events import (
    BlockStart,
    BlockStop,
    CitationsDelta,
    InputJsonDelta,
    MessageStart,
    MessageStop,
    SignatureDelta,
    StreamEvent,
    TextDelta,
    ThinkingDelta,
)
from tui_chat.chat.message import Role
from tui_chat.chat.parts import Part, TextPart, text_of
from tui_chat.chat.request import ReplyRequest, Turn
from tui_chat.streaming.seam import Seam, anchor_of

_QUESTION = (
    "Your previous response was cut off before its end. It ended with:\n<tail>{tail}</tail>\n"
    "Continue from exactly there. So that both parts can be joined, begin with these last words of it once more, "
    "character for character, and write on right after them:\n<again>{again}</again>\n"
    "Repeat nothing else, do not start over, do not open again what is open, do not comment on the interruption."
)
_TAIL_CHARACTERS = 300


def request_for_rest(request: ReplyRequest, parts: tuple[Part, ...]) -> ReplyRequest:
    """The request whose reply goes on from `parts`.

    It asks in a turn of the user's: few models still take a reply that is begun for them, and all take this. A reply
    cannot well begin in the middle of a word or with a space, so it is to begin a few words earlier.
    """
    partial = text_of(parts).rstrip()
    question = _QUESTION.format(tail=partial[-_TAIL_CHARACTERS:], again=anchor_of(partial))
    return replace(
        request,
        turns=(
            *request.turns,
            Turn(Role.ASSISTANT, (TextPart(partial),)),
            Turn(Role.USER, (TextPart(question),)),
        ),
    )


def request_after_pause(request: ReplyRequest, parts: tuple[Part, ...]) -> ReplyRequest:
    """The request that has a paused turn go on: what came, as it came, and nothing asked."""
    return replace(request, turns=(*request.turns, Turn(Role.ASSISTANT, parts)))


class Continuation:
    """Maps the events of the rest so that they go on where the earlier ones ended.

    Its first text block joins the last text block of what came; its other blocks come after that one. Whoever reads the
    mapped events needs to know nothing of a seam. Where the rest is itself cut off, what the seam still holds is the
    beginning of a repetition, and will be asked for again.
    """

    def __init__(self, text: str, last_index: int) -> None:
        self._seam = Seam(text)
        self._joined: int | None = None
        self._last_index = last_index

    def map(self, event: StreamEvent) -> list[StreamEvent]:
        """The events that `event` stands for."""
        match event:
            case MessageStart():
                return []  # it would begin the reply anew; the caller has its usage
            case BlockStart(index, "text") if self._joins(index):
                return []
            case TextDelta(index, text) if self._joins(index):
                return self._text(self._seam.feed(text))
            case BlockStop(index) if index == self._joined:
                return [*self._text(self._seam.flush()), BlockStop(self._last_index)]
            case MessageStop():
                return [*self._text(self._seam.flush()), event]
            case (
                BlockStart(index)
                | TextDelta(index)
                | ThinkingDelta(index)
                | SignatureDelta(index)
                | InputJsonDelta(index)
                | CitationsDelta(index)
                | BlockStop(index)
            ):
                return [replace(event, index=self._index(index))]
            case _:
                return [event]

    def _joins(self, index: int) -> bool:
        """Whether this block's text goes on with the earlier text; the first text block does."""
        if self._joined is None:
            self._joined = index
        return self._joined == index

    def _index(self, index: int) -> int:
        return self._last_index if index == self._joined else self._last_index + 1 + index

    def _text(self, text: str) -> list[StreamEvent]:
        return [TextDelta(self._last_index, text)] if text else []
