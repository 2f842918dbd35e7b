"""Least writing to the terminal: only what has changed is written, and what has only moved is moved."""

from __future__ import annotations

import math
import re
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from rich.cells import cell_len

from tui_chat.ui.terminal.steady_clusters import REACH, is_steady, steadied

TRUSTED_S = 2.0
"""Seconds for which what was written is taken for what is shown; then anything written over it is mended."""
LEAST_SAVED = 200
"""The least number of characters that moving rows must save."""

_MOVE = re.compile(r"\x1b\[(\d+);(\d+)H")
_STYLE = re.compile(r"\x1b\[[0-9;:]*m|\x1b\]8;[^\x1b\a]*\x1b\\")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_CHANGES_NO_CELL = re.compile(r"(?:\x1b\[\?(?:25|2026)[hl])*")


class WrittenPiece(NamedTuple):
    """Styled text in a row, and the column in which it begins; the terminal counts both from 1."""

    row: int
    column: int
    text: str

    @property
    def end(self) -> int:
        """The column after it."""
        return self.column + cell_len(_plain(self.text))

    def fits(self, size: tuple[int, int]) -> bool:
        """True if it is within a terminal of so many columns and rows; if not, the terminal puts it elsewhere."""
        columns, rows = size
        return self.row <= rows and self.end <= columns + 1

    @property
    def steady(self) -> str:
        """The piece as it is written, so that it is in its columns in every terminal."""
        return str(self) if is_steady(self.text) else steadied(self.row, self.column, self.text)

    def __str__(self) -> str:
        return f"\x1b[{self.row};{self.column}H{self.text}"


class TerminalDiff:
    """The pieces that were written last, as far as nothing has come over them."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._rows: defaultdict[int, dict[int, WrittenPiece]] = defaultdict(dict)
        self._size = (0, 0)
        self._trusted_until = -math.inf

    def forget(self) -> None:
        """Expect anything on the screen from the next text on; any thread may say so."""
        self._trusted_until = -math.inf

    def minimal_update(self, text: str, size: tuple[int, int]) -> str:
        """Return the least that makes a terminal of this size, in columns and rows, show what the whole text would."""
        if _CHANGES_NO_CELL.fullmatch(text):
            return text
        pieces = _pieces(text)
        if pieces is None or not all(piece.fits(size) for piece in pieces):
            self.forget()
            return text
        if size != self._size or self._clock() >= self._trusted_until:
            self._rows = defaultdict(dict)
            self._size, self._trusted_until = size, self._clock() + TRUSTED_S
        moved = self._move(pieces)
        new = self._written([piece for piece in pieces if self._put(piece)])
        cursor = "" if pieces[-1].text else str(pieces[-1])
        return moved + new + cursor

    def _written(self, pieces: list[WrittenPiece]) -> str:
        """Return pieces as written; those behind a doubtful one, which it may draw over, are written again."""
        unsteady = [piece for piece in pieces if not is_steady(piece.text)]
        beside = [
            other
            for piece in unsteady
            for other in self._rows[piece.row].values()
            if piece.end <= other.column < piece.end + REACH
        ]
        return "".join(piece.steady for piece in (*pieces, *beside))

    def _put(self, piece: WrittenPiece) -> bool:
        """Note a piece; False if it is shown already, or nothing."""
        row = self._rows[piece.row]
        if not piece.text or row.get(piece.column) == piece:
            return False
        for other in [other for other in row.values() if other.column < piece.end and piece.column < other.end]:
            del row[other.column]
        row[piece.column] = piece
        return True

    # -- what has only moved

    def _move(self, pieces: list[WrittenPiece]) -> str:
        """Move rows up or down, if that saves much of writing them anew."""
        new = self._whole_rows(pieces)
        up, saved = self._best_move(new)
        if saved < LEAST_SAVED:
            return ""
        moved = [row for row, piece in new.items() if self._shows(piece, up)]
        top, bottom = min(moved) + min(up, 0), max(moved) + max(up, 0)
        region = range(top, bottom + 1)
        if not all(row in new for row in region):
            return ""  # rows that come into the region would stay empty
        before = self._rows
        self._rows = before | {
            row: {column: piece._replace(row=row) for column, piece in before[row + up].items()}
            if row + up in region
            else {}
            for row in region
        }
        start, step = (bottom, "\n") if up > 0 else (top, "\x1bM")
        return f"\x1b[0m\x1b[{top};{bottom}r\x1b[{start};1H{step * abs(up)}\x1b[r"

    def _whole_rows(self, pieces: list[WrittenPiece]) -> dict[int, WrittenPiece]:
        """Return the longest piece of each row that is written from its first column to its last."""
        rows: defaultdict[int, list[WrittenPiece]] = defaultdict(list)
        for piece in pieces:
            if piece.text:
                rows[piece.row].append(piece)
        columns, _ = self._size
        return {
            row: max(found, key=lambda piece: len(piece.text))
            for row, found in rows.items()
            if [1, *(piece.end for piece in found)] == [*(piece.column for piece in found), columns + 1]
        }

    def _best_move(self, new: Mapping[int, WrittenPiece]) -> tuple[int, int]:
        """Return by how many rows to move up, or down if negative, and how many characters that saves."""
        shown: defaultdict[tuple[int, str], list[int]] = defaultdict(list)
        for row, found in self._rows.items():
            for piece in found.values():
                shown[piece.column, piece.text].append(row)
        saved: Counter[int] = Counter()
        for row, piece in new.items():
            for place in shown.get((piece.column, piece.text), ()):
                saved[place - row] += len(piece.text)
        up, most = max(saved.items(), key=lambda item: item[1], default=(0, 0))
        return (up, most - saved[0]) if up else (0, 0)

    def _shows(self, piece: WrittenPiece, up: int) -> bool:
        """True if a piece is shown so many rows further down."""
        found = self._rows[piece.row + up].get(piece.column)
        return found is not None and found.text == piece.text


def _pieces(text: str) -> list[WrittenPiece] | None:
    """Return the pieces of a text that is nothing else."""
    head, *found = _MOVE.split(text)
    pieces = [WrittenPiece(int(row), int(column), rest.removesuffix("\n")) for row, column, rest in _triples(found)]
    if head or not pieces or any(_CONTROL.search(_plain(piece.text)) for piece in pieces):
        return None
    return pieces


def _triples(found: list[str]) -> Iterator[tuple[str, str, str]]:
    return zip(found[::3], found[1::3], found[2::3], strict=True)


@lru_cache(4096)
def _plain(text: str) -> str:
    """Return a text without its styles; most of a frame has been written before."""
    return _STYLE.sub("", text)
