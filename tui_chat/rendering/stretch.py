"""A run of entries that knows where each of them stands in it, so that a page need not move them one by one."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING
from weakref import ref

if TYPE_CHECKING:
    from tui_chat.rendering.placed_block import PlacedBlock


class Stretch:
    """Entries one below the other, from a line of the page on."""

    def __init__(self, top: int) -> None:
        self.top = top
        self.entries: list[PlacedBlock] = []
        self._offsets: list[int] = []
        """The line at which each entry begins, counted from the top."""
        self._height = 0

    @property
    def bottom(self) -> int:
        """The line after its last one."""
        return self.top + self._height

    def entry_at(self, y: int) -> PlacedBlock:
        """Return the entry that a line of the page belongs to."""
        return self.entries[bisect_right(self._offsets, y - self.top) - 1]

    def add(self, entry: PlacedBlock) -> None:
        """Put an entry at the end."""
        entry.within, entry.offset = ref(self), self._height
        self.entries.append(entry)
        self._offsets.append(self._height)
        self._height += entry.gap + entry.height

    def cut(self, count: int) -> None:
        """Keep so many entries."""
        self._height = self._offsets[count] if count < len(self._offsets) else self._height
        del self.entries[count:], self._offsets[count:]

    def place_again(self) -> None:
        """Find the place of every entry anew, as some have another height."""
        entries, self.entries, self._offsets, self._height = self.entries, [], [], 0
        for entry in entries:
            entry.height = entry.block.height
            self.add(entry)
