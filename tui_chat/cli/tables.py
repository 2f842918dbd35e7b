"""Output in columns."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence

from tui_chat.cli.output import BOLD, paint, terminal_width
from tui_chat.text import cell_len, clean_line, fit, pad


def table(head: Sequence[str], rows: Iterable[Sequence[str]], *, right: Sequence[int] = ()) -> Iterable[str]:
    """Yield rows in columns under a head, cleaned; the last column is cut at the terminal's edge."""
    for number, line in enumerate(aligned((head, *rows), right=right)):
        yield paint(_cut(line), BOLD) if number == 0 else _cut(line)


def aligned(rows: Iterable[Sequence[str]], *, right: Sequence[int] = ()) -> Iterable[str]:
    """Yield rows in columns, cleaned."""
    cells = [[clean_line(cell) for cell in row] for row in rows]
    widths = [max(map(cell_len, column)) for column in zip(*cells, strict=True)]
    for row in cells:
        placed = (
            pad(cell, width, "right" if column in right else "left")
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        yield "  ".join(placed).rstrip()


def columns(pairs: Iterable[tuple[str, str]], *, gap: int = 2) -> Iterable[str]:
    """Return names and what there is to say of each, aligned."""
    rows = [(name, clean_line(text)) for name, text in pairs]
    width = max((cell_len(name) for name, _ in rows), default=0) + gap
    return (f"{pad(name, width)}{text}".rstrip() for name, text in rows)


def _cut(line: str) -> str:
    """Return a line that fits the terminal; a file gets all of it."""
    return fit(line, terminal_width()) if sys.stdout.isatty() else line
