"""The blocks of a text one below the other, and the lines that they make."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence

from rich.segment import Segment

from tui_chat.rendering.block import Block, Referring
from tui_chat.rendering.line import Line
from tui_chat.rendering.margins import Margin
from tui_chat.rendering.painting import Painter
from tui_chat.rendering.placed_block import PlacedBlock


class Page:
    """Entries in their places; knows from which line on anything has changed."""

    def __init__(self, width: int, painter: Painter) -> None:
        self.width = width
        self.painter = painter
        self._entries: list[PlacedBlock] = []
        self._tops: list[int] = []
        self._lines: list[Line | None] = []
        self._changed = 0

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[PlacedBlock]:
        return iter(self._entries)

    @property
    def height(self) -> int:
        """How many lines there are."""
        return self._entries[-1].bottom if self._entries else 0

    def line(self, y: int) -> Line:
        """One line, made when it is first asked for."""
        if not 0 <= y < self.height:
            raise IndexError(y)
        if y >= len(self._lines):
            self._lines.extend([None] * (y + 1 - len(self._lines)))
        line = self._lines[y]
        if line is None:
            entry = self.entry_at(y)
            line = self._lines[y] = entry.line(y - entry.top, self.width, self.painter)
        return line

    def entry_at(self, y: int) -> PlacedBlock:
        """The entry that a line belongs to."""
        return self._entries[bisect_right(self._tops, y) - 1]

    def entries_from(self, index: int) -> list[PlacedBlock]:
        """The entries from one on."""
        return self._entries[index:]

    def take_changed(self) -> int:
        """The first line that may differ since this was last asked."""
        changed, self._changed = min(self._changed, self.height), self.height
        return changed

    def put(self, index: int, entries: Sequence[PlacedBlock]) -> None:
        """Put these in the place of all entries from one on."""
        before = [_seen(entry) for entry in self._entries[index:]]
        self._entries[index:] = entries
        del self._tops[index:]
        above = self._entries[index - 1] if index else None
        changed = above.bottom if above else 0
        same = True
        for number, entry in enumerate(entries):
            entry.lay_out(above, self.width, self.painter)
            self._tops.append(entry.top)
            above = entry
            if same:
                same, changed = _compare(before[number] if number < len(before) else None, entry)
            entry.block.changed = entry.height
        self._invalidate(changed if not same or len(entries) != len(before) else self.height)

    def reread(self, blocks: Sequence[Referring]) -> None:
        """Read some blocks again, and move what stands below them."""
        if not blocks:
            return
        for block in dict.fromkeys(blocks):
            block.read_again()
        touched = [entry.top for entry in self._entries if entry.block in blocks]
        above: PlacedBlock | None = None
        for index, entry in enumerate(self._entries):
            entry.place(above)
            self._tops[index] = entry.top
            above = entry
        if touched:
            self._invalidate(touched[0])

    def remake(self, width: int, painter: Painter) -> None:
        """Lay everything out anew, at another width or in another look."""
        self.width, self.painter = width, painter
        entries, self._entries, self._tops = self._entries, [], []
        self.put(0, entries)
        self._invalidate(0)

    def repaint(self) -> None:
        """Have every line drawn again."""
        self._changed = 0

    def _invalidate(self, line: int) -> None:
        """Forget the lines from one on."""
        del self._lines[line:]
        self._changed = min(self._changed, line)


_Seen = tuple[Block, int, int, tuple[Segment, ...], Margin, int]


def _seen(entry: PlacedBlock) -> _Seen:
    return entry.block, entry.top, entry.gap, entry.gap_margin, entry.margin, entry.height


def _compare(before: _Seen | None, entry: PlacedBlock) -> tuple[bool, int]:
    """Whether an entry looks as the one before it in its place, and if not, from which line on it may not."""
    if before is None or before[:-1] != _seen(entry)[:-1]:
        return False, entry.top
    row = min(entry.block.changed, before[-1], entry.height)
    return row == entry.height == before[-1], entry.top + entry.gap + row
