"""Code blocks: highlighted as they come, on a ground of their own under the language's name."""

from __future__ import annotations

import re
from bisect import bisect_right

from rich.segment import Segment

from tui_chat.rendering.block import Block, Place
from tui_chat.rendering.highlighting import Highlighter, Patience
from tui_chat.rendering.leaves import Leaf
from tui_chat.rendering.lexing import Spans
from tui_chat.rendering.painting import Painter
from tui_chat.rendering.wrapping import chop
from tui_chat.text import cell_len, clean_line, fit, whole_end

_TAB_SIZE = 4
_MIN_WIDTH = 12
"""A narrower block does without margins and line numbers."""
_MANY_LINES, _MUCH_WIDE = 10_000, 6_000
"""Lines, and characters of those that are not ASCII, that take longer to measure than a step may."""


class StreamingCodeBlock(Block):
    """A fence, from its first line on; or indented code, which has no label."""

    spaced = True

    def __init__(self, leaf: Leaf, patience: Patience | None = None) -> None:
        self._info = clean_line(leaf.info).strip()
        self.language = self._info.partition(" ")[0]
        self.labelled = leaf.kind == "fence"
        """True if its first row is its label."""
        self._source: list[str] = []
        self._shown: list[str] = []
        self._at: list[int] = []
        self._joined: set[int] = set()
        self._wide = 0
        """Characters that have come in lines that are not ASCII."""
        self._settled = 0
        self._complete = False
        self._highlighter = Highlighter(self.language, patience or Patience())
        self._width = self._room = self._gutter = 0
        self.indent = 0
        """The cells before the code in each row."""
        self._tops = [0]
        self._parts: dict[int, list[tuple[int, int]]] = {}

    @property
    def text(self) -> str:
        """The code as it stands in the source."""
        return "".join(
            line if index in self._joined or not index else "\n" + line for index, line in enumerate(self._source)
        )

    @property
    def is_slow(self) -> bool:
        return len(self._shown) > _MANY_LINES or self._wide > _MUCH_WIDE

    def extend(self, leaf: Leaf, *, provisional: bool) -> None:
        first = self._settled
        del self._source[first:], self._shown[first:], self._at[first:]
        self._joined.discard(first)
        if leaf.joined and leaf.lines:
            self._joined.add(first)
        self._source.extend(leaf.lines)
        self._shown.extend(line.expandtabs(_TAB_SIZE) for line in leaf.lines)
        self._at.extend(leaf.at)
        self._wide += sum(len(line) for line in leaf.lines if not provisional and not line.isascii())
        if not provisional:
            self._settled = len(self._source)
            self._complete = leaf.complete
        self._measure(first)

    def want(self, row: int) -> bool:
        """Ask for the colours of a row; True if they are still to be read."""
        row -= self.labelled
        return 0 <= row < self._tops[-1] and self._highlighter.want(self._line_of(row + self.labelled)[0])

    def colour(self) -> int | None:
        """Read the colours of more of the lines that are wanted.

        Returns the first row that looks different now; the number of rows if none does; None if nothing is to read.
        """
        line = self._highlighter.read(self._shown, self._settled, self._complete)
        return None if line is None else self.labelled + self._tops[min(line, len(self._tops) - 1)]

    def lay_out(self, width: int, painter: Painter) -> None:
        digits = len(str(max(len(self._shown), 10))) + 1 if painter.look.line_numbers else 0
        gutter = digits if width >= _MIN_WIDTH + digits else 0
        left = (0 if width < _MIN_WIDTH else 2 if painter.look.framed else 1) + gutter
        wraps = painter.look.wrap_code
        if (width, gutter, left, wraps) != (self._width, self._gutter, self.indent, not self.sideways):
            self.sideways = not wraps
            self._width, self._gutter, self.indent = width, gutter, left
            self._room = max(width - 2 * (width >= _MIN_WIDTH) - gutter, 1)
            self._measure(0)

    def _measure(self, first: int) -> None:
        """Count the rows of the lines from `first` on; those before look as they did."""
        if not self._room:
            return
        first = min(first, len(self._tops) - 1)
        del self._tops[first + 1 :]
        for line in range(first, len(self._shown)):
            text, rows = self._shown[line], 1
            self._parts.pop(line, None)
            if not self.sideways and len(text) * 2 > self._room and cell_len(text) > self._room:
                self._parts[line] = chop(text, self._room)
                rows = len(self._parts[line])
            self._tops.append(self._tops[-1] + rows)
        self.height = self.labelled + max(self._tops[-1], 1 - self.labelled)
        row = self.labelled + self._tops[first] if first else 0
        self.changed = min(self.changed, row)

    def row(self, y: int, painter: Painter) -> list[Segment]:
        if self.labelled and y == 0:
            return self._label(painter)
        if not self._shown:
            return [Segment(" " * self._width, painter.look.code_block)]
        line, part = self._line_of(y)
        start, end = self._part(line, part)
        segments = self._margin(line, goes_on=part > 0 or line in self._joined, painter=painter)
        spans = self._highlighter.spans(line)
        segments.extend(self._coloured(self._shown[line], start, end, spans, painter))
        if not painter.look.framed:
            used = sum(cell_len(segment.text) for segment in segments)
            segments.append(Segment(" " * (self._width - used), painter.look.code_block))
        return segments

    def source_at(self, row: int, x: int) -> int:
        if not self._at or row < self.labelled:
            return self._at[0] if self._at else -1
        line, part = self._line_of(row)
        start, end = self._part(line, part)
        column = min(start + max(x - self.indent, 0), end)
        source = self._source[line]
        if "\t" in source:
            column = sum(len(source[:count].expandtabs(_TAB_SIZE)) <= column for count in range(1, len(source) + 1))
        return self._at[line] + column

    def find(self, pattern: re.Pattern[str]) -> list[Place]:
        places: list[Place] = []
        for line, text in enumerate(self._shown):
            for match in pattern.finditer(text):
                (row, start), (end_row, end) = self._place(line, match.start()), self._place(line, match.end() - 1)
                places.append(Place(row, start, end_row, end + 1))
        return places

    def _place(self, line: int, column: int) -> tuple[int, int]:
        parts = self._parts.get(line, [(0, 0)])
        part = bisect_right(parts, (column, len(self._shown[line]))) - 1
        return self.labelled + self._tops[line] + part, self.indent + column - parts[part][0]

    def _line_of(self, row: int) -> tuple[int, int]:
        row -= self.labelled
        line = bisect_right(self._tops, row) - 1
        return line, row - self._tops[line]

    def _part(self, line: int, part: int) -> tuple[int, int]:
        return self._parts[line][part] if line in self._parts else (0, len(self._shown[line]))

    def _label(self, painter: Painter) -> list[Segment]:
        look = painter.look
        if self._width < _MIN_WIDTH:
            label = fit(self._info, self._width)
        else:
            left = ("+- " if look.ascii else "╭─ ") if look.framed else " "
            hint = fit(look.copy_hint, self._width // 3)
            label = left + fit(self._info, self._width - len(left) - cell_len(hint) - 2)
            label += " " * (self._width - cell_len(label) - cell_len(hint) - 1) + hint + " " if hint else ""
        fill = 0 if look.framed else self._width - cell_len(label)
        return [Segment(label + " " * fill, look.code_label)]

    def _margin(self, line: int, *, goes_on: bool, painter: Painter) -> list[Segment]:
        """Return the margin left of a row: the frame, the sign of a continued line and the line number."""
        look = painter.look
        if not self.indent:
            return []
        sign = ("\\" if look.ascii else "↪") if goes_on else " "
        side = (("|" if look.ascii else "│") + sign) if look.framed else sign
        number = ("" if goes_on else str(line + 1)).rjust(self._gutter - 1) + " " if self._gutter else ""
        return [Segment(side + number, look.code_note)]

    def _coloured(self, text: str, start: int, end: int, spans: Spans, painter: Painter) -> list[Segment]:
        """Return the part of a line from `start` to `end` in its colours."""
        segments: list[Segment] = []
        position = start
        for stop, token in spans:
            stop = whole_end(text, stop)
            if stop > position:
                segments.append(Segment(text[position : min(stop, end)], painter.code(token)))
                position = stop
            if position >= end:
                return segments
        if position < end:
            segments.append(Segment(text[position:end], painter.look.code_block))
        return segments
