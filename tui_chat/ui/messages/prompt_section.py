"""A prompt in the conversation."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from rich.segment import Segment
from rich.style import Style

from tui_chat.rendering import Hit, Look
from tui_chat.text import clean
from tui_chat.ui.messages.highlights import find_in_lines, marked, spans_on
from tui_chat.ui.messages.sections import MessageStyles, Point, StaticSection
from tui_chat.ui.shared.text_rows import Row, before_tabs_grew, rows_of


class PromptSection(StaticSection):
    """A prompt as it was typed, line for line; a long one shows its beginning and its end until it is unfolded."""

    HEAD_LINES = 20
    TAIL_LINES = 3
    """The question often stands at the end, after a long paste."""
    FOLDED_LINES = HEAD_LINES + 1 + TAIL_LINES
    """A prompt of no more lines is shown whole."""

    def __init__(self, width: int, look: Look, palette: MessageStyles, text: str) -> None:
        super().__init__(width, palette)
        self._look = look
        self._source = clean(text, keep_tabs=True).rstrip("\n")
        self._shown = clean(self._source)
        self._hits: Sequence[Hit] = ()
        self._current: Hit | None = None
        self._tail: Sequence[Row] = ()
        """The rows that stand below what says how long it is, while it is folded."""
        self._begins: Sequence[int] = ()
        """The place in the text at which each line begins."""
        self.unfolded = False

    @property
    def is_long(self) -> bool:
        """True if only its beginning and its end are shown until it is unfolded."""
        return self.unfolded or bool(self._tail)

    def fold(self, *, unfolded: bool) -> None:
        """Show all of it, or only the beginning."""
        self.unfolded = unfolded
        self.invalidate()

    def make(self) -> list[list[Segment]]:
        """Return the lines; of a long prompt the first and the last, and between them its size."""
        shown = self._shown if self.unfolded else self._shown[: self.FOLDED_LINES * self.width]
        rows = rows_of(shown, self.width)
        if self.unfolded or (len(shown) == len(self._shown) and len(rows) <= self.FOLDED_LINES):
            self._tail, self._begins = (), [row.begin for row in rows]
            return [self._marked(y, row.text) for y, row in enumerate(rows)]
        label = f"▸ {len(self._source):,} characters in {self._source.count(chr(10)) + 1:,} lines"
        more = Segment(label, self.palette.meta + Style.from_meta({"@click": "toggle_fold"}))
        self._tail = self._last_rows()
        self._begins = [row.begin for row in (*rows[: self.HEAD_LINES + 1], *self._tail)]
        head = (self._marked(y, row.text) for y, row in enumerate(rows[: self.HEAD_LINES]))
        return [*head, [more], *([Segment(row.text)] for row in self._tail)]

    def _last_rows(self) -> Sequence[Row]:
        """Return the last rows; of one endless line, its last words in so many rows."""
        end = self._shown[-self.TAIL_LINES * self.width :]
        word = re.search(r"\s+(?=\S)", end)
        end = end[word.end() :] if word else end
        begin = len(self._shown) - len(end)
        return [row._replace(begin=row.begin + begin) for row in rows_of(end, self.width)][-self.TAIL_LINES :]

    def resize(self, width: int) -> None:
        """Lay it out for another width; what was found stands elsewhere then."""
        self._hits, self._current = (), None
        super().resize(width)

    def restyle(self, look: Look, palette: MessageStyles) -> None:
        """Draw it in other colours."""
        self._look = look
        super().restyle(look, palette)

    def find(self, query: str) -> Sequence[Hit]:
        """Return every place where the query stands in the prompt, folded or not."""
        return find_in_lines([row.text for row in self._rows], query)

    def highlight(self, hits: Sequence[Hit], current: int | None) -> None:
        """Mark these places; where the current one is folded away, unfold the prompt."""
        self._hits, self._current = hits, None if current is None else hits[current]
        if self._current is not None and self._current.end_line >= self.HEAD_LINES:
            self.unfolded = True
        super().highlight(hits, current)

    @property
    def current_row(self) -> int:
        """The row of the hit that the reader is at; 0 if there is none."""
        return self._current.line if self._current is not None else 0

    def source_between(self, start: Point, end: Point) -> str:
        """Return the prompt between two places as typed; the line with its size stands for all that is folded away."""
        rows = self._rows
        label = self.HEAD_LINES if self.height < len(rows) else len(rows)
        first = rows[start[0]].position(start[1]) if start[0] <= label else self._tail_position(start)
        last = rows[end[0]].position(end[1]) if end[0] < label else self._tail_position(end)
        return self._source[before_tabs_grew(self._source, first) : before_tabs_grew(self._source, last)]

    def _tail_position(self, point: Point) -> int:
        """Return where in the text a place below the first lines is; the label ends where the last lines begin."""
        y = point[0] - self.HEAD_LINES - 1
        return self._tail[y].position(point[1]) if y >= 0 else self._tail[0].begin

    def paragraph_at(self, y: int) -> tuple[int, int]:
        """Return the lines around this one, up to an empty one."""
        first = last = y
        while first and self.text(first - 1).strip():
            first -= 1
        while last < self.height - 1 and self.text(last + 1).strip():
            last += 1
        return first, last

    def place_of(self, y: int) -> int:
        """Return the place in the text at which a line begins."""
        self._made()
        return self._begins[y] if y < len(self._begins) else y

    def line_of(self, place: int) -> int:
        """Return the line that shows a place in the text, or says that it is folded away."""
        self._made()
        return min(max(bisect_right(self._begins, place) - 1, 0), self.height - 1)

    @property
    def _rows(self) -> list[Row]:
        return rows_of(self._shown, self.width)

    def _marked(self, y: int, text: str) -> list[Segment]:
        segments = [Segment(text)]
        for start, end, hit in spans_on(y, len(text), self._hits):
            segments = marked(
                segments, (start, end), self._look.current_hit if hit is self._current else self._look.hit
            )
        return segments
