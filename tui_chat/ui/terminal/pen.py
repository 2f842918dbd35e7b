"""The looks that text is written in, and the shortest way from one to another."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from tui_chat.patterns import pattern

STYLE = pattern(r"(\x1b\[[0-9;:]*m|\x1b\]8;[^\x1b\a]*\x1b\\)")
"""The sequences that change the looks of the text after them: colours and marks, and the address that it leads to."""
_NO_LINK = "\x1b]8;;\x1b\\"
_ENDS = {"1": "22", "2": "22", "3": "23", "4": "24", "5": "25", "6": "25", "7": "27", "8": "28", "9": "29"}
_ENDS |= {"21": "24", "53": "55"}
"""The code that ends each mark; some end another along with it."""
_SEEN_ON_BLANKS = {"4", "5", "6", "7", "9", "21", "53"}
_COLOURS = {str(code) for first in (30, 90) for code in range(first, first + 8)}
_GROUNDS = {str(code) for first in (40, 100) for code in range(first, first + 8)}


class Pen(NamedTuple):
    """The looks of text, each as a terminal is told of it; empty is what it has from the start."""

    colour: str = ""
    ground: str = ""
    marks: tuple[str, ...] = ()
    link: str = ""

    def told(self, sequence: str) -> Pen:
        """Return the pen that a sequence makes of this one."""
        if sequence.startswith("\x1b]"):
            return self._replace(link="" if sequence == _NO_LINK else sequence)
        pen = self
        for code in _codes(sequence[2:-1]):
            pen = pen._with(code)
        return pen

    def _with(self, code: str) -> Pen:
        if code in ("", "0"):
            return Pen(link=self.link)
        if code in _COLOURS or code.startswith("38;"):
            return self._replace(colour=code)
        if code == "39":
            return self._replace(colour="")
        if code in _GROUNDS or code.startswith("48;"):
            return self._replace(ground=code)
        if code == "49":
            return self._replace(ground="")
        return self._replace(marks=(*(mark for mark in self.marks if mark != code), code))

    @property
    def on_blanks(self) -> Pen:
        """The simplest pen that a blank looks the same with."""
        if all(mark in _ENDS and mark not in _SEEN_ON_BLANKS for mark in self.marks):
            return Pen(ground=self.ground, link=self.link)
        return self


@lru_cache(1024)
def change(before: Pen, after: Pen) -> str:
    """Return the shortest sequence that makes one pen of another."""
    link = "" if before.link == after.link else after.link or _NO_LINK
    if before[:3] == after[:3]:
        return link
    codes = min(filter(None, (_anew(after), _differences(before, after))), key=len)
    return f"{link}\x1b[{codes}m"


def _codes(parameters: str) -> Iterator[str]:
    """Yield the codes of a sequence, a colour of several numbers as one."""
    rest = parameters.split(";")
    while rest:
        length = {"2": 5, "5": 3}.get(rest[1], 1) if rest[0] in ("38", "48") and len(rest) > 1 else 1
        yield ";".join(rest[:length])
        rest = rest[length:]


def _anew(pen: Pen) -> str:
    return ";".join(filter(None, ("0", *pen.marks, pen.colour, pen.ground)))


def _differences(before: Pen, after: Pen) -> str:
    """Return the codes of what differs; nothing if it is not known how to end a mark."""
    if not all(mark in _ENDS for mark in before.marks + after.marks):
        return ""
    ends = {_ENDS[mark] for mark in before.marks if mark not in after.marks}
    begins = [mark for mark in after.marks if mark not in before.marks or _ENDS[mark] in ends]
    colour = [] if before.colour == after.colour else [after.colour or "39"]
    ground = [] if before.ground == after.ground else [after.ground or "49"]
    return ";".join((*sorted(ends), *begins, *colour, *ground))
