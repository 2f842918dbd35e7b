"""Tables: columns as wide as they need while there is room, cells wrapped where there is not."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence

from rich.segment import Segment

from tui_chat.records import replace
from tui_chat.rendering.block import Place, Referring
from tui_chat.rendering.columns import column_widths
from tui_chat.rendering.inline import PLAIN, Prose, Span
from tui_chat.rendering.leaves import Cell, Leaf
from tui_chat.rendering.painting import Painter, Tone
from tui_chat.rendering.wrapping import longest_unit, wrap
from tui_chat.text import cell_len

CellReader = Callable[[Cell, bool], Prose]
"""Reads a cell's Markdown; told whether more of it is to come."""
_GAP = 3
_MIN_COLUMN = 4
"""With less room for each column a table is shown as a list of records."""
_DECIDING = 1_000
"""The cells, from the first on, that decide how wide the columns are; what comes below them moves no column."""


_MANY_CELLS = 2_000
"""More cells than these take longer to arrange than a step may."""


class _Row:
    """A row's cells, each with its natural and its least width."""

    def __init__(self, cells: Sequence[Prose], growing: int | None = None) -> None:
        self.cells = cells
        self.natural = [max(map(cell_len, cell.text.split("\n"))) for cell in cells]
        self.least = [longest_unit(cell.text) for cell in cells]
        self.height = 1
        self._wishes = list(self.natural)
        self._growing = growing
        if growing is not None:
            # A cell that is being written does not widen its column until it is whole.
            self.natural[growing] = self.least[growing] = 1
        self._lines: list[list[tuple[int, int]]] | None = None

    def fit(self, widths: Sequence[int], *, full: bool) -> None:
        """Wrap the cells in columns of these widths; where there is no more room, a growing one too."""
        self._lines, self.height = None, 1
        if not all(map(int.__le__, self._wishes, widths)) or any("\n" in cell.text for cell in self.cells):
            self._lines = [wrap(cell.text, width) for cell, width in zip(self.cells, widths, strict=True)]
            if self._growing is not None and not full:
                del self._lines[self._growing][1:]
            self.height = max(map(len, self._lines))

    def parts(self, column: int) -> Sequence[tuple[int, int]]:
        """Return the part of a cell's text that stands in each line of the row, as far as it goes."""
        return self._lines[column] if self._lines is not None else [(0, len(self.cells[column].text))]

    def part(self, column: int, index: int) -> tuple[int, int]:
        """Return the part of a cell's text that stands in a line of the row."""
        lines = self.parts(column)
        return lines[index] if index < len(lines) else (0, 0)

    def place(self, column: int, position: int) -> tuple[int, int]:
        """Return the line of the row in which a character of a cell stands, and its place there."""
        lines = self._lines[column] if self._lines is not None else [(0, 0)]
        line = max(bisect_right(lines, (position, len(self.cells[column].text))) - 1, 0)
        return line, position - lines[line][0]


class Table(Referring):
    """A table that may grow by rows: the widths depend on the widest cells, so they settle and then only grow."""

    spaced = True

    def __init__(self, leaf: Leaf, read: CellReader) -> None:
        self._read = read
        self._aligns = leaf.info.split()
        self._cells: list[list[Cell]] = []
        self._rows: list[_Row] = []
        self._begins: list[list[int]] = []
        """The place in the source at which each cell of each row begins."""
        self._settled = 0
        self._natural = [1] * len(self._aligns)
        self._least = [1] * len(self._aligns)
        self._width = 0
        self._widths: list[int] = []
        self._deciding = max(_DECIDING // max(len(self._aligns), 1), 2)
        """The number of rows that decide how wide the columns are."""
        self._known: dict[tuple[int, str], Prose] = {}
        self._shown: list[_Row] = []
        self._tops: list[int] = [0]

    def extend(self, leaf: Leaf, *, provisional: bool) -> None:
        first = self._settled
        del self._rows[first:], self._begins[first:]
        self._begins += [[cell.at for cell in cells] for cells in leaf.rows]
        for cells in leaf.rows:
            growing = _last_filled(cells) if provisional and cells is leaf.rows[-1] else None
            texts = [self._text(cell, column == growing) for column, cell in enumerate(cells)]
            self._rows.append(_Row(texts, growing if self._rows else None))
        if not provisional:
            self._cells.extend(leaf.rows)
            self._settled = len(self._rows)
            new = self._rows[first : self._deciding]
            self._natural = _widest(self._natural, [row.natural for row in new])
            self._least = _widest(self._least, [row.least for row in new])
        self._arrange(first)

    def _text(self, cell: Cell, growing: bool) -> Prose:
        """Return a cell's text; in the row that is being written it is read once, when the cell is whole."""
        if growing:
            return self._read(cell, True)
        known = self._known.pop((cell.at, cell.text), None)
        self._known[cell.at, cell.text] = text = known or self._read(cell, False)
        if len(self._known) > len(self._aligns):
            del self._known[next(iter(self._known))]
        return text

    @property
    def is_long(self) -> bool:
        return len(self._cells) > self._deciding

    @property
    def is_slow(self) -> bool:
        return len(self._rows) * len(self._aligns) > _MANY_CELLS

    def read_again(self) -> None:
        cells, self._cells = self._cells, []
        self._known.clear()
        self._rows, self._begins, self._settled = [], [], 0
        self.extend(Leaf("table", (), rows=cells), provisional=False)

    def lay_out(self, width: int, painter: Painter) -> None:
        if width != self._width:
            self._width = width
            self._arrange(0)

    @property
    def _is_grid(self) -> bool:
        return self._width - _GAP * (len(self._aligns) - 1) >= _MIN_COLUMN * len(self._aligns)

    def _arrange(self, first: int) -> None:
        """Lay out the rows from `first` on, or all of them if the widths have changed."""
        if not self._width:
            return
        widths = self._new_widths()
        if widths != self._widths:
            self._widths, first = widths, 0
        begin = first if self._is_grid else _record_index(first, len(self._aligns))
        self._shown[begin:] = self._rows[first:] if self._is_grid else _records(self._rows, first)
        del self._tops[begin + 1 :]
        full = sum(widths) + _GAP * (len(widths) - 1) >= self._width
        for index, row in enumerate(self._shown[begin:], begin):
            row.fit(widths, full=full)
            self._tops.append(self._tops[-1] + self._lead(index) + row.height + (self._is_grid and index == 0))
        self.changed = min(self.changed, self._tops[begin])
        self.height = self._tops[-1]

    def _new_widths(self) -> list[int]:
        if not self._is_grid:
            return [self._width]
        new = self._rows[self._settled : self._deciding]
        room = self._width - _GAP * (len(self._aligns) - 1)
        natural = [min(wish, room) for wish in _widest(self._natural, [row.natural for row in new])]
        return column_widths(natural, _widest(self._least, [row.least for row in new]), room)

    def _lead(self, index: int) -> bool:
        """True if a line separates the row from the one before: where either has several lines, they would seem one."""
        return self._is_grid and index > 1 and max(self._shown[index].height, self._shown[index - 1].height) > 1

    def row(self, y: int, painter: Painter) -> list[Segment]:
        index, line = self._row_of(y)
        if line < 0:
            return self._rule(painter, "┈", "┈┼┈")
        if line == self._shown[index].height:
            return self._rule(painter, "─", "─┼─")
        tone: Tone = "table_header" if index == 0 else "text"
        bar = " | " if painter.look.ascii else " │ "
        segments: list[Segment] = []
        for column, part, before, after in self._parts(index, line):
            if column:
                segments.append(Segment(bar, painter.look.table_line))
            segments.extend(_padding(before, painter))
            segments.extend(painter.segments(tone, self._shown[index].cells[column], *part))
            segments.extend(_padding(after, painter))
        return segments

    def _rule(self, painter: Painter, line: str, cross: str) -> list[Segment]:
        line, cross = ("-", "-+-") if painter.look.ascii else (line, cross)
        text = cross.join(line * width for width in self._widths)
        return [Segment(text, painter.look.table_line)]

    def _parts(self, index: int, line: int) -> Iterator[tuple[int, tuple[int, int], int, int]]:
        """Yield for each column of a row's line the part of the text, and the free cells before and after it."""
        row = self._shown[index]
        last = len(row.cells) - 1
        for column, cell in enumerate(row.cells):
            start, end = row.part(column, line)
            free = self._widths[column] - cell_len(cell.text[start:end])
            align = self._aligns[column] if self._is_grid else "left"
            before = {"right": free, "center": free // 2}.get(align, 0)
            yield column, (start, end), before, 0 if column == last else free - before

    def source_at(self, row: int, x: int) -> int:
        index, line = self._row_of(row)
        line = min(max(line, 0), self._shown[index].height - 1)
        at = -1
        for column, (start, end), before, after in self._parts(index, line):
            cell = self._shown[index].cells[column]
            at = cell.source_at(min(max(start + x - before, start), end)) if cell.spans else self._begin(index, column)
            x -= before + end - start + after + _GAP
            if x < 0:
                break
        return at

    def place_of(self, row: int) -> int:
        """Return the place in the source of the text in a line: of the cell that has the most lines."""
        index, line = self._row_of(row)
        shown = self._shown[index]
        column = max(range(len(shown.cells)), key=lambda column: len(shown.parts(column)))
        begin = self._begin(index, column if line > 0 else 0)
        return max(shown.cells[column].source_at(shown.part(column, line)[0]), begin) if line > 0 else begin

    def row_of(self, place: int) -> int:
        row = max(bisect_right(self._begins, place, key=lambda begins: begins[0]) - 1, 0)
        cell = max(bisect_right(self._begins[row], place) - 1, 0)
        index, column = row, cell
        if not self._is_grid:
            index, column = _record_index(row, len(self._aligns)) + (cell if row else 0), 0
        shown = self._shown[index]
        lines = bisect_right(shown.parts(column), place, key=lambda part: shown.cells[column].source_at(part[0]))
        return self._tops[index] + self._lead(index) + max(lines - 1, 0)

    def _begin(self, index: int, column: int) -> int:
        """Return the place in the source at which what is shown in a cell begins."""
        if self._is_grid or index == 0:
            return self._begins[index][column]
        row, cell = divmod(index - 1, len(self._aligns) + 1)
        return self._begins[row + 1][min(cell, len(self._aligns) - 1)]

    def find(self, pattern: re.Pattern[str]) -> list[Place]:
        places: list[Place] = []
        for index, row in enumerate(self._shown):
            for column, cell in enumerate(row.cells):
                for match in pattern.finditer(cell.text):
                    (y, start), (end_y, end) = (
                        self._place(index, column, at) for at in (match.start(), match.end() - 1)
                    )
                    places.append(Place(y, start, end_y, end + 1))
        return sorted(places)

    def _place(self, index: int, column: int, position: int) -> tuple[int, int]:
        line, x = self._shown[index].place(column, position)
        for other, (start, end), before, after in self._parts(index, line):
            x += before
            if other == column:
                break
            x += end - start + after + _GAP
        return self._tops[index] + self._lead(index) + line, x

    def _row_of(self, y: int) -> tuple[int, int]:
        """Return the row that a line belongs to, and the line within it; -1 for the separator before it."""
        index = bisect_right(self._tops, y) - 1
        return index, y - self._tops[index] - self._lead(index)


def _padding(cells: int, painter: Painter) -> list[Segment]:
    return [Segment(" " * cells, painter.look.text)] if cells else []


def _last_filled(cells: Sequence[Cell]) -> int:
    return max((index for index, cell in enumerate(cells) if cell.text), default=0)


def _widest(known: list[int], rows: Sequence[list[int]]) -> list[int]:
    return [max(column) for column in zip(known, *rows, strict=True)] if rows else known


def _record_index(row: int, columns: int) -> int:
    """Return the index of a row's record: the head is one line, a record has one for each column and a blank one."""
    return 0 if row == 0 else 1 + (row - 1) * (columns + 1)


def _records(rows: Sequence[_Row], first: int) -> list[_Row]:
    """Return rows as records: each cell on its own, behind its column's name."""
    shown: list[_Row] = []
    head = rows[0].cells
    if first == 0:
        shown.append(_Row([_join(head, " · ")]))
    for row in rows[max(first, 1) :]:
        shown.extend(_Row([_join([name, cell], ": ")]) for name, cell in zip(head, row.cells, strict=True))
        shown.append(_Row([Prose()]))
    return shown


def _join(texts: Sequence[Prose], separator: str) -> Prose:
    """Return several texts as one."""
    joined = Prose()
    for text in texts:
        if joined.text:
            at = text.spans[0].at if text.spans else joined.spans[-1].at
            joined.spans.append(Span(len(joined.text), len(joined.text) + len(separator), PLAIN, None, at, False))
            joined.text += separator
        offset = len(joined.text)
        joined.spans += [replace(span, start=span.start + offset, end=span.end + offset) for span in text.spans]
        joined.text += text.text
    return joined
