"""A cursor in the text of a message, and what is selected from it: pure but for the lines that it moves over."""

from __future__ import annotations

from enum import Enum

from textual.geometry import Offset
from textual.selection import Selection

from tui_chat.records import dataclass, replace
from tui_chat.text import grapheme_at
from tui_chat.ui.composer.vim.buffer import Buffer
from tui_chat.ui.composer.vim.motions import Start, column_after, destination, keeps_column
from tui_chat.ui.messages.section_stack import SectionStack
from tui_chat.ui.messages.sections import Point, Section, TextSection
from tui_chat.ui.messages.text_selection import selected_source, word_around

AROUND = 120
"""Lines above and below the cursor that a motion can reach: a key must not cost more in a longer text."""


class Unit(Enum):
    """The unit that a selection grows by."""

    CHARACTER = "characters"
    WORD = "words"
    LINE = "lines"


@dataclass(frozen=True)
class Spot:
    """A place in a section, and where in the source that is: there it is found again when the lines change."""

    section: Section
    row: int
    x: int
    source: int | None = None


class KeyboardSelection:
    """A cursor that moves by vim's motions, and the selection from where it was begun."""

    def __init__(self, stack: SectionStack, y: int) -> None:
        self._stack = stack
        self.unit = Unit.CHARACTER
        self._cursor = self._spot((max(y, stack.first_line), 0))
        self._anchor: Spot | None = None
        self._wanted: float = 0.0
        """The cells from the left that moves up and down keep."""

    @property
    def begun(self) -> bool:
        """True if there is more to be selected than what the cursor is at."""
        return self._anchor is not None

    def move(self, keys: str) -> None:
        """Move the cursor by one of vim's motions."""
        y, x = self.cursor
        if keys in ("gg", "G"):
            self._put((self._stack.first_line if keys == "gg" else self._stack.height - 1, 0))
            return
        top = max(y - AROUND, self._stack.first_line)
        lines = [self._text(line) for line in range(top, min(y + AROUND, self._stack.height - 1) + 1)]
        buffer = Buffer("\n".join(lines))
        at = sum(len(line) + 1 for line in lines[: y - top]) + min(x, len(lines[y - top]))
        found = destination(buffer, keys, Start(at, wanted=self._wanted))
        if found is None:
            return
        to = min(found[0], len(buffer))
        if not keeps_column(keys):
            self._wanted = column_after(buffer, keys, to)
        before = buffer.content[:to]
        self._put((top + before.count("\n"), to - (before.rfind("\n") + 1)), column=self._wanted)

    def begin(self, name: str) -> None:
        """Select from the cursor on by a unit; in the same unit once more, select nothing."""
        unit = Unit(name)
        if self._anchor is not None and unit is self.unit:
            self._anchor = None
        elif self._anchor is None:
            self._anchor = self._cursor
        self.unit = unit

    def select_code(self) -> bool:
        """Select the code block at the cursor, or the next one; False if none follows."""
        y = self.cursor[0]
        for line, last in self._code_rows():
            if last >= y:
                self.unit = Unit.LINE
                self._put((last, 0))
                self._anchor = self._spot((line, 0))
                return True
        return False

    def swap(self) -> None:
        """Go on at the other end."""
        if self._anchor is not None:
            self._anchor, self._cursor = self._cursor, self._anchor

    def follow(self) -> None:
        """Find the places again in lines that have changed: more text, another width, a fold."""
        self._cursor = self._found_again(self._cursor)
        if self._anchor is not None:
            self._anchor = self._found_again(self._anchor)

    @property
    def cursor(self) -> Point:
        """The line that the cursor is on, and how many code points of it stand before."""
        return self._point(self._cursor)

    @property
    def cursor_end(self) -> int:
        """The code point after what the cursor is at."""
        y, x = self.cursor
        text = self._text(y)
        return grapheme_at(text, x)[1] if x < len(text) else x + 1

    @property
    def selection(self) -> Selection:
        """The selected part, with the cursor in it."""
        first, last = sorted([self.cursor, self._point(self._anchor) if self._anchor is not None else self.cursor])
        above, below = self._text(first[0]), self._text(last[0])
        begin, end = first[1], grapheme_at(below, last[1])[1] if last[1] < len(below) else last[1]
        if self.unit is Unit.LINE:
            begin, end = 0, len(below)
        elif self.unit is Unit.WORD:
            begin, end = word_around(above, begin)[0], max(end, word_around(below, last[1])[1])
        return Selection(Offset(begin, first[0]), Offset(end, last[0]))

    @property
    def source(self) -> str:
        """The Markdown of what is selected; of the cursor's line while nothing is."""
        if not self.begun:
            y = self.cursor[0]
            return selected_source(self._stack, Selection(Offset(0, y), Offset(len(self._text(y)), y)))
        return selected_source(self._stack, self.selection)

    @property
    def lines(self) -> int:
        """The number of lines that the selection is on."""
        return abs(self.cursor[0] - (self._point(self._anchor) if self._anchor is not None else self.cursor)[0]) + 1

    def _code_rows(self) -> list[Point]:
        """Return the first and the last line of the code in each code block, without its label."""
        rows: list[Point] = []
        for section in self._stack.sections:
            if isinstance(section, TextSection) and (top := self._stack.top_of(section)) is not None:
                for block in section.document.code_blocks:
                    first, last = section.paragraph_at(block.first_line)
                    rows.append((top + min(first + block.labelled, last), top + last))
        return rows

    def _put(self, point: Point, column: float = 0.0) -> None:
        """Put the cursor at a place; over the blank line between two sections it goes on as it came."""
        y = point[0]
        if self._stack.locate(y) is None:
            y += 1 if y > self.cursor[0] else -1
        self._wanted = column
        self._cursor = self._spot((y, point[1]))

    def _spot(self, point: Point) -> Spot:
        """Return a place that can be found again."""
        y = min(max(point[0], 0), self._stack.height - 1)
        section, row = self._stack.locate(y) or self._stack.locate(y + 1) or (self._stack.sections[0], 0)
        x = min(point[1], len(self._text(y)))
        return Spot(section, row, x, _source_at(section, row, x))

    def _point(self, spot: Spot) -> Point:
        top = self._stack.top_of(spot.section)
        return (top or 0) + min(spot.row, spot.section.height - 1), spot.x

    def _found_again(self, spot: Spot) -> Spot:
        """Return a place where it is now."""
        section = spot.section
        if self._stack.top_of(section) is None:  # it was made anew
            texts = [other for other in self._stack.sections if isinstance(other, TextSection)]
            section = texts[-1] if texts and spot.source is not None else self._stack.sections[-1]
        if not isinstance(section, TextSection) or spot.source is None or section.width is None:
            return replace(spot, section=section, row=min(spot.row, max(section.height - 1, 0)))
        if spot.row < section.height and _source_at(section, spot.row, spot.x) == spot.source:
            return replace(spot, section=section)
        row = section.document.line_of(spot.source)
        length = len("".join(segment.text for segment in section.line(row)).rstrip())
        places = (x for x in range(length) if section.document.source_at(row, x) >= spot.source)
        return Spot(section, row, next(places, max(length - 1, 0)), spot.source)

    def _text(self, y: int) -> str:
        return "".join(segment.text for segment in self._stack.line(y)).rstrip()


def _source_at(section: Section, row: int, x: int) -> int | None:
    return section.document.source_at(row, x) if isinstance(section, TextSection) else None
