"""A heading with a text below it, which is there only for those who unfold it."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from rich.segment import Segment
from rich.style import Style

from tui_chat.rendering import Hit, Look
from tui_chat.ui.messages.sections import MessageStyles, Point, StaticSection

if TYPE_CHECKING:
    from tui_chat.rendering.document import Document

_LINE = "│ "
MARGIN = len(_LINE)
"""Cells before each line of what is below the heading."""


class FoldingSection(StaticSection):
    """Lines of its own, and below them, while it is unfolded, a document with a line at its side."""

    def __init__(self, width: int, palette: MessageStyles) -> None:
        super().__init__(width, palette)
        self.unfolded = False

    @property
    @abstractmethod
    def below(self) -> Document | None:
        """The document; None while there is none."""

    @property
    @abstractmethod
    def side(self) -> Style:
        """The style of the line at its side."""

    @property
    def inner_width(self) -> int:
        """The width that there is for what is below."""
        return max(self.width - MARGIN, 1)

    def fold(self, *, unfolded: bool) -> None:
        """Show what is below, or only the heading."""
        self.unfolded = unfolded
        self.invalidate()

    @property
    def behind(self) -> bool:
        """True if lines that were asked for look different after more work."""
        return self.below is not None and self.below.behind

    @property
    def height(self) -> int:
        """The number of lines."""
        return self._above + (self._shown.height if self._shown is not None else 0)

    def line(self, y: int) -> list[Segment]:
        """Return one of its lines, from 0."""
        above = self._above
        if y < above or self._shown is None:
            return super().line(y)
        return [Segment(_LINE, self.side), *self._shown.line(y - above).segments]

    def take_changed(self) -> int:
        """Return the first line that may differ since the last call; its height if none."""
        changed, self._changed = self._changed, False
        below = self.below.take_changed() if self.below is not None else 0
        return 0 if changed else self._above + (below if self.unfolded else 0)

    def resize(self, width: int) -> None:
        """Lay it out for another width."""
        super().resize(width)
        if self.below is not None:
            self.below.resize(self.inner_width)

    def restyle(self, look: Look, palette: MessageStyles) -> None:
        """Draw it in other colours."""
        super().restyle(look, palette)
        if self.below is not None:
            self.below.restyle(look)

    def find(self, query: str) -> Sequence[Hit]:
        """Return every place below the heading where the query stands; nothing is found in what is folded."""
        hits, above = self._shown.find(query) if self._shown is not None else (), self._above
        return [Hit(line + above, start, end, end_line + above) for line, start, end, end_line in hits]

    def highlight(self, hits: Sequence[Hit], current: int | None) -> None:
        """Mark these places, one of them as the current one."""
        if self.below is not None:
            above = self._above
            below = [Hit(line - above, start, end, end_line - above) for line, start, end, end_line in hits]
            self.below.highlight(below, current)

    def source_between(self, start: Point, end: Point) -> str:
        """Return its own lines as they stand, and what is below them as it was written."""
        above, last = self._above, self._above - 1
        if end[0] <= last or self._shown is None:
            return super().source_between(start, end)
        own = [super().source_between(start, (last, len(self.text(last))))] if start[0] <= last else []
        first = max(start, (above, 0))
        below = self._shown.source_between(_within(first, above), _within(end, above))
        return "\n\n".join(filter(None, [*own, below]))

    def paragraph_at(self, y: int) -> tuple[int, int]:
        """Return the line by itself, or the lines of a paragraph below."""
        above = self._above
        if y < above or self._shown is None:
            return y, y
        first, last = self._shown.paragraph_at(y - above)
        return first + above, last + above

    def place_of(self, y: int) -> int:
        """Return the place in what is below at which a line begins; its own lines are before that, below zero."""
        above = self._above
        return y - above if y < above or self._shown is None else self._shown.place_of(y - above)

    def line_of(self, place: int) -> int:
        """Return the line that shows a place; while it is folded away, the last that there is."""
        above = self._above
        if place < 0 or self._shown is None:
            return min(max(above + place, 0), above - 1)
        return above + self._shown.line_of(place)

    def advance(self, may_go_on: Callable[[], bool]) -> bool:
        """Work on what is below for as long as it may; True once nothing is left to do."""
        return self.below is None or self.below.advance(may_go_on)

    @property
    def _above(self) -> int:
        """The number of its own lines."""
        return len(self._made())

    @property
    def _shown(self) -> Document | None:
        return self.below if self.unfolded else None


def _within(place: Point, above: int) -> Point:
    """Return a place of the section as one of the document below."""
    return place[0] - above, max(place[1] - MARGIN, 0)
