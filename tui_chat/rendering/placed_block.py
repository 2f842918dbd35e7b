"""A block in its place on the page: under its gap, behind its margin."""

from __future__ import annotations

from weakref import ReferenceType

from rich.segment import Segment

from tui_chat.records import dataclass
from tui_chat.rendering.block import Block
from tui_chat.rendering.leaves import Container, Leaf
from tui_chat.rendering.line import Line
from tui_chat.rendering.margins import NO_MARGIN, Margin, make_margin
from tui_chat.rendering.painting import Painter
from tui_chat.rendering.stretch import Stretch
from tui_chat.text import cell_len


@dataclass(eq=False)
class PlacedBlock:
    """A block, what it was made from, and where it stands."""

    block: Block
    leaf: Leaf
    end: int
    """The place in the source where it ends."""
    within: ReferenceType[Stretch] | None = None
    """The run of entries that it stands in; only the page holds that, so that all go as soon as the page does."""
    offset: int = 0
    """Its first line, counted from the top of the stretch."""
    gap: int = 0
    gap_margin: tuple[Segment, ...] = ()
    margin: Margin = NO_MARGIN
    height: int = 0

    @property
    def stretch(self) -> Stretch | None:
        """The run of entries that it stands in; None while it is on no page."""
        return self.within() if self.within is not None else None

    @property
    def top(self) -> int:
        """The line of its gap, or without one its first row."""
        stretch = self.stretch
        return stretch.top + self.offset if stretch is not None else 0

    @property
    def bottom(self) -> int:
        """The line after its last row."""
        return self.top + self.gap + self.height

    def lay_out(self, before: PlacedBlock | None, width: int, painter: Painter) -> None:
        """Make its rows at a width, after another entry."""
        shared = _shared(before.leaf.containers, self.leaf.containers) if before else ()
        self.gap = 1 if before and _parted(before, self, len(shared)) else 0
        quoted = self.gap and any(container.kind == "quote" for container in shared)
        self.gap_margin = make_margin(shared, 0, width, painter).rest if quoted else ()
        self.margin = make_margin(self.leaf.containers, self.leaf.firsts, width, painter)
        self.block.lay_out(max(width - self.margin.cells, 1), painter)
        self.height = self.block.height

    def line(self, y: int, width: int, painter: Painter) -> Line:
        """Return one line of it, counted from its gap."""
        if y < self.gap:
            return Line.of(list(self.gap_margin), width)
        row = y - self.gap
        segments = [*self.margin.row(row), *self.block.row(row, painter)]
        return Line.of(segments, sum(map(_cells, segments)) if self.block.sideways else width)

    def source_at(self, y: int, x: int) -> int:
        """Return the place in the source of a character of a line, counted from the gap; marks are at the left edge."""
        row = y - self.gap
        x -= self.margin.length(row)
        if row < 0 or (row == 0 and x < (not self.margin.cells)):
            return self.leaf.start
        return self.block.source_at(row, max(x, 0))

    def place_of(self, y: int) -> int:
        """Return the place in the source at which a line begins, counted from the gap."""
        return self.block.place_of(y - self.gap) if y > self.gap else self.leaf.start

    def line_of(self, place: int) -> int:
        """Return the line that shows a place in the source, counted from the gap."""
        return self.gap + self.block.row_of(place)


def _cells(segment: Segment) -> int:
    return cell_len(segment.text)


def _shared(before: tuple[Container, ...], after: tuple[Container, ...]) -> tuple[Container, ...]:
    count = 0
    for one, other in zip(before, after, strict=False):
        if one is not other:
            break
        count += 1
    return after[:count]


def _parted(before: PlacedBlock, entry: PlacedBlock, shared: int) -> bool:
    """True if a blank line stands between two entries: always, except in a list, where it is as in the source."""
    one, other = before.leaf.containers, entry.leaf.containers
    siblings = (
        len(one) > shared < len(other)
        and one[shared].list_id is not None
        and one[shared].list_id is other[shared].list_id
    )
    in_list = siblings or any(container.kind != "quote" for container in other[:shared])
    return not in_list or entry.leaf.gap or before.block.spaced or entry.block.spaced
