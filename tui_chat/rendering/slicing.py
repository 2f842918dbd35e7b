"""Takes a text in slices that are quickly worked on."""

from __future__ import annotations

from collections import deque

MAX_CHARACTERS = 800
_PIECE = 16_000
MAX_LINES = 12


def in_pieces(text: str) -> list[str]:
    """Return the text in pieces from which slices are quickly taken: the rest of a piece is copied each time."""
    return [text[start : start + _PIECE] for start in range(0, len(text), _PIECE)]


def take_slice(texts: deque[str]) -> str:
    """Take a slice off the first of these texts: so many characters, and so many lines, at most."""
    text = texts.popleft()
    end = min(_end_of_line(text, MAX_LINES), MAX_CHARACTERS)
    if end < len(text):
        texts.appendleft(text[end:])
    return text[:end]


def _end_of_line(text: str, count: int) -> int:
    """Return the offset where that many lines end; the length of the text if it has fewer."""
    end = 0
    for _ in range(count):
        end = text.find("\n", end, MAX_CHARACTERS) + 1
        if not end:
            return len(text)
    return end
