"""Asking for the rest of a reply, and making one seamless stream of it and what came before."""

from __future__ import annotations

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
from tui_chat.chat.request import ReplyRequest, Turn, without_blank_texts
from tui_chat.patterns import pattern
from tui_chat.records import replace
from tui_chat.streaming.seam import Seam, anchor_of

_CUT_OFF = "Your previous response was cut off"
_QUESTION = (
    f"{_CUT_OFF} before its end. It ended with:\n<tail>{{tail}}</tail>\n"
    "Continue from exactly there. So that both parts can be joined, begin with these last words of it once more, "
    "character for character, and write on right after them:\n<again>{again}</again>\n"
    "Repeat nothing else, do not start over, do not open again what is open, do not comment on the interruption."
)
_TAIL_CHARACTERS = 300
_TAGS = ("<tail>", "</tail>", "<again>", "</again>")
_ECHO = pattern(rf"\A\s*{_CUT_OFF}[^.:\n]*[.:\n]\s*")


def request_for_rest(request: ReplyRequest, parts: tuple[Part, ...], *, prefill: bool) -> ReplyRequest:
    """Return the request whose reply goes on from `parts`.

    Servers of one's own mostly go on with a reply that is begun for them. Few of the vendors' models still take that;
    they are asked in a turn of the user's. A reply cannot well begin in the middle of a word or with a space, so it is
    to begin a few words earlier.
    """
    partial = text_of(parts).rstrip()
    begun = Turn(Role.ASSISTANT, (TextPart(partial),))
    if prefill:
        return replace(request, turns=(*request.turns, begun))
    question = _QUESTION.format(tail=partial[-_TAIL_CHARACTERS:], again=anchor_of(partial))
    return replace(request, turns=(*request.turns, begun, Turn(Role.USER, (TextPart(question),))))


def request_after_pause(request: ReplyRequest, parts: tuple[Part, ...]) -> ReplyRequest:
    """Return the request that has a paused turn go on: what came, as it came, and nothing asked."""
    return replace(request, turns=(*request.turns, Turn(Role.ASSISTANT, without_blank_texts(parts))))


class OwnWords:
    """Takes our own words out of what a small model makes of the question."""

    def __init__(self, before: str) -> None:
        self._tags = [tag for tag in _TAGS if tag not in before]
        self._held = ""
        self._begins = True

    def feed(self, text: str) -> str:
        """Return the text without them; what may become one of them is held."""
        self._held += text
        if self._begins and self._may_be_echo():
            return ""
        self._held, self._begins = _ECHO.sub("", self._held) if self._begins else self._held, False
        for tag in self._tags:
            self._held = self._held.replace(tag, "")
        held = self._begun_tag()
        self._held, clear = self._held[len(self._held) - held :], self._held[: len(self._held) - held]
        return clear

    def flush(self) -> str:
        """Return what was held; it has become none of them."""
        held, self._held = self._held, ""
        return held

    def _may_be_echo(self) -> bool:
        """True if it begins as the question does, and that sentence has not ended."""
        begun = self._held.lstrip()
        return _CUT_OFF.startswith(begun) or (begun.startswith(_CUT_OFF) and not _ECHO.match(self._held))

    def _begun_tag(self) -> int:
        """Return the number of characters at the end that may be the beginning of a tag."""
        at = self._held.rfind("<")
        begun = self._held[at:] if at >= 0 else ""
        return len(begun) if any(tag.startswith(begun) for tag in self._tags) else 0


class Continuation:
    """Maps the events of the rest so that they go on where the earlier ones ended.

    Its first text block joins the last text block of what came; its other blocks come after that one. Whoever reads the
    mapped events needs to know nothing of a seam.
    """

    def __init__(self, text: str, last_index: int, *, prefilled: bool) -> None:
        self._seam = Seam(text)
        self._own_words = None if prefilled else OwnWords(text)
        self._prefilled = prefilled
        self._joined: int | None = None
        self._last_index = last_index

    @property
    def guessed(self) -> bool:
        """True if text was added that nothing proves to be the rest; a reply begun for the model goes on by itself."""
        return self._seam.guessed and not self._prefilled

    def map(self, event: StreamEvent) -> list[StreamEvent]:
        """Return the events that `event` stands for."""
        match event:
            case MessageStart():
                return []  # the reply has begun already; the caller has its usage
            case BlockStart(index, "text") if self._joins(index):
                return []
            case TextDelta(index, text) if self._joins(index):
                return self._text(self._seam.feed(self._own_words.feed(text) if self._own_words else text))
            case BlockStop(index) if index == self._joined:
                return [*self._flushed(), BlockStop(self._last_index)]
            case MessageStop():
                return [*self._flushed(), event]
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

    def end(self) -> list[StreamEvent]:
        """Return what is still held of a rest that was cut off itself."""
        return self._text(self._seam.break_off())

    def _flushed(self) -> list[StreamEvent]:
        last = self._seam.feed(self._own_words.flush()) if self._own_words else ""
        return self._text(last + self._seam.flush())

    def _joins(self, index: int) -> bool:
        """True if this block's text goes on with the earlier text; the first text block does."""
        if self._joined is None:
            self._joined = index
        return self._joined == index

    def _index(self, index: int) -> int:
        return self._last_index if index == self._joined else self._last_index + 1 + index

    def _text(self, text: str) -> list[StreamEvent]:
        return [TextDelta(self._last_index, text)] if text else []
