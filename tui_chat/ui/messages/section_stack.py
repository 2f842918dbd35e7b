"""SectionStack: the sections of a message, one above the other."""

from __future__ import annotations

import logging
from bisect import bisect_right
from collections.abc import Callable, Sequence
from typing import TypeVar

from rich.segment import Segment

from tui_chat.rendering import Hit, Look
from tui_chat.ui.messages.sections import MessageStyles, Section, TextSection

log = logging.getLogger(__name__)

AnySection = TypeVar("AnySection", bound=Section)


class SectionStack:
    """Sections one above the other, a blank line between them; the first is the header."""

    def __init__(self, *, spaced_header: bool = True) -> None:
        self._spaced_header = spaced_header
        """True if there is a blank line below the header, too."""
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

    def let_go(self) -> None:
        """Let go of all sections: nothing of them is shown any more."""
        self.sections, self._busy, self._tops, self._found = [], {}, [], []

    def expect(self, *sections: Section) -> None:
        """Note that these have work to do."""
        self._busy |= dict.fromkeys(sections)
        self._tops = []

    def of_type(self, kind: type[AnySection]) -> list[AnySection]:
        """Return the sections of a type."""
        return [section for section in self.sections if isinstance(section, kind)]

    def gap_above(self, number: int) -> int:
        """Return the number of blank lines above a section, from 0."""
        return 1 if number > 1 or (number and self._spaced_header) else 0

    @property
    def first_line(self) -> int:
        """The first line below the header; the header's own last one if there is nothing else."""
        return min(self.sections[0].height + self.gap_above(1), self.height - 1)

    def measure(self) -> int:
        """Return the number of lines now; `line` and `locate` go by this count."""
        self._tops, top = [], 0
        for number, section in enumerate(self.sections):
            top += self.gap_above(number)
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

    def keep_line(self, y: int) -> Callable[[], int]:
        """Return what tells where the text of a line is from now on, at whatever width and below whatever comes."""
        if len(self._tops) != len(self.sections):
            self.measure()
        at = max(bisect_right(self._tops, y) - 1, 0)
        if y - self._tops[at] >= self.sections[at].height and at + 1 < len(self.sections):
            at += 1  # the blank line above it is read with it
        section, kind = self.sections[at], type(self.sections[at])
        number = sum(type(other) is kind for other in self.sections[:at])
        place = section.place_of(min(max(y - self._tops[at], 0), max(section.height - 1, 0)))
        beside = y - self._tops[at] - section.line_of(place)

        def line_now() -> int:
            alike = [other for other in self.sections if type(other) is kind]  # it may have been made anew
            if number >= len(alike):
                return y
            return (self.top_of(alike[number]) or 0) + alike[number].line_of(place) + beside

        return line_now

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
            top += self.gap_above(number)
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
            top += self.gap_above(number)
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
            top += self.gap_above(number)
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
