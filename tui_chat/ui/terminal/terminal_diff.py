"""Least writing to the terminal: only what has changed is written, and what has only moved is moved."""

from __future__ import annotations

import math
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from tui_chat.patterns import pattern
from tui_chat.ui.terminal.cells import CellReader, Cells, differing, unknown
from tui_chat.ui.terminal.frame_writer import FrameWriter
from tui_chat.ui.terminal.steady_clusters import REACH, is_steady, steadied

TRUSTED_S = 2.0
"""Seconds for which what was written is taken for what is shown: anything written over it is mended by then."""
LEAST_SAVED = 200
"""The least number of characters that moving rows must save."""
LEAST_PIECES = 5
"""The least number of pieces that are worth looking at for it."""

_MOVE = pattern(r"\x1b\[(\d+);(\d+)H")
_CHANGES_NO_CELL = pattern(r"(?:\x1b\[\?(?:25|2026)[hl])*")


class WrittenPiece(NamedTuple):
    """Styled text in a row, and the column in which it begins; the terminal counts both from 1."""

    row: int
    column: int
    text: str
    cells: Cells = Cells("", "")

    @property
    def end(self) -> int:
        """The column after it."""
        return self.column + len(self.cells.text)

    @property
    def steady(self) -> str:
        """The piece as it is written as a whole, so that it is in its columns in every terminal."""
        return str(self) if is_steady(self.text) else steadied(self.row, self.column, self.text)

    def __str__(self) -> str:
        return f"\x1b[{self.row};{self.column}H{self.text}"


class TerminalDiff:
    """The cells that the terminal shows, as far as it was written here and nothing has come over it."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._reader = CellReader()
        self._rows: dict[int, Cells] = {}
        """The cells of each row as it is shown; those that have been trusted for longest come first."""
        self._size = (0, 0)
        self._forgotten = False
        self._doubted_at = -math.inf
        self._doubtful = 0.0
        """The rows that are to be doubted by now, a part of one among them."""

    def forget(self) -> None:
        """Expect anything on the screen from the next text on; any thread may say so."""
        self._forgotten = True

    def minimal_update(self, text: str, size: tuple[int, int]) -> str:
        """Return the least that makes a terminal of this size, in columns and rows, show what the whole text would."""
        if _CHANGES_NO_CELL.fullmatch(text):
            return text
        pieces = self._pieces(text, size)
        if pieces is None:
            self.forget()
            return text
        self._doubt(size)
        writer = FrameWriter(self._reader)
        writer.write(self._move(pieces))
        for piece in pieces:
            self._put(piece, writer)
        return writer.written + ("" if pieces[-1].text else str(pieces[-1]))

    def _doubt(self, size: tuple[int, int]) -> None:
        """Expect anything in some rows: all are written anew now and then, but not at once, for a line may be slow."""
        now = self._clock()
        share = min((now - self._doubted_at) / TRUSTED_S, 1.0)
        self._doubted_at = now
        if self._forgotten or size != self._size:
            self._forgotten, self._size, share = False, size, 1.0
        self._doubtful = self._doubtful % 1 + share * len(self._rows)
        for row in list(self._rows)[: int(self._doubtful)]:
            del self._rows[row]

    def _pieces(self, text: str, size: tuple[int, int]) -> list[WrittenPiece] | None:
        """Return the pieces of a text that is nothing else, and all within the terminal."""
        if self._reader.full:
            self._reader, self._rows = CellReader(), {}
        head, *found = _MOVE.split(text)
        pieces, (columns, rows) = [], size
        for row, column, rest in _triples(found):
            written = rest.removesuffix("\n")
            cells = self._reader.read(written)
            if cells is None:
                return None
            pieces.append(WrittenPiece(int(row), int(column), written, cells))
        within = all(piece.row <= rows and piece.end <= columns + 1 for piece in pieces)
        return pieces if pieces and within and not head else None

    def _row(self, row: int) -> Cells:
        return self._rows.get(row) or unknown(self._size[0])

    def _shown(self, piece: WrittenPiece, up: int = 0) -> Cells:
        """Return what is shown in the place of a piece, or so many rows further down."""
        return self._row(piece.row + up).part(piece.column - 1, piece.end - 1)

    def _put(self, piece: WrittenPiece, writer: FrameWriter) -> None:
        """Write of a piece what is not shown yet, and note it."""
        shown = self._shown(piece)
        if shown == piece.cells:
            return
        self._rows[piece.row] = piece.cells.over(self._row(piece.row), piece.column - 1)
        if not piece.cells.whole:
            for start, end in differing(shown, piece.cells):
                writer.draw(piece.row, piece.column + start, piece.cells.part(start, end))
            return
        writer.write(piece.steady)
        if not is_steady(piece.text):
            self._draw_again(piece.row, piece.end, writer)

    def _draw_again(self, row: int, column: int, writer: FrameWriter) -> None:
        """Draw again what is behind a doubtful piece, as far as that may have been drawn over it."""
        start = column - 1
        behind = self._row(row).part(start, start + REACH).without_whole()
        self._rows[row] = behind.over(self._row(row), start)
        for first, end in differing(unknown(len(behind.text)), behind):
            writer.draw(row, column + first, behind.part(first, end))

    # -- what has only moved

    def _move(self, pieces: Sequence[WrittenPiece]) -> str:
        """Move rows up or down, if that saves much of writing them anew."""
        if len(pieces) < LEAST_PIECES:
            return ""
        new = self._whole_rows(pieces)
        up, saved = self._best_move(new)
        if saved < LEAST_SAVED:
            return ""
        moved = [row for row, piece in new.items() if self._shown(piece, up) == piece.cells]
        top, bottom = min(moved) + min(up, 0), max(moved) + max(up, 0)
        region = range(top, bottom + 1)
        if not all(row in new for row in region):
            return ""  # rows that come into the region would stay empty
        empty = self._reader.blanks(self._size[0])
        entering = {row: empty for row in region if row + up not in region}
        self._rows = dict(self._moved(region, up)) | entering
        start, step = (bottom, "\n") if up > 0 else (top, "\x1bM")
        return f"\x1b[{top};{bottom}r\x1b[{start};1H{step * abs(up)}\x1b[r"

    def _moved(self, region: range, up: int) -> Iterator[tuple[int, Cells]]:
        """Yield what is shown once the rows of a region have moved up, but not in those that come into it."""
        for row, cells in self._rows.items():
            if row not in region:
                yield row, cells
            elif row - up in region:
                yield row - up, cells

    def _whole_rows(self, pieces: Sequence[WrittenPiece]) -> dict[int, WrittenPiece]:
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
        spans = {(piece.column - 1, piece.end - 1) for piece in new.values()}
        shown: defaultdict[tuple[int, Cells], list[int]] = defaultdict(list)
        for row, cells in self._rows.items():
            for start, end in spans:
                shown[start, cells.part(start, end)].append(row)
        saved: Counter[int] = Counter()
        for row, piece in new.items():
            for place in shown.get((piece.column - 1, piece.cells), ()):
                saved[place - row] += len(piece.text)
        up, most = max(saved.items(), key=lambda item: item[1], default=(0, 0))
        return (up, most - saved[0]) if up else (0, 0)


def _triples(found: list[str]) -> Iterator[tuple[str, str, str]]:
    return zip(found[::3], found[1::3], found[2::3], strict=True)
