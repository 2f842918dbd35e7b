"""Styled text as the cells of a terminal's row."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from operator import ne, or_
from typing import NamedTuple

from rich.cells import cell_len, get_character_cell_size

from tui_chat.patterns import pattern
from tui_chat.ui.terminal.pen import STYLE, Pen
from tui_chat.ui.terminal.steady_clusters import is_steady

UNKNOWN = "\x00"
"""In place of a character: nobody knows what is there."""
HALF = "\x01"
"""In place of a character: the right half of the one before."""
_WHOLE = "\U00100000"
"""The first of the private characters that stand for a whole piece, one for each of its cells."""
_MOST = 0xD000
"""The most pens, or whole pieces, that are told apart by a character each."""
_KEPT = 512
"""The pieces that are remembered as cells: a screen of them, and what has just changed."""
_RUNS = pattern(rb"\x01+(?:\x00{1,4}\x01+)*")
"""Places that differ, with those between them that cost no more than to move there does."""
_CONTROL = pattern(r"[\x00-\x1f\x7f]")
_NARROW = pattern("[ -~\xa0-\xac\xae-\u02ff\u2010-\u2027\u2500-\u25fc]*")
"""Characters that each have a cell: most texts are made of these alone, and read faster."""
_BLANKS = pattern(r"( +)")


class Cells(NamedTuple):
    """Cells beside each other: a character for each, and one that stands for its pen."""

    text: str
    pens: str

    @property
    def whole(self) -> bool:
        """True if they can only be written as the whole piece that they stand for."""
        return self.text[:1] >= _WHOLE

    def without_whole(self) -> Cells:
        """Return those of them that can be written one by one; of the others nothing is known."""
        known = [char < _WHOLE for char in self.text]
        return Cells(*("".join(one if known[at] else UNKNOWN for at, one in enumerate(of)) for of in self))

    def part(self, start: int, end: int) -> Cells:
        """Return some of them."""
        return Cells(self.text[start:end], self.pens[start:end])

    def over(self, below: Cells, start: int) -> Cells:
        """Return others with these from a place on; of a wide character that is cut there, nobody knows the rest."""
        end = start + len(self.text)
        left, right = below.part(0, start), below.part(end, len(below.text))
        if below.text[start : start + 1] == HALF and start:
            left = left.part(0, start - 1).then(unknown(1))
        if right.text.startswith(HALF):
            right = unknown(1).then(right.part(1, len(right.text)))
        return left.then(self).then(right)

    def then(self, other: Cells) -> Cells:
        """Return these, and others behind them."""
        return Cells(self.text + other.text, self.pens + other.pens)


def unknown(count: int) -> Cells:
    """Return cells of which nothing is known."""
    return Cells(UNKNOWN * count, UNKNOWN * count)


class CellReader:
    """Reads styled text as cells, and keeps the pens, and the pieces that can only be written as a whole."""

    def __init__(self) -> None:
        self._pens: list[Pen] = []
        self._numbers: dict[Pen, str] = {}
        self._on_blanks: dict[str, str] = {}
        """For the number of a pen, that of the simplest which looks the same on blanks."""
        self._told: dict[tuple[str, str], str] = {}
        """For the number of a pen and a sequence, that of the pen which it makes."""
        self._whole: dict[str, str] = {}
        self._bare = self._number(Pen())
        self.read = lru_cache(_KEPT)(self._read)
        """Return the cells of a piece; None if it is not text alone, or leaves its looks to what follows."""

    @property
    def full(self) -> bool:
        """True if it has read so much that it is time for another."""
        return max(len(self._pens), len(self._whole)) >= _MOST

    def blanks(self, count: int) -> Cells:
        """Return cells with nothing in them."""
        return Cells(" " * count, self._bare * count)

    def pen(self, number: str) -> Pen:
        """Return the pen that a character stands for."""
        return self._pens[ord(number) - 1]

    def _number(self, pen: Pen) -> str:
        """Return the character that stands for a pen."""
        if pen not in self._numbers:
            self._pens.append(pen)
            number = self._numbers[pen] = chr(len(self._pens))
            self._on_blanks[number] = self._number(pen.on_blanks)
        return self._numbers[pen]

    def _read(self, piece: str) -> Cells | None:
        first, *rest = STYLE.split(piece)
        texts, pens, pen = [first], [self._bare * len(first)], self._bare
        for sequence, text in zip(rest[::2], rest[1::2], strict=True):
            pen = self._after(pen, sequence)
            if text:
                texts.append(text)
                pens.append(self._inked(pen, text))
        plain = "".join(texts)
        if pen != self._bare or _CONTROL.search(plain):
            return None
        if (places := _places(plain)) is None:
            number = self._whole.setdefault(piece, chr(ord(_WHOLE) + len(self._whole)))
            return Cells(number * cell_len(plain), self._bare * cell_len(plain))
        if len(places) == len(plain):
            return Cells(places, "".join(pens))
        return Cells(
            places, "".join(pen * get_character_cell_size(char) for pen, char in zip("".join(pens), plain, strict=True))
        )

    def _after(self, pen: str, sequence: str) -> str:
        """Return the number of the pen that a sequence makes of another."""
        if (pen, sequence) not in self._told:
            if len(self._told) > _MOST:
                self._told.clear()
            self._told[pen, sequence] = self._number(self.pen(pen).told(sequence))
        return self._told[pen, sequence]

    def _inked(self, pen: str, text: str) -> str:
        """Return the pen of each character; a blank has the simplest of those that it looks the same with."""
        blank = self._on_blanks[pen]
        if blank == pen or " " not in text:
            return pen * len(text)
        if text.isspace():
            return blank * len(text)
        return "".join((blank if part[:1] == " " else pen) * len(part) for part in _BLANKS.split(text))


def _places(plain: str) -> str | None:
    """Return a character for each cell of a text; None if there is more in a cell than one."""
    if _NARROW.fullmatch(plain):
        return plain
    sizes = [get_character_cell_size(char) for char in plain]
    if 0 in sizes or max(plain) >= _WHOLE or not is_steady(plain) or sum(sizes) != cell_len(plain):
        return None
    return "".join(map(_placed, plain, sizes)) if 2 in sizes else plain


def _placed(char: str, size: int) -> str:
    return char + HALF if size == 2 else char


def differing(old: Cells, new: Cells) -> Iterator[tuple[int, int]]:
    """Yield where cells differ, from and to; a few between two such places that do not are taken along."""
    differs = bytes(map(or_, map(ne, old.text, new.text), map(ne, old.pens, new.pens)))
    for run in _RUNS.finditer(differs):
        start, end = run.span()
        yield start - (new.text[start] == HALF), end + (new.text[end : end + 1] == HALF)
