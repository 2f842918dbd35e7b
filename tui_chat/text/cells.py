"""The width of text in terminal cells, measured as Rich and Textual measure it, and text made to fit a width."""

from __future__ import annotations

from typing import Literal
from unicodedata import category

Align = Literal["left", "center", "right"]

_LONGEST_GRAPHEME = 64
"""Code points; more of them than any emoji or letter has."""


def cell_len(text: str) -> int:
    """Return the number of cells that the text takes."""
    if text.isascii() and text.isprintable():
        return len(text)
    from rich.cells import cell_len as measured

    return measured(text)


def graphemes(text: str) -> list[tuple[int, int, int]]:
    """Return the graphemes as (start, end, cells): each is one character to a reader; a flag's two halves are one."""
    from rich.cells import split_graphemes

    spans: list[tuple[int, int, int]] = []
    half_flag = False
    for start, end, cells in split_graphemes(text)[0]:
        is_half = "\U0001f1e6" <= text[start] <= "\U0001f1ff"
        if is_half and half_flag:
            spans[-1] = (spans[-1][0], end, spans[-1][2] + cells)
        else:
            spans.append((start, end, cells))
        half_flag = is_half and not half_flag
    return spans


def grapheme_at(text: str, position: int) -> tuple[int, int]:
    """Return the start and end of the grapheme at this place; an empty one at the end of the text."""
    first = max(position - _LONGEST_GRAPHEME, 0)
    around = text[first : position + _LONGEST_GRAPHEME]
    if around.isascii():
        return min(position, len(text)), min(position + 1, len(text))
    for start, end, _cells in graphemes(around):
        if first + end > position:
            return first + start, first + end
    return len(text), len(text)


def whole_end(text: str, position: int) -> int:
    """Return the place to split the text, at or soon after `position`, that parts no mark or joined emoji."""
    while 0 < position < len(text) and text[position] > "\u02ff" and _belongs(text[position - 1], text[position]):
        position += 1
    return position


def _belongs(before: str, character: str) -> bool:
    is_skin = "\U0001f3fb" <= character <= "\U0001f3ff"
    return is_skin or before == "\u200d" or category(character) in ("Mn", "Me", "Cf")


def split_cells(text: str, width: int) -> tuple[str, str]:
    """Return the longest beginning that fits the width, never a part of a grapheme, and the rest."""
    if cell_len(text) <= width:
        return text, ""
    taken = 0
    for start, _end, cells in graphemes(text):
        if taken + cells > width:
            return text[:start], text[start:]
        taken += cells
    return text, ""


def fit(text: str, width: int, ellipsis: str = "…") -> str:
    """Return the text in at most `width` cells, its end replaced by an ellipsis where it is too long."""
    if cell_len(text) <= width:
        return text
    room = width - cell_len(ellipsis)
    return split_cells(text, room)[0].rstrip() + ellipsis if room >= 0 else split_cells(text, max(width, 0))[0]


def pad(text: str, width: int, align: Align = "left") -> str:
    """Return the text in exactly `width` cells: filled with spaces, or shortened."""
    text = fit(text, width)
    room = width - cell_len(text)
    before = {"left": 0, "center": room // 2, "right": room}[align]
    return " " * before + text + " " * (room - before)
