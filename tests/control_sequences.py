"""Takes a program's output to a terminal apart: every sequence must be one that the program itself makes."""

from __future__ import annotations

import re

SEQUENCE = re.compile(
    r"\x1b[\]P_^X].*?(?:\a|\x1b\\|\x9c|\Z)"  # strings: OSC, DCS, APC, PM, SOS
    r"|\x1b\[[0-?]*[ -/]*[@-~]"  # CSI
    r"|\x1b[ -/]*[0-~]"  # ESC and one more
    r"|[\x00-\x1f\x7f-\x9f]",  # what acts by itself
    re.DOTALL,
)
"""Anything that a terminal obeys."""

_COLOUR = r"(?:[34]8;(?:5;\d{1,3}|2;\d{1,3};\d{1,3};\d{1,3})|[349][0-7]|10[0-7]|[34]9)"
_STYLE = rf"\x1b\[(?:(?:2?[0-9]|{_COLOUR})(?:;(?:2?[0-9]|{_COLOUR}))*)?m"
_MODE = r"\x1b\[\?(?:7|25|1000|1003|1004|1006|1015|1016|1049|2004|2026|2048)[hl]"
_QUESTION = r"\x1b\[\?(?:2026|2048)\$p"
_KEYBOARD = r"\x1b\[(?:>\d+|<)u"
_SCROLL = r"\x1b\[\d{1,4};\d{1,4}r|\x1b\[r|\x1bM"
_LINK = r"\x1b\]8;id=[\w-]+;(?:https?|mailto):[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+\x1b\\|\x1b\]8;;\x1b\\"
_POINTER = r"\x1b\]22;[a-z-]+\a"
_OF_THE_APP = re.compile(rf"(?:{'|'.join([_STYLE, _MODE, _QUESTION, _KEYBOARD, _SCROLL, _LINK, _POINTER])}|[\r\n])\Z")
_MOVE = re.compile(r"\x1b\[(?:(\d{1,4});(\d{1,4})H|(\d{1,4})G)\Z")
_OF_A_COMMAND = re.compile(r"(?:\x1b\[(?:0|1|2|31|32|33)m|[\r\n])\Z")
_OF_A_DRAWING = re.compile(rf"(?:{_STYLE}|\x1b\[\d{{1,4}}A|\x1b\[J|[\r\n])\Z")
_UNFINISHED = re.compile(r"\x1b(?:\[[0-?]*[ -/]*|\][^\a\x1b]*\x1b?)?\Z")
"""A sequence of which the rest has not been read yet."""
_HIDDEN = re.compile("[\u200b\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e001f\U0010eeee]")


def foreign_to_the_app(raw: bytes, size: tuple[int, int]) -> list[str]:
    """Return what was written that the app, on a terminal of so many columns and rows, does not write of its own."""
    return [found for found in _obeyed(raw) if not _OF_THE_APP.match(found) and not _is_within(found, size)]


def foreign_to_a_command(raw: bytes) -> list[str]:
    """Return the same for a command that writes lines, which may have a style."""
    return [found for found in _obeyed(raw) if not _OF_A_COMMAND.match(found)]


def foreign_to_a_drawing(raw: bytes) -> list[str]:
    """Return the same for a command that draws a reply, and goes up to draw its last lines again."""
    return [found for found in _obeyed(raw) if not _OF_A_DRAWING.match(found)]


def _obeyed(raw: bytes) -> list[str]:
    text = _UNFINISHED.sub("", raw.decode())  # nothing else than UTF-8 is ever written
    return SEQUENCE.findall(text) + _HIDDEN.findall(text)


def _is_within(found: str, size: tuple[int, int]) -> bool:
    move = _MOVE.match(found)
    return move is not None and int(move[1] or 1) <= size[1] and int(move[2] or move[3]) <= size[0] + 1
