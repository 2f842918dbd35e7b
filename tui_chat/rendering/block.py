"""The interface of every block of a text."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from bisect import bisect_right
from typing import NamedTuple

from rich.segment import Segment

from tui_chat.rendering.leaves import Leaf
from tui_chat.rendering.painting import Painter


class Place(NamedTuple):
    """A part of a block's text: from (row, x) to (row, x), x counting code points."""

    row: int
    start: int
    end_row: int
    end: int


class Block(ABC):
    """Part of a text as rows of segments at one width."""

    height = 0
    changed = 0
    """The first row that may look different since the page last took it up, whatever has happened to it meanwhile."""
    spaced = False
    """True if it keeps a blank line around it even in a tight list."""

    sideways = False
    """True if its rows may be wider than it was laid out for."""

    @property
    def is_slow(self) -> bool:
        """True if laying it out again takes longer than one step may: it is then made again bit by bit."""
        return False

    @abstractmethod
    def extend(self, leaf: Leaf, *, provisional: bool) -> None:
        """Add what a leaf brings, in place of anything provisional."""

    @abstractmethod
    def lay_out(self, width: int, painter: Painter) -> None:
        """Make its rows for a width; cheap where nothing has changed."""

    @abstractmethod
    def row(self, y: int, painter: Painter) -> list[Segment]:
        """Return one row, at most as wide as it was laid out for."""

    @abstractmethod
    def source_at(self, row: int, x: int) -> int:
        """Return the place in the source of the character at (row, x)."""

    def place_of(self, row: int) -> int:
        """Return the place in the source at which a row begins."""
        return self.source_at(row, 0)

    def row_of(self, place: int) -> int:
        """Return the row that shows a place in the source."""
        return max(bisect_right(range(self.height), place, key=self.place_of) - 1, 0)

    def find(self, pattern: re.Pattern[str]) -> list[Place]:
        """Return the places where a pattern matches its text."""
        return []


class Referring(Block):
    """A block whose Markdown may name what another part of the text defines."""

    @property
    @abstractmethod
    def is_long(self) -> bool:
        """True if reading it again would take too long."""

    @abstractmethod
    def read_again(self) -> None:
        """Read its Markdown anew, as the definitions have changed."""
