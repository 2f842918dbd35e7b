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


_MANY_PARTS = 2
"""Parts of a paragraph that are cut because it is long."""


_MUCH, _MUCH_WIDE = 200_000, 6_000
"""Characters, and those in parts that are not ASCII, that take longer to wrap than a step may."""


class Flow(Referring):
    """Text that may grow at its end: what is settled is read and wrapped once."""

    def __init__(self, tone: Tone, read: Reader, *, underlined: bool = False) -> None:
        self._tone = tone
        self._read = read
        self._underlined = underlined
        self._leaves: list[Leaf] = []
        self._parts = [Prose()]
        """The text of each settled leaf; the last part may still change."""
        self._begins = [0]
        """The offset in the whole text at which each part begins."""
        self._wide = 0
        """Characters in parts that are not ASCII."""
        self._rows: list[tuple[int, int]] = []
        self._settled_rows = 0
        self._width = 0

    def extend(self, leaf: Leaf, *, provisional: bool) -> None:
        begin, before = self._begins[-1], self._parts[-1]
        added = self._read(leaf, provisional)
        if begin and leaf.lines and not leaf.joined:
            added = self._parted(leaf, added)
        self._parts[-1] = added
        if not provisional:
            self._leaves.append(leaf)
            self._parts.append(Prose())
            self._begins.append(begin + len(added.text))
            self._wide += 0 if added.text.isascii() else len(added.text)
        self._wrap(begin + _same_until(before, added))

    def _parted(self, leaf: Leaf, added: Prose) -> Prose:
        """Return the text after its separator: a line end, or a space if the line before only wraps a sentence."""
        before = next((known.lines[-1] for known in reversed(self._leaves) if known.lines), "")
        wrapped = leaf.kind == "paragraph" and is_wrapped(before, leaf.lines[0])
        for span in added.spans:
            span.start += 1
            span.end += 1
        gap = [Span(0, 1, PLAIN, None, leaf.at[0], False)] if wrapped else []
        return Prose((" " if wrapped else "\n") + added.text, gap + added.spans)

    @property
    def is_long(self) -> bool:
        return len(self._leaves) > _MANY_PARTS

    @property
    def is_slow(self) -> bool:
        return self._begins[-1] > _MUCH or self._wide > _MUCH_WIDE

    def read_again(self) -> None:
        leaves, self._leaves = self._leaves, []
        self._parts, self._begins, self._settled_rows, self._wide = [Prose()], [0], 0, 0
        for leaf in leaves:
            self.extend(leaf, provisional=False)
        self.changed = 0

    def lay_out(self, width: int, painter: Painter) -> None:
        if width != self._width:
            self._width, self._settled_rows = width, 0
            self._wrap(0)

    def _wrap(self, same: int) -> None:
        """Wrap what follows the last row that can no longer change; up to `same` the text is as before."""
        if not self._width:
            return
        kept = self._settled_rows
        start = self._rows[kept][0] if kept else 0
        part = self._part_at(start)
        begin = self._begins[part]
        text = "".join(prose.text for prose in self._parts[part:])
        rows = [(first + begin, last + begin) for first, last in wrap(text, self._width, start - begin)]
        before, self._rows[kept:] = self._rows[kept:], rows
        self.height = len(self._rows) + self._underlined
        pairs = enumerate(zip(before, rows, strict=False))
        row = next((row for row, (old, new) in pairs if old != new or new[1] > same), min(len(before), len(rows)))
        self.changed = min(self.changed, kept + row)
        # The last word of what is settled may grow and move to the next row, or shrink and move back.
        self._settled_rows = max(bisect_left(self._rows, (self._begins[-1], 0)) - 2, 0)

    def _part_at(self, position: int) -> int:
        return max(bisect_right(self._begins, position) - 1, 0)

    def row(self, y: int, painter: Painter) -> list[Segment]:
        if y == len(self._rows):
            return [Segment(("-" if painter.look.ascii else "─") * self._width, painter.look.heading_rule)]
        start, end = self._rows[y]
        segments: list[Segment] = []
        for part in range(self._part_at(start), self._part_at(max(end - 1, start)) + 1):
            begin = self._begins[part]
            segments += painter.segments(self._tone, self._parts[part], max(start - begin, 0), end - begin)
        return segments

    def source_at(self, row: int, x: int) -> int:
        start, end = self._rows[min(row, len(self._rows) - 1)]
        position = min(start + x, end)
        part = self._part_at(min(position, max(self._begins[-1] + len(self._parts[-1].text) - 1, 0)))
        while part and not self._parts[part].spans:
            part -= 1
        return self._parts[part].source_at(position - self._begins[part])

    def find(self, pattern: re.Pattern[str]) -> list[Place]:
        text = "".join(part.text for part in self._parts)
        return [self._place(*match.span()) for match in pattern.finditer(text)]

    def _place(self, start: int, end: int) -> Place:
        first, last = self._row_of(start), self._row_of(end - 1)
        return Place(first, start - self._rows[first][0], last, end - self._rows[last][0])

    def _row_of(self, position: int) -> int:
        return max(bisect_right(self._rows, position, key=_start_of) - 1, 0)


def _start_of(row: tuple[int, int]) -> int:
    return row[0]


def _same_until(before: Prose, after: Prose) -> int:
    """Return the offset up to which two versions of a text look the same."""
    same = 0
    for old, new in zip(before.spans, after.spans, strict=False):
        if old != new or before.text[old.start : old.end] != after.text[new.start : new.end]:
            return _same_within(before, after, old, new)
        same = new.end
    return same


def _same_within(before: Prose, after: Prose, old: Span, new: Span) -> int:
    end = min(old.end, new.end)
    alike = (old.start, old.marks, old.link) == (new.start, new.marks, new.link)
    return end if alike and before.text[old.start : end] == after.text[new.start : end] else min(old.start, new.start)
