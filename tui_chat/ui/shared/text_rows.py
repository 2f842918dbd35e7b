"""Plain text in rows that fit a width, as it stands: the indentation of a line holds for all of its rows."""

from __future__ import annotations

from typing import NamedTuple

from tui_chat.rendering import wrap
from tui_chat.text import TAB_SIZE, clean


class Row(NamedTuple):
    """One row of a text."""

    text: str
    begin: int
    """The place in the text at which it begins."""
    indent: int = 0
    """The number of spaces before it in a row that goes on with an indented line."""

    def position(self, x: int) -> int:
        """Return the place in the text of the character at a place of the row."""
        return self.begin + min(max(x - self.indent, 0), len(self.text) - self.indent)


def rows_of(text: str, width: int) -> list[Row]:
    """Return the rows of a clean text."""
    rows: list[Row] = []
    at = 0
    for line in text.split("\n"):
        rows += _rows_of_line(line, at, width)
        at += len(line) + 1
    return rows


def wrapped(text: str, width: int) -> list[str]:
    """Return the rows of a text of the program's or of a foreign one, cleaned; none of an empty one."""
    return [row.text for row in rows_of(clean(text), width)] if text else []


def before_tabs_grew(source: str, position: int) -> int:
    """Return the place in a text of the character at a position of the text with its tabs expanded."""
    if "\t" not in source:
        return position
    shown = column = 0
    for at, character in enumerate(source):
        if shown >= position:
            return at
        cells = TAB_SIZE - column % TAB_SIZE if character == "\t" else 1
        shown += cells
        column = 0 if character == "\n" else column + cells
    return len(source)


def _rows_of_line(line: str, at: int, width: int) -> list[Row]:
    indent = len(line) - len(line.lstrip(" "))
    hang = indent if indent < width // 2 else 0
    spans = [(hang + first, hang + last) for first, last in wrap(line[hang:], width - hang)]
    (_, end), *others = spans
    first = Row(line[:end] if hang == indent else line[slice(*spans[0])], at if hang == indent else at + spans[0][0])
    return [first, *(Row(line[:hang] + line[begin:last], at + begin, hang) for begin, last in others)]
