"""Finds text in what is shown, and marks it there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from rich.segment import Segment
from rich.style import Style

from tui_chat.patterns import pattern
from tui_chat.rendering.line import Line
from tui_chat.rendering.look import Look
from tui_chat.text import whole_end

if TYPE_CHECKING:
    from tui_chat.rendering.page import Page


class Hit(NamedTuple):
    """A place where the text searched for stands; it may run over the end of a line."""

    line: int
    start: int
    """In code points of the line's text, as `end`, which belongs to `end_line`."""
    end: int
    end_line: int


Marks = list[tuple[int, int, bool]]
"""The parts of a line that are hits: start, end, and whether it is the current one."""


_NUMBERS = r"(?:\[\d{1,4}\])*"
_AFTER_WORD = pattern(r"(?<=\w)(?=[^\w\s])")

EITHER = " | "
"""Stands between texts of which any may be found."""


def search_pattern(query: str) -> re.Pattern[str] | None:
    """Return what matches a query, whatever its case; its spaces match line breaks too. None for an empty one.

    `one | other` matches either. The numbers of sources that stand after words do not part these from what follows.
    """
    wordings = [_wording(wording) for wording in query.split(EITHER)]
    return re.compile("|".join(filter(None, wordings)), re.IGNORECASE) if any(wordings) else None


def _wording(wording: str) -> str:
    """Return the pattern of a wording."""
    words = (_NUMBERS.join(map(re.escape, _AFTER_WORD.split(word))) for word in wording.split())
    return rf"{_NUMBERS}\s+".join(words)


def find(page: Page, query: str) -> list[Hit]:
    """Return every place where the query is shown."""
    pattern = search_pattern(query)
    if pattern is None:
        return []
    hits: list[Hit] = []
    for entry in page:
        top = entry.top + entry.gap
        for place in entry.block.find(pattern):
            start = place.start + entry.margin.length(place.row)
            end = place.end + entry.margin.length(place.end_row)
            hits.append(Hit(top + place.row, start, end, top + place.end_row))
    return hits


def marks_by_line(page: Page, hits: Sequence[Hit], current: int | None) -> dict[int, Marks]:
    """Return the parts of each line that belong to hits."""
    marks: dict[int, Marks] = {}
    for index, hit in enumerate(hits):
        for line in range(hit.line, min(hit.end_line, page.height - 1) + 1):
            entry = page.entry_at(line)
            start = hit.start if line == hit.line else entry.margin.length(line - entry.top - entry.gap)
            end = hit.end if line == hit.end_line else len(page.line(line).text.rstrip())
            marks.setdefault(line, []).append((start, end, index == current))
    return marks


def mark_hits(line: Line, marks: Marks, look: Look) -> Line:
    """Return the line with its hits in their styles."""
    segments: list[Segment] = []
    position = 0
    for segment in line.segments:
        end = position + len(segment.text)
        edges = {
            position,
            end,
            *(min(whole_end(line.text, edge), end) for mark in marks for edge in mark[:2] if position < edge < end),
        }
        for begin, stop in pairwise(sorted(edges)):
            hit = next((current for start, last, current in marks if start <= begin < last), None)
            style = segment.style or Style()
            if hit is not None:
                style += look.current_hit if hit else look.hit
            segments.append(Segment(line.text[begin:stop], style))
        position = end
    return Line(segments, line.cells, line.text)
