"""The search for the word under the cursor: `*` forwards, `#` backwards, and on from the other end of the text."""

from __future__ import annotations

import re

from tui_chat.ui.composer.vim.buffer import SPACE, Buffer, Span


def same_word(buffer: Buffer, at: int, times: int, *, forward: bool) -> int | None:
    """Return where the same word is so many times further on; None if there is no word from here on in the line."""
    word = _word_from(buffer, at)
    if word is None:
        return None
    found = re.finditer(re.escape(buffer.content[word.start : word.end]), buffer.content)
    places = [match.start() for match in found if _is_word(buffer, Span(*match.span()))]
    return places[(places.index(word.start) + (times if forward else -times)) % len(places)]


def _word_from(buffer: Buffer, at: int) -> Span | None:
    """Return the word at a place, or else the next one in the line; signs only where there are no letters."""
    rest = [start for start, _ in buffer.units(Span(at, buffer.line_end(at))) if buffer.kind(start) != SPACE]
    start = next((place for place in rest if _is_letter(buffer.content[place])), rest[0] if rest else None)
    if start is None:
        return None
    while start > buffer.line_start(start) and buffer.kind(buffer.before(start)) == buffer.kind(start):
        start = buffer.before(start)
    return Span(start, _end(buffer, start))


def _is_letter(character: str) -> bool:
    return character.isalnum() or character == "_"


def _is_word(buffer: Buffer, span: Span) -> bool:
    """True if it is a whole word."""
    begins = span.start == buffer.line_start(span.start) or (
        buffer.kind(buffer.before(span.start)) != buffer.kind(span.start)
    )
    return begins and buffer.unit(span.start)[0] == span.start and _end(buffer, span.start) == span.end


def _end(buffer: Buffer, start: int) -> int:
    kind, place = buffer.kind(start), start
    while place < buffer.line_end(start) and buffer.kind(place) == kind:
        place = buffer.after(place)
    return place
