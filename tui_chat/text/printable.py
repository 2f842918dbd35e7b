"""The final filter of what is written to a terminal between the control sequences that the program itself makes."""

from __future__ import annotations

from tui_chat.patterns import pattern
from tui_chat.text.characters import without_unseen

_WITHIN_A_LINE = str.maketrans({"\n": " ", "\t": " "})
_OWN = pattern(r"(\x1b\[(?:0|1|2|31|32|33)m|[\n\t])")


def printable(text: str) -> str:
    """Return a piece of a line with a stand-in for whatever a terminal would obey or hide, wherever it came from."""
    return text if text.isprintable() else without_unseen(text).translate(_WITHIN_A_LINE)


def printable_lines(text: str) -> str:
    """Return the lines that a command writes made printable, but for its own styles."""
    pieces = _OWN.split(text)
    return "".join(piece if number % 2 else printable(piece) for number, piece in enumerate(pieces))
