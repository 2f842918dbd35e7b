"""Runs of lines that stand one above the other and make up a message's picture."""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol

from rich.segment import Segment
from rich.style import Style

from tui_chat.records import dataclass
from tui_chat.rendering import Hit, Look

if TYPE_CHECKING:
    from tui_chat.rendering.document import Document

log = logging.getLogger(__name__)

UNDRAWN = "This part cannot be shown."

Point = tuple[int, int]
"""A place in a section: a line, and how many code points of it stand before."""


@dataclass(frozen=True)
class MessageStyles:
    """The styles of what stands around a message's text, from the stylesheet."""

    role: Style
    meta: Style
    status: Style
    error: Style
    key: Style
    thinking: Style
    tool: Style
    cursor: Style
    source: Style


class Section(Protocol):
    """A run of lines."""

    @property
    def behind(self) -> bool:
        """True if lines that were asked for look different after more work."""
        ...

    @property
    def height(self) -> int:
        """The number of lines."""
        ...

    def line(self, y: int) -> list[Segment]:
        """Return one of its lines, from 0."""
        ...

    def resize(self, width: int) -> None:
        """Lay it out for another width."""
        ...

    def restyle(self, look: Look, palette: MessageStyles) -> None:
        """Draw it in other colours."""
        ...

    def take_changed(self) -> int:
        """Return the first line that may differ since the last call; its height if none."""
        ...

    def find(self, query: str) -> Sequence[Hit]:
        """Return every place where the query stands in its lines, whatever its case."""
        ...

    def highlight(self, hits: Sequence[Hit], current: int | None) -> None:
        """Mark these places, one of them as the current one."""
        ...

    def source_between(self, start: Point, end: Point) -> str:
        """Return the source text of what is shown between two places."""
        ...

    def paragraph_at(self, y: int) -> tuple[int, int]:
        """Return the first and the last line of the paragraph, as a reader sees it, that a line belongs to."""
        ...

    def place_of(self, y: int) -> int:
        """Return the place in what is shown at which a line begins, by which `line_of` finds it at every width."""
        ...

    def line_of(self, place: int) -> int:
        """Return the line that shows a place."""
        ...

    def advance(self, may_go_on: Callable[[], bool]) -> bool:
        """Work on its lines for as long as it may, a little at least; True once they are all as they should be."""
        ...


def new_document(width: int, look: Look) -> Document:
    """Return an empty document; the parser of Markdown is loaded for the first one, which no first paint waits for."""
    from tui_chat.rendering.document import Document

    return Document(width, look, paced=True)


class TextSection:
    """A text block: Markdown, growing."""

    def __init__(self, width: int, look: Look) -> None:
        self.document = new_document(max(width, 1), look)

    @property
    def width(self) -> int | None:
        """The width that its lines are made for; None while some are still made for another."""
        return self.document.width

    @property
    def behind(self) -> bool:
        """True if lines that were asked for look different after more work."""
        return self.document.behind

    @property
    def height(self) -> int:
        """The number of lines."""
        return self.document.height

    def line(self, y: int) -> list[Segment]:
        """Return one of its lines, from 0."""
        return self.document.line(y).segments

    def resize(self, width: int) -> None:
        """Lay it out for another width."""
        self.document.resize(max(width, 1))

    def restyle(self, look: Look, palette: MessageStyles) -> None:
        """Draw it in other colours."""
        self.document.restyle(look)

    def take_changed(self) -> int:
        """Return the first line that may differ since the last call; its height if none."""
        return self.document.take_changed()

    def find(self, query: str) -> Sequence[Hit]:
        """Return every place where the query stands in its lines, whatever its case."""
        return self.document.find(query)

    def highlight(self, hits: Sequence[Hit], current: int | None) -> None:
        """Mark these places, one of them as the current one."""
        self.document.highlight(hits, current)

    def source_between(self, start: Point, end: Point) -> str:
        """Return the Markdown of what is shown between two places."""
        return self.document.source_between(start, end)

    def paragraph_at(self, y: int) -> tuple[int, int]:
        """Return the first and the last line of the Markdown block that a line belongs to."""
        return self.document.paragraph_at(y)

    def place_of(self, y: int) -> int:
        """Return the place in the source at which a line begins."""
        return self.document.place_of(y)

    def line_of(self, place: int) -> int:
        """Return the line that shows a place in the source."""
        return self.document.line_of(place)

    def advance(self, may_go_on: Callable[[], bool]) -> bool:
        """Work on the text for as long as it may; True once nothing is left to do."""
        return self.document.advance(may_go_on)


class StaticSection(ABC):
    """Lines that are made whole: a header, a note, a folded block."""

    def __init__(self, width: int, palette: MessageStyles) -> None:
        self._width = max(width, 1)
        self.palette = palette
        self._lines: list[list[Segment]] | None = None
        self._changed = True

    @property
    def width(self) -> int:
        """The width that its lines are made for."""
        return self._width

    @property
    def behind(self) -> bool:
        """True if lines that were asked for look different after more work."""
        return False

    @abstractmethod
    def make(self) -> list[list[Segment]]:
        """Return the lines as they are now, each at most `self.width` cells wide."""

    @property
    def height(self) -> int:
        """The number of lines."""
        return len(self._made())

    def line(self, y: int) -> list[Segment]:
        """Return one of its lines, from 0."""
        return self._made()[y]

    def resize(self, width: int) -> None:
        """Lay it out for another width."""
        self._width = max(width, 1)
        self.invalidate()

    def restyle(self, look: Look, palette: MessageStyles) -> None:
        """Draw it in other colours."""
        self.palette = palette
        self.invalidate()

    def invalidate(self) -> None:
        """Note that its lines have changed."""
        self._lines = None
        self._changed = True

    def take_changed(self) -> int:
        """Return the first line that may differ since the last call; its height if none."""
        changed, self._changed = self._changed, False
        return 0 if changed else self.height

    def find(self, query: str) -> Sequence[Hit]:
        """Find nothing: the program's own words are not searched."""
        return ()

    def highlight(self, hits: Sequence[Hit], current: int | None) -> None:
        """Mark these places, one of them as the current one."""
        self.invalidate()

    def source_between(self, start: Point, end: Point) -> str:
        """Return the text shown between two places, as it stands."""
        texts = [self.text(y) for y in range(start[0], end[0] + 1)]
        texts[-1] = texts[-1][: end[1]]
        texts[0] = texts[0][start[1] :]
        return "\n".join(text.rstrip() for text in texts)

    def paragraph_at(self, y: int) -> tuple[int, int]:
        """Return the line by itself."""
        return y, y

    def place_of(self, y: int) -> int:
        """Return the line: it is where it is."""
        return y

    def line_of(self, place: int) -> int:
        """Return the line, or the last if there are fewer now."""
        return min(place, self.height - 1)

    def advance(self, may_go_on: Callable[[], bool]) -> bool:
        """Return True: its lines are made when they are asked for."""
        return True

    def text(self, y: int) -> str:
        """Return the text of one of its lines."""
        return "".join(segment.text for segment in self.line(y))

    def _made(self) -> list[list[Segment]]:
        if self._lines is None:
            self._lines = self._make_or_say()
        return self._lines

    def _make_or_say(self) -> list[list[Segment]]:
        """Return the lines; a part that cannot be drawn must not take the rest of the screen with it."""
        try:
            return self.make()
        except Exception:
            log.exception("a part of a message could not be drawn")
            return [[Segment(UNDRAWN, self.palette.error)]]


class BlankSection(StaticSection):
    """An empty line: the room of a reply of which nothing has come."""

    def make(self) -> list[list[Segment]]:
        """Return one empty line."""
        return [[]]
