"""Runs of lines that stand one above the other and make up a message's picture."""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from rich.segment import Segment
from rich.style import Style

from tui_chat.rendering import Document, Hit, Look

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


class Section(Protocol):
    """A run of lines."""

    @property
    def width(self) -> int | None:
        """The width that its lines are made for; None while some are still made for another."""
        ...

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

    def advance(self, may_go_on: Callable[[], bool]) -> bool:
        """Work on its lines for as long as it may, a little at least; True once they are all as they should be."""
        ...


class TextSection:
    """A text block: Markdown, growing."""

    def __init__(self, width: int, look: Look) -> None:
        self.document = Document(max(width, 1), look, paced=True)

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


class SectionStack:
    """Sections one above the other, a blank line between them (none below the first, which is the header)."""

    def __init__(self) -> None:
        self.sections: list[Section] = []
        self.in_place_of: Callable[[Section], Section] | None = None
        """Makes the section that takes the place of one that cannot be drawn."""
        self._tops: list[int] = []
        """The line at which each section began when they were last measured."""
        self._busy: dict[Section, None] = {}
        """Those that have work left."""
        self._found: list[tuple[Section, Sequence[Hit]]] = []
        """The hits of the last search in each section."""

    def add(self, section: Section) -> None:
        """Put a section at the end."""
        self.sections.append(section)
        self.expect(section)

    def begin(self, section: Section) -> None:
        """Put a section in the place of all others."""
        self.sections, self._busy = [], {}
        self.add(section)

    def expect(self, *sections: Section) -> None:
        """Note that these have work to do."""
        self._busy |= dict.fromkeys(sections)
        self._tops = []

    def measure(self) -> int:
        """Return the number of lines now; `line` and `locate` go by this count."""
        self._tops, top = [], 0
        for number, section in enumerate(self.sections):
            top += 1 if number > 1 else 0
            self._tops.append(top)
            top += section.height
        return top

    @property
    def height(self) -> int:
        """The number of lines."""
        return self.measure()

    @property
    def busy(self) -> bool:
        """True if a section has work left."""
        return bool(self._busy)

    def line(self, y: int) -> list[Segment]:
        """Return one of the lines, from 0."""
        found = self.locate(y)
        if found is None:
            return []
        section, row = found
        try:
            line = section.line(row)
        except Exception:
            log.exception("a part of a message could not be drawn")
            self._put_other(section)
            return []
        if section.behind:
            self.expect(section)
        return line

    def locate(self, y: int) -> tuple[Section, int] | None:
        """Return the section that line `y` belongs to, and its line in it; None for a blank line between two."""
        if len(self._tops) != len(self.sections):
            self.measure()
        at = bisect_right(self._tops, y) - 1
        if at < 0 or y - self._tops[at] >= self.sections[at].height:
            return None
        return self.sections[at], y - self._tops[at]

    def top_of(self, section: Section) -> int | None:
        """Return the line at which a section begins; None if it is not here."""
        if len(self._tops) != len(self.sections):
            self.measure()
        return next((top for top, other in zip(self._tops, self.sections, strict=True) if other is section), None)

    def advance(self, may_go_on: Callable[[], bool]) -> bool:
        """Work on the sections for as long as it may; True once nothing is left to do."""
        self._tops = []
        while self._busy:
            section = next(iter(self._busy))
            if self._advance(section, may_go_on):
                del self._busy[section]
            if not may_go_on():
                break
        return not self._busy

    def _advance(self, section: Section, may_go_on: Callable[[], bool]) -> bool:
        """Do the same for one section; one that cannot be drawn must not take the rest of the screen with it."""
        try:
            return section.advance(may_go_on)
        except Exception:
            log.exception("a part of a message could not be drawn")
            self._put_other(section)
            return True

    def _put_other(self, failed: Section) -> None:
        """Put another section in the place of one that cannot be drawn."""
        if self.in_place_of is not None and failed in self.sections:
            other = self.in_place_of(failed)
            self.sections[self.sections.index(failed)] = other
            self.expect(other)

    def line_of_text(self, place: int) -> int | None:
        """Return the line that shows a place in the text; None if the text is shorter."""
        top = 0
        for number, section in enumerate(self.sections):
            top += 1 if number > 1 else 0
            if isinstance(section, TextSection):
                if place <= len(section.document.source):
                    return top + section.document.line_of(place)
                place -= len(section.document.source)
            top += section.height
        return None

    def take_changed(self) -> int:
        """Return the first line that may differ since the last call; the height if none."""
        top, first = 0, None
        for number, section in enumerate(self.sections):
            top += 1 if number > 1 else 0
            changed = section.take_changed()
            if first is None and changed < section.height:
                first = top + changed
            top += section.height
        return top if first is None else first

    def find(self, query: str) -> list[int]:
        """Return the line of every place where the query stands, from the first to the last."""
        self._found = [(section, section.find(query)) for section in self.sections]
        lines, top = [], 0
        for number, (section, hits) in enumerate(self._found):
            top += 1 if number > 1 else 0
            lines += [top + min(hit.line, section.height - 1) for hit in hits]
            top += section.height
        return lines

    def highlight(self, current: int | None) -> None:
        """Mark what was found, one of the places as the current one."""
        before = 0
        for section, hits in self._found:
            at = None if current is None else current - before
            section.highlight(hits, at if at is not None and 0 <= at < len(hits) else None)
            before += len(hits)

    def resize(self, width: int) -> None:
        """Lay everything out for another width."""
        for section in self.sections:
            section.resize(width)
        self.expect(*self.sections)

    def restyle(self, look: Look, palette: MessageStyles) -> None:
        """Draw everything in other colours."""
        for section in self.sections:
            section.restyle(look, palette)
        self.expect(*self.sections)
