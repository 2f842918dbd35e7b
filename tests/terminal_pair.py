"""Two emulated terminals, to see that what is left out of what is written to one is not missed."""

from __future__ import annotations

import pyte

from tui_chat.ui.terminal.terminal_diff import TerminalDiff


class BothTerminals:
    """One terminal that is sent everything, and one that is sent as little as it needs."""

    def __init__(self, columns: int, rows: int) -> None:
        self._size = columns, rows
        self.whole, self.spared = pyte.Screen(columns, rows), pyte.Screen(columns, rows)
        self._streams = pyte.Stream(self.whole), pyte.Stream(self.spared)
        self.now = 0.0
        self.rows = TerminalDiff(lambda: self.now)
        self.last = ""

    def write(self, text: str) -> None:
        """Send a text to both, which show the same then."""
        self.send(text)
        self.compare()

    def send(self, text: str) -> None:
        """Send a text to both."""
        least = self.rows.minimal_update(text, self._size)
        self.last = least
        for stream, sent in zip(self._streams, (text, least), strict=True):
            stream.feed(sent)

    def scribble(self, text: str) -> None:
        """Write over what the terminal that is spared shows, as another program does."""
        self._streams[1].feed(text)

    def compare(self) -> None:
        """See that both show the same."""
        assert self.shown(self.spared) == self.shown(self.whole)
        assert (self.spared.cursor.x, self.spared.cursor.y) == (self.whole.cursor.x, self.whole.cursor.y)

    @property
    def written(self) -> int:
        """The number of characters that the last text came to."""
        return len(self.last)

    def shown(self, screen: pyte.Screen) -> list[list[object]]:
        """Return every cell, with its colours."""
        columns, rows = self._size
        return [[_seen(screen.buffer[y][x]) for x in range(columns)] for y in range(rows)]


def _seen(cell: pyte.screens.Char) -> pyte.screens.Char:
    """Return a cell as it is seen: of a blank only its ground, and what is drawn through or below it."""
    if cell.data != " " or cell.underscore or cell.strikethrough or cell.reverse or cell.blink:
        return cell
    return cell._replace(fg="default", bold=False, italics=False)
