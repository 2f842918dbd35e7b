"""Diagrams: the code of one until it is closed and has been drawn, then the drawing in its place."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rich.segment import Segment

from tui_chat.rendering.block import Place
from tui_chat.rendering.code import StreamingCodeBlock
from tui_chat.rendering.leaves import Leaf
from tui_chat.rendering.painting import Painter
from tui_chat.text import cell_len

LANGUAGE = "mermaid"


class DiagramBlock(StreamingCodeBlock):
    """A fence of Mermaid; what is copied of it is its source."""

    _drawing: Sequence[str] = ()
    """The rows that are shown in the place of the code, if any."""
    _waits = False

    @property
    def waits(self) -> bool:
        """True while its drawing is being made."""
        return self._waits

    def take_drawing(self, painter: Painter) -> bool:
        """Show the drawing if it is there by now; True if that has changed anything."""
        if not self._waits:
            return False
        self.lay_out(self._width, painter)
        return bool(self._drawing)

    def extend(self, leaf: Leaf, *, provisional: bool) -> None:
        self._drawing = ()
        super().extend(leaf, provisional=provisional)

    def lay_out(self, width: int, painter: Painter) -> None:
        super().lay_out(width, painter)
        before, self._drawing, self._waits = self._drawing, (), False
        if self._complete and painter.look.diagrams is not None:
            drawings = painter.look.diagrams.drawings(self.text.strip(), ascii=painter.look.ascii)
            room = width - 2 * self._side(painter)
            fitting = (drawing for drawing in drawings or () if max(map(cell_len, drawing)) <= room)
            self._waits, self._drawing = drawings is None, next(fitting, ())
        if self._drawing:
            self.sideways, self.indent = False, self._side(painter)
            self.height = self.labelled + len(self._drawing)
        elif before:
            self._measure(0)
        if self._drawing != before:
            self.changed = 0

    def _side(self, painter: Painter) -> int:
        return 2 if painter.look.framed else 1

    def want(self, row: int) -> bool:
        return not self._drawing and super().want(row)

    def row(self, y: int, painter: Painter) -> list[Segment]:
        if not self._drawing or y < self.labelled:
            return super().row(y, painter)
        look, line = painter.look, self._drawing[y - self.labelled]
        side = (("|" if look.ascii else "│") if look.framed else "").ljust(self._side(painter))
        fill = 0 if look.framed else self._width - len(side) - cell_len(line)
        return [Segment(side, look.code_note), Segment(line + " " * fill, look.code_block)]

    def source_at(self, row: int, x: int) -> int:
        if not self._drawing or row < self.labelled:
            return super().source_at(row, x)
        rows, lines = len(self._drawing), len(self._at)
        row -= self.labelled
        if row == rows - 1 and x > 0:
            return self._at[-1] + len(self._source[-1])
        return self._at[row * lines // rows]

    def find(self, pattern: re.Pattern[str]) -> list[Place]:
        if not self._drawing:
            return super().find(pattern)
        return [
            Place(
                self.labelled + number, self.indent + match.start(), self.labelled + number, self.indent + match.end()
            )
            for number, line in enumerate(self._drawing)
            for match in pattern.finditer(line)
        ]
