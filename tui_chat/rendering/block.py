"""What every block of a text can do, whatever it shows."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
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
    """Whether it keeps a blank line around it even inside of a tight list."""

    @property
    def is_slow(self) -> bool:
        """Whether laying it out anew takes longer than a step may: it is then made again bit by bit."""
        return False

    @abstractmethod
    def extend(self, leaf: Leaf, *, provisional: bool) -> None:
        """Add what a leaf brings, in place of anything provisional."""

    @abstractmethod
    def lay_out(self, width: int, painter: Painter) -> None:
        """Make its rows for a width; cheap where nothing has changed."""

    @abstractmethod
    def row(self, y: int, painter: Painter) -> list[Segment]:
        """One row, at most as wide as it was laid out for."""

    @abstractmethod
    def source_at(self, row: int, x: int) -> int:
        """Where in the source the character at a place comes from."""

    def find(self, pattern: re.Pattern[str]) -> list[Place]:
        """Where a text is found in it."""
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
