"""The writing of one frame, with no more about looks and places than the terminal has to be told."""

from __future__ import annotations

from tui_chat.ui.terminal.cells import HALF, CellReader, Cells
from tui_chat.ui.terminal.pen import Pen, change

_LAST_BELOW_EMOJI = "\uffff"


class FrameWriter:
    """Writes cells where they belong; it takes a pen up when it needs another, and puts the last down at the end."""

    def __init__(self, reader: CellReader) -> None:
        self._reader = reader
        self._written: list[str] = []
        self._pen = Pen()
        self._row = 0

    @property
    def written(self) -> str:
        """All that has been written, with the pen put down."""
        return "".join((*self._written, change(self._pen, Pen())))

    def write(self, text: str) -> None:
        """Write what says itself where it belongs, in which looks, and leaves none."""
        if text:
            self._take_up(Pen())
            self._written.append(text)
            self._row = 0

    def draw(self, row: int, column: int, cells: Cells) -> None:
        """Write cells, each of one character, from a place on; rows and columns count from 1."""
        self._written.append(f"\x1b[{column}G" if row == self._row else f"\x1b[{row};{column}H")
        self._row, at = row, 0
        while at < len(cells.pens):
            number = cells.pens[at]
            end = len(cells.pens) - len(cells.pens[at:].lstrip(number))
            pen, text = self._reader.pen(number), cells.text[at:end]
            if not (pen == self._pen.on_blanks and text.isspace()):
                self._take_up(pen)
            self._written.append(_with_places(text, column + at))
            at = end

    def _take_up(self, pen: Pen) -> None:
        if pen is not self._pen:
            self._written.append(change(self._pen, pen))
            self._pen = pen


def _with_places(text: str, column: int) -> str:
    """Return characters as they are written; what follows a new emoji is placed, as some terminals draw it narrow."""
    if HALF not in text:
        return text
    if max(text) <= _LAST_BELOW_EMOJI:
        return text.replace(HALF, "")
    before = ("\n", *text)
    return "".join(
        char if char != HALF else f"\x1b[{at}G" if wide > _LAST_BELOW_EMOJI else ""
        for at, (wide, char) in enumerate(zip(before, text, strict=False), column + 1)
    )
