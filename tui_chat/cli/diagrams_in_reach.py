"""Diagrams in a reply that is drawn line by line: one takes the place of its source only where that can be reached."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from tui_chat.diagrams.drawer import Drawing, can_be_drawn, draw
from tui_chat.text import cell_len

MOST_S = 20.0
"""Seconds of drawing in one reply; later diagrams stay source."""
AROUND = 3
"""Lines above and below the source that belong to it."""


class DiagramsWithinReach:
    """Draws a diagram when it is asked for, and keeps what came of it: what is above on the screen must not change."""

    def __init__(self, reaches: Callable[[int], bool], width: Callable[[], int]) -> None:
        """`reaches` is True if so many of the last lines can be drawn again; `width` returns the columns."""
        self._reaches, self._width = reaches, width
        self._kept: dict[tuple[str, bool], Sequence[Drawing]] = {}
        self._left_s = MOST_S

    def drawings(self, source: str, *, ascii: bool) -> Sequence[Drawing]:
        """Return a diagram's drawings; none if it cannot be drawn here."""
        asked = source, ascii
        if asked not in self._kept:
            here = self._left_s > 0 and can_be_drawn(source) and self._reaches(self._rows(source))
            began = time.monotonic()
            self._kept[asked] = draw(source, ascii=ascii) if here else ()
            self._left_s -= time.monotonic() - began
        return self._kept[asked]

    def _rows(self, source: str) -> int:
        """Return the lines that the source takes on the screen, at most."""
        return AROUND + sum(1 + cell_len(line) // max(self._width() - AROUND, 1) for line in source.split("\n"))
