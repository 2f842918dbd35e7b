"""Blocks without text: rules, and empty list items."""

from __future__ import annotations

from rich.segment import Segment

from tui_chat.rendering.block import Block
from tui_chat.rendering.leaves import Leaf
from tui_chat.rendering.painting import Painter


class Blank(Block):
    """One empty row."""

    height = 1

    def __init__(self) -> None:
        self._width = 0
        self._at = -1

    def extend(self, leaf: Leaf, *, provisional: bool) -> None:
        self._at = leaf.start

    def lay_out(self, width: int, painter: Painter) -> None:
        self._width = width

    def row(self, y: int, painter: Painter) -> list[Segment]:
        return []

    def source_at(self, row: int, x: int) -> int:
        return self._at


class Rule(Blank):
    """A horizontal line."""

    def row(self, y: int, painter: Painter) -> list[Segment]:
        return [Segment(("-" if painter.look.ascii else "─") * self._width, painter.look.rule)]
