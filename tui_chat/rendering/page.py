"""The blocks of a text one below the other, and the lines that they make."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

from rich.segment import Segment

from tui_chat.rendering.block import Block
from tui_chat.rendering.line import Line
from tui_chat.rendering.margins import Margin
from tui_chat.rendering.painting import Painter
from tui_chat.rendering.placed_block import PlacedBlock
from tui_chat.rendering.stretch import Stretch

STRETCH = 256
"""Entries in a stretch: when one becomes higher, those below it in its stretch move, and then whole stretches."""
REMADE, REMADE_ROWS = 64, 400
"""Entries, and about how many rows, that are laid out anew in a step."""


class Page:
    """Entries in their places; knows from which line on anything has changed."""

    def __init__(self, width: int, painter: Painter) -> None:
        self.width = width
        self.painter = painter
        self._stretches: list[Stretch] = []
        self._tops: list[int] = []
        """The line at which each stretch begins."""
        self._changed = 0
        self._remade: int | None = None
        """The number of entries laid out for another width or look; None when all have been."""

    def __iter__(self) -> Iterator[PlacedBlock]:
        return (entry for stretch in self._stretches for entry in stretch.entries)

    @property
    def height(self) -> int:
        """The number of lines."""
        return self._stretches[-1].bottom if self._stretches else 0

    def line(self, y: int) -> Line:
        """Return one line."""
        return self.line_of(self.entry_at(y), y)

    def line_of(self, entry: PlacedBlock, y: int) -> Line:
        """Return one line, of the entry that it belongs to."""
        return entry.line(y - entry.top, self.width, self.painter)

    def entry_at(self, y: int) -> PlacedBlock:
        """Return the entry that a line belongs to."""
        if not 0 <= y < self.height:
            raise IndexError(y)
        return self._stretches[bisect_right(self._tops, y) - 1].entry_at(y)

    def entry_of(self, place: int) -> PlacedBlock:
        """Return the entry that shows a place in the source: the first that does not end before it, or the last."""
        number = bisect_left(self._stretches, place, key=lambda stretch: stretch.entries[-1].end)
        entries = self._stretches[min(number, len(self._stretches) - 1)].entries
        return entries[min(bisect_left(entries, place, key=lambda entry: entry.end), len(entries) - 1)]

    def entries_from(self, index: int) -> list[PlacedBlock]:
        """Return the entries from one on."""
        number, offset = divmod(index, STRETCH)
        found = [stretch.entries for stretch in self._stretches[number:]]
        return [entry for entries in found for entry in entries][offset:]

    def take_changed(self) -> int:
        """Return the first line that may differ since the last call."""
        changed, self._changed = min(self._changed, self.height), self.height
        return changed

    def put(self, index: int, entries: Sequence[PlacedBlock]) -> None:
        """Put these in the place of all entries from one on."""
        before = [_seen(entry) for entry in self.entries_from(index)]
        self._cut(index)
        above = self._stretches[-1].entries[-1] if self._stretches else None
        changed = above.bottom if above else 0
        same = True
        for number, entry in enumerate(entries):
            entry.lay_out(above, self.width, self.painter)
            self._add(entry)
            above = entry
            if same:
                same, changed = _compare(before[number] if number < len(before) else None, entry)
            entry.block.changed = entry.height
        self._invalidate(changed if not same or len(entries) != len(before) else self.height)

    def remake(self, width: int, painter: Painter) -> None:
        """Lay everything out for another width or in another look: that is done in `remade_more`."""
        self.width, self.painter, self._remade = width, painter, 0
        self._invalidate(0)

    @property
    def remaking(self) -> bool:
        """True if some entries are still to be laid out again."""
        return self._remade is not None

    def remade_more(self) -> bool:
        """Lay some more entries out anew, those above first; False if there are none."""
        if self._remade is None:
            return False
        number, offset = divmod(self._remade, STRETCH)
        entries = self._stretches[number].entries[offset : offset + REMADE] if number < len(self._stretches) else []
        if not entries:
            self._remade = None
            return False
        above, rows = self._entry_before(number, offset), 0
        for entry in entries:
            entry.lay_out(above, self.width, self.painter)
            entry.block.changed = entry.height
            above, rows = entry, rows + entry.height
            self._remade += 1
            if rows >= REMADE_ROWS:
                break
        self.replace(entries[0])
        return True

    def _entry_before(self, number: int, offset: int) -> PlacedBlock | None:
        if offset:
            return self._stretches[number].entries[offset - 1]
        return self._stretches[number - 1].entries[-1] if number else None

    def replace(self, entry: PlacedBlock) -> None:
        """Adjust the page to an entry that has been read again, and move what stands below it."""
        stretch = entry.stretch
        assert stretch is not None
        stretch.place_again()
        for number in range(self._stretches.index(stretch) + 1, len(self._stretches)):
            self._stretches[number].top = self._tops[number] = self._stretches[number - 1].bottom
        self._invalidate(entry.top)

    def repaint_from(self, entry: PlacedBlock, row: int) -> None:
        """Have the rows of an entry drawn again, from one on; it is as high as before."""
        self._invalidate(entry.top + entry.gap + row)

    def repaint(self) -> None:
        """Have every line drawn again."""
        self._invalidate(0)

    def _cut(self, index: int) -> None:
        """Take out the entries from one on."""
        number, offset = divmod(index, STRETCH)
        for entry in self.entries_from(index):
            entry.within = None
        if offset and number < len(self._stretches):
            self._stretches[number].cut(offset)
            number += 1
        del self._stretches[number:], self._tops[number:]

    def _add(self, entry: PlacedBlock) -> None:
        if not self._stretches or len(self._stretches[-1].entries) == STRETCH:
            self._tops.append(self.height)
            self._stretches.append(Stretch(self.height))
        self._stretches[-1].add(entry)

    def _invalidate(self, line: int) -> None:
        """Have the lines from one on drawn again."""
        self._changed = min(self._changed, line)


_Seen = tuple[Block, int, int, tuple[Segment, ...], Margin, int]


def _seen(entry: PlacedBlock) -> _Seen:
    return entry.block, entry.top, entry.gap, entry.gap_margin, entry.margin, entry.height


def _compare(before: _Seen | None, entry: PlacedBlock) -> tuple[bool, int]:
    """Return True if an entry looks like the one before it in its place, and the first line that may differ."""
    if before is None or before[:-1] != _seen(entry)[:-1]:
        return False, entry.top
    row = min(entry.block.changed, before[-1], entry.height)
    return row == entry.height == before[-1], entry.top + entry.gap + row
