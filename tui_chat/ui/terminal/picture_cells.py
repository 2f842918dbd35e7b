"""The cells that a picture is drawn in by a terminal that knows kitty's graphics.

To such a terminal they are text: a private character, whose marks say which part of the picture stands there, in a
colour that says which picture. So pictures scroll, and are covered and written anew, as any text is.
"""

from __future__ import annotations

from typing import SupportsIndex

from rich.color import Color
from rich.style import Style

PLACE = "\U0010eeee"
_FIRST_MARKS = (
    *(0x305, 0x30D, 0x30E, 0x310, 0x312, 0x33D, 0x33E, 0x33F, 0x346, 0x34A, 0x34B, 0x34C, 0x350, 0x351, 0x352),
    *(0x357, 0x35B, *range(0x363, 0x370), 0x483, 0x484),
)
_MARKS = [chr(code) for code in _FIRST_MARKS]
"""The marks that stand for the first numbers."""
MOST_CELLS = len(_MARKS)
"""The columns, or rows, of a picture that can be told."""
_COLOURS = range(16, 256)
"""The colours of 256 that are no theme's. All terminals of this kind have them, however the others are written."""

MOST_IDS = (MOST_CELLS - 1) * len(_COLOURS)
"""The ids that pictures can have."""


class PictureCell(str):
    """The text of one cell, whole or not at all; none that came from elsewhere is of this kind."""

    style: Style
    """Its colour."""

    def __getitem__(self, key: SupportsIndex | slice) -> str:
        """Return the whole cell for its first character, and nothing for those after it."""
        return self if super().__getitem__(key).startswith(PLACE) else ""


def nth_id(number: int) -> int:
    """Return an id for a picture: the lowest byte is its colour, the highest is told by a third mark."""
    high, colour = divmod(number % MOST_IDS, len(_COLOURS))
    return high + 1 << 24 | _COLOURS[colour]


def picture_cells(picture_id: int, columns: int, rows: int) -> list[list[PictureCell]]:
    """Return the cells of a picture, row by row."""
    style = Style(color=Color.from_ansi(picture_id & 0xFF))
    return [[_cell(picture_id, row, column, style) for column in range(columns)] for row in range(rows)]


def _cell(picture_id: int, row: int, column: int, style: Style) -> PictureCell:
    cell = PictureCell(PLACE + _MARKS[row] + _MARKS[column] + _MARKS[picture_id >> 24])
    cell.style = style
    return cell
