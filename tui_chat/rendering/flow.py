"""Running text: paragraphs, headings, formulas and HTML, wrapped at the width."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable

from rich.segment import Segment

from tui_chat.rendering.block import Place, Referring
from tui_chat.rendering.inline import PLAIN, Prose, Span, is_wrapped
from tui_chat.rendering.leaves import Leaf
from tui_chat.rendering.painting import Painter, Tone
from tui_chat.rendering.wrapping import wrap

Reader = Callable[[Leaf, bool], Prose]
"""Reads a leaf's Markdown; told whether more of it is to come."""


class Flow(Referring):
    """Text that may grow at its end: what is settled is read and wrapped once."""

    def __init__(self, tone: Tone, read: Reader, *, underlined: bool = False) -> None:
        self._tone = tone
        self._read = read
        self._underlined = underlined
        self._leaves: list[Leaf] = []
        self._prose = Prose()
        self._settled = (0, 0)
        self._rows: list[tuple[int, int]] = []
        self._settled_rows = 0
        self._width = 0

    def extend(self, leaf: Leaf, *, provisional: bool) -> None:
        length, count = self._settled
        added = self._read(leaf, provisional)
        text, spans = self._prose.text, self._prose.spans
        separator = self._separator(leaf) if length and leaf.lines and not leaf.joined else ""
        offset = length + len(separator)
        for span in added.spans:
            span.start += offset
            span.end += offset
        if separator == " ":
            added.spans.insert(0, Span(length, offset, PLAIN, None, leaf.at[0], False))
        before = Prose(text, spans[count:])
        spans[count:] = added.spans
        self._prose = Prose(text[:length] + separator + added.text, spans)
        same = _same_until(length, before, Prose(self._prose.text, added.spans))
        if not provisional:
            self._leaves.append(leaf)
            self._settled = len(self._prose.text), len(spans)
        self._wrap(same)

    def _separator(self, leaf: Leaf) -> str:
        before = next((known.lines[-1] for known in reversed(self._leaves) if known.lines), "")
        return " " if leaf.kind == "paragraph" and is_wrapped(before, leaf.lines[0]) else "\n"

    def read_again(self) -> None:
        leaves, self._leaves = self._leaves, []
        self._settled, self._prose, self._settled_rows = (0, 0), Prose(), 0
        for leaf in leaves:
            self.extend(leaf, provisional=False)

    def lay_out(self, width: int, painter: Painter) -> None:
        if width != self._width:
            self._width, self._settled_rows = width, 0
            self._wrap(0)

    def _wrap(self, same: int) -> None:
        """Wrap what follows the last row that can no longer change; the text is the one before up to `same`."""
        if not self._width:
            return
        kept = self._settled_rows
        before = self._rows[kept:]
        rows = wrap(self._prose.text, self._width, self._rows[kept][0] if kept else 0)
        self._rows[kept:] = rows
        self.height = len(self._rows) + self._underlined
        pairs = enumerate(zip(before, rows, strict=False))
        row = next((row for row, (old, new) in pairs if old != new or new[1] > same), min(len(before), len(rows)))
        self.changed = min(self.changed, kept + row)
        # The last word of what is settled may grow and move to the next row, or shrink and move back.
        self._settled_rows = max(bisect_left(self._rows, (self._settled[0], 0)) - 2, 0)

    def row(self, y: int, painter: Painter) -> list[Segment]:
        if y == len(self._rows):
            return [Segment(("-" if painter.look.ascii else "─") * self._width, painter.look.heading_rule)]
        return painter.segments(self._tone, self._prose, *self._rows[y])

    def source_at(self, row: int, x: int) -> int:
        start, end = self._rows[min(row, len(self._rows) - 1)]
        return self._prose.source_at(min(start + x, end))

    def find(self, pattern: re.Pattern[str]) -> list[Place]:
        return [self._place(*match.span()) for match in pattern.finditer(self._prose.text)]

    def _place(self, start: int, end: int) -> Place:
        first, last = self._row_of(start), self._row_of(end - 1)
        return Place(first, start - self._rows[first][0], last, end - self._rows[last][0])

    def _row_of(self, position: int) -> int:
        return max(bisect_right(self._rows, (position, len(self._prose.text))) - 1, 0)


def _same_until(settled: int, before: Prose, after: Prose) -> int:
    """Up to where two versions of a text look the same, of which the spans are those that are not settled."""
    same = settled
    for old, new in zip(before.spans, after.spans, strict=False):
        if old != new or before.text[old.start : old.end] != after.text[new.start : new.end]:
            return _same_within(before, after, old, new)
        same = new.end
    return same


def _same_within(before: Prose, after: Prose, old: Span, new: Span) -> int:
    end = min(old.end, new.end)
    alike = (old.start, old.marks, old.link) == (new.start, new.marks, new.link)
    return end if alike and before.text[old.start : end] == after.text[new.start : end] else min(old.start, new.start)
