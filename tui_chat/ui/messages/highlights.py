"""Finding a text in lines that are on the screen, and marking parts of a line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rich.segment import Segment
from rich.style import Style

from tui_chat.rendering import Hit, search_pattern


def find_in_lines(lines: Sequence[str], query: str) -> list[Hit]:
    """Return every place where the query stands, in any case; a space in it also matches a line's end."""
    pattern = search_pattern(query)
    if pattern is None:
        return []
    hits: list[Hit] = []
    line, top = 0, 0
    for match in pattern.finditer("\n".join(lines)):
        line, top = _line_at(lines, match.start(), line, top)
        end_line, end_top = _line_at(lines, match.end(), line, top)
        hits.append(Hit(line, match.start() - top, match.end() - end_top, end_line))
    return hits


def spans_on(line: int, length: int, hits: Iterable[Hit]) -> Iterator[tuple[int, int, Hit]]:
    """Yield the parts of a line that belong to hits: from which code point up to which."""
    for hit in hits:
        if hit.line <= line <= hit.end_line:
            yield hit.start if line == hit.line else 0, hit.end if line == hit.end_line else length, hit


def marked(segments: Sequence[Segment], span: tuple[int, int], mark: Style) -> list[Segment]:
    """Return the segments with another style between two code points; an end of -1 is the line's."""
    start, end = span
    result: list[Segment] = []
    at = 0
    for text, style, _ in segments:
        a = min(max(start - at, 0), len(text))
        b = len(text) if end == -1 else min(max(end - at, a), len(text))
        pieces = ((text[:a], style), (text[a:b], (style or Style()) + mark), (text[b:], style))
        result += [Segment(piece, piece_style) for piece, piece_style in pieces if piece]
        at += len(text)
    return result


def _line_at(lines: Sequence[str], position: int, line: int, top: int) -> tuple[int, int]:
    """Return the line that a position is on and where that line begins, searching from a given line on."""
    while position > top + len(lines[line]):
        top += len(lines[line]) + 1
        line += 1
    return line, top
