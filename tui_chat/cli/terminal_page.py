"""Growing Markdown in a terminal's own lines: what is finished is written once, what is open again as it changes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style

from tui_chat.rendering import Look
from tui_chat.rendering.document import Document
from tui_chat.text import cell_len
from tui_chat.text.printable import printable

WIDEST = 100
"""The most cells of a line, as in the app: longer ones are hard to read."""
Row: TypeAlias = list[Segment]


class TerminalPage:
    """Writes a growing text below what the terminal shows; the cursor stays at the end of its last line.

    Lines are written again only as far up as they are surely where they were put: still on the screen, and not wrapped
    by a terminal that has become narrower. What cannot be reached stays as it was written.
    """

    def __init__(
        self, write: Callable[[str], None], look: Look, size: Callable[[], tuple[int, int]], *, coloured: bool
    ) -> None:
        """`size` returns the columns and the rows that the terminal has now."""
        self._write = write
        self._size = size
        self._coloured = coloured
        self._width = _line_width(size()[0])
        self._document = Document(self._width, look)
        self._shown: list[Row] = []
        """The last lines as they were written."""
        self._above = 0
        """The number of lines above them."""
        self._left: Row | None = None
        """The last line as it was when something else was written below it."""
        self._at_line_start = True
        """True if the cursor is below the last line, not at its end."""

    def append(self, text: str) -> None:
        """Add raw foreign text; it is not drawn yet."""
        self._document.append(text)

    def draw(self) -> None:
        """Write what is not on the screen yet."""
        columns, rows = self._size()
        reached = self._first_reached(columns, rows)
        if _line_width(columns) != self._width:
            reached = self._fit(_line_width(columns), reached)
        rows_now = self._rows_now(reached)
        if self._left is not None and rows_now:
            if rows_now == [self._left]:
                return
            if rows_now[0] == self._left:
                self._above, rows_now = self._above + 1, rows_now[1:]
            self._left = None
        self._replace(rows_now, reached)
        self._let_go(rows)

    def finish(self) -> None:
        """Write the end of the text, and end its last line."""
        self._document.finish()
        self.draw()
        self.end_line()

    def end_line(self) -> None:
        """Go below the text, for something else to be written there: what stands above stays as it is."""
        if not self._at_line_start:
            self._write("\r\n")
            self._at_line_start = True
        if self._shown:
            self._left, self._above = self._shown[-1], self._above + len(self._shown) - 1
            self._shown = []

    def reaches(self, lines: int) -> bool:
        """True if its last lines, or all that it has, can be written again."""
        reached = self._first_reached(*self._size())
        return self._above + reached == 0 or len(self._shown) - reached >= lines

    def _first_reached(self, columns: int, rows: int) -> int:
        """Return the index of the first of the shown lines that can be written again."""
        wrapped = (at for at in reversed(range(len(self._shown))) if _cells(self._shown[at]) > columns)
        return max(next(wrapped, -1) + 1, len(self._shown) + self._at_line_start - rows + 1, 0)

    def _fit(self, width: int, reached: int) -> int:
        """Take up another width from the first paragraph on that can be written again as a whole; return its place.

        Where there is none yet, the text goes on in the old width.
        """
        document, last = self._document, self._above + len(self._shown)
        starts = (y for y in range(self._above + reached, last) if document.paragraph_at(y)[0] == y)
        start = 0 if last == 0 else next(starts, None)
        if start is None:
            return reached
        place = document.source_at(start, 0) if last else 0
        self._erase_from(start - self._above)
        document.resize(width)
        self._width, self._above, self._shown = width, document.line_of(place) if last else 0, []
        return 0

    def _rows_now(self, reached: int) -> list[Row]:
        """Return the lines as they are now, those that are out of reach left out."""
        height = self._document.height
        if height < self._above:
            self._erase_from(reached)
            self._above, self._shown = height, []
        same = max(self._document.take_changed() - self._above, 0)
        fresh = range(self._above + len(self._shown[:same]), height)
        return [*self._shown[:same], *(self._document.line(y).segments for y in fresh)][: height - self._above]

    def _replace(self, rows: list[Row], reached: int) -> None:
        """Write the lines that differ from those that are shown."""
        pairs = enumerate(zip(self._shown, rows, strict=False))
        differs = next((at for at, (old, new) in pairs if old != new), min(len(self._shown), len(rows)))
        at_last = 0 <= differs == len(self._shown) - 1 and not self._at_line_start
        if at_last and (more := _continuation(self._shown[-1], rows[differs : differs + 1])) is not None:
            self._put(more)
            self._add(rows[differs + 1 :])
        elif reached <= differs < len(self._shown):
            self._erase_from(differs)
            self._add(rows[differs:])
        elif differs < len(self._shown):
            self._write_within_reach(rows, reached)
            return
        else:
            self._add(rows[differs:])
        self._shown = rows

    def _write_within_reach(self, rows: list[Row], first: int) -> None:
        """Write lines again from the first within reach on; if none is, the last one below itself."""
        if first < len(self._shown):
            self._erase_from(first)
        else:
            if not self._at_line_start:
                self._write("\r\n")
                self._at_line_start = True
            first = max(min(first, len(rows)) - 1, 0)
        self._add(rows[first:])
        self._above, self._shown = self._above + first, rows[first:]

    def _erase_from(self, index: int) -> None:
        """Erase the shown lines from one on; the next begins in their place. Below all of them if there are none."""
        up = len(self._shown) - index - (not self._at_line_start)
        if index < len(self._shown):
            self._write("\r" + (f"\x1b[{up}A" if up else "") + "\x1b[J")
            self._at_line_start = True
            del self._shown[index:]

    def _add(self, rows: Sequence[Row]) -> None:
        """Write further lines below what is there."""
        for row in rows:
            if not self._at_line_start:
                self._write("\r\n")
            self._put(row)
            self._at_line_start = False

    def _put(self, row: Row) -> None:
        self._write("".join(self._styled(text, style) for text, style, _ in row))

    def _styled(self, text: str, style: Style | None) -> str:
        """Return a piece of a line with its style before it and the usual one after it; nothing else can act."""
        text = printable(text)
        if style is None or not text:
            return text
        style = style.update_link(None) if self._coloured else style.update_link(None).without_color
        return style.render(text, color_system=ColorSystem.STANDARD)

    def _let_go(self, rows: int) -> None:
        """Let go of lines that have left the screen."""
        gone = max(len(self._shown) - rows, 0)
        self._above += gone
        del self._shown[:gone]


def _line_width(columns: int) -> int:
    """Return the cells of a line: the last column stays free, as terminals differ in what comes after it."""
    return max(min(columns - 1, WIDEST), 1)


def _cells(row: Row) -> int:
    return sum(cell_len(segment.text) for segment in row)


def _continuation(old: Row, new: Sequence[Row]) -> Row | None:
    """Return what makes another line of one by being written after it; None if nothing does."""
    if not new or not old or len(old) > len(new[0]):
        return None
    *before, (text, style, _) = old
    (now, style_now, _), *after = new[0][len(before) :]
    if new[0][: len(before)] != before or style != style_now or not now.startswith(text):
        return None
    return [Segment(now[len(text) :], style), *after]
