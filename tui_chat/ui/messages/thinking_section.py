"""Thinking: how long and how much, and the text itself for those who want it."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from rich.segment import Segment
from rich.style import Style

from tui_chat.rendering import Document, Hit, Look
from tui_chat.text.amounts import stretch
from tui_chat.ui.messages.sections import MessageStyles, Point, StaticSection

_MARGIN = 2
_EXACT_BELOW_S = 10


class ThinkingSection(StaticSection):
    """One line that says how long and how much, and below it the text while it is unfolded."""

    def __init__(
        self,
        width: int,
        look: Look,
        palette: MessageStyles,
        clock: Callable[[], float] = time.monotonic,
        *,
        counting: bool = True,
    ) -> None:
        super().__init__(width, palette)
        self.counting = counting
        """True if its heading says how long and how much while it is under way, too."""
        self.document = Document(max(width - _MARGIN, 1), look, paced=True)
        self.unfolded = False
        self.took_ms: float | None = None
        """Its duration, as far as that is known."""
        self._clock = clock
        self._since: float | None = None
        """The time when it began, while it goes on."""
        self._words = 0
        self._within_word = False

    def append(self, text: str) -> None:
        """Add more thinking."""
        self.document.append(text)
        self._words += len(text.split()) - (self._within_word and text.strip() != "" and not text[0].isspace())
        self._within_word = not text[-1:].isspace() if text else self._within_word
        if self.counting and not self.unfolded:
            self.invalidate()  # else the next tick shows it: the reader looks at the lines below

    def go_on(self, since: float | None = None) -> None:
        """Go on, since this moment if that is known; what it took before counts."""
        if self._since is None:
            self._since = self._clock() - (self.took_ms or 0) / 1000 if since is None else since
            self.invalidate()

    def tick(self) -> None:
        """Say anew how long it has been under way."""
        if self.counting and self._since is not None:
            self.invalidate()

    def end(self) -> None:
        """Stop the clock: no more will come."""
        if self._since is not None:
            self.took_ms, self._since = (self._clock() - self._since) * 1000, None
        self.document.finish()
        self.invalidate()

    def fold(self, *, unfolded: bool) -> None:
        """Show the text, or only how much there is."""
        self.unfolded = unfolded
        self.invalidate()

    @property
    def behind(self) -> bool:
        """True if lines that were asked for look different after more work."""
        return self.document.behind

    @property
    def height(self) -> int:
        """The number of lines."""
        return 1 + (self.document.height if self.unfolded else 0)

    def line(self, y: int) -> list[Segment]:
        """Return one of its lines, from 0."""
        if y == 0:
            return super().line(0)
        return [Segment("│ ", self.palette.thinking), *self.document.line(y - 1).segments]

    def take_changed(self) -> int:
        """Return the first line that may differ since the last call; its height if none."""
        below = 1 + self.document.take_changed()
        return min(super().take_changed(), below if self.unfolded else 1)

    def resize(self, width: int) -> None:
        """Lay it out for another width."""
        super().resize(width)
        self.document.resize(max(width - _MARGIN, 1))

    def restyle(self, look: Look, palette: MessageStyles) -> None:
        """Draw it in other colours."""
        super().restyle(look, palette)
        self.document.restyle(look)

    def find(self, query: str) -> Sequence[Hit]:
        """Return every place where the query stands, below the heading; nothing is found in what is folded."""
        hits = self.document.find(query) if self.unfolded else ()
        return [Hit(line + 1, start, end, end_line + 1) for line, start, end, end_line in hits]

    def highlight(self, hits: Sequence[Hit], current: int | None) -> None:
        """Mark these places, one of them as the current one."""
        below = [Hit(line - 1, start, end, end_line - 1) for line, start, end, end_line in hits]
        self.document.highlight(below, current)

    def source_between(self, start: Point, end: Point) -> str:
        """Return the heading as it stands, and the thinking as it was written."""
        heading = [super().source_between(start, min(end, (0, len(self.text(0)))))] if start[0] == 0 else []
        if end[0] == 0:
            return "".join(heading)
        first, last = max(start, (1, 0)), end
        below = self.document.source_between(
            (first[0] - 1, max(first[1] - _MARGIN, 0)), (last[0] - 1, max(last[1] - _MARGIN, 0))
        )
        return "\n\n".join(filter(None, [*heading, below]))

    def paragraph_at(self, y: int) -> tuple[int, int]:
        """Return the lines of the heading, or of a paragraph of the thinking."""
        if y == 0:
            return 0, 0
        first, last = self.document.paragraph_at(y - 1)
        return first + 1, last + 1

    def advance(self, may_go_on: Callable[[], bool]) -> bool:
        """Work on the text for as long as it may; True once nothing is left to do."""
        return self.document.advance(may_go_on)

    def make(self) -> list[list[Segment]]:
        """Return the heading."""
        under_way = self._since is not None and not self.counting
        said = "Thinking" if under_way else f"{self._said} · {self._words:,} word{'' if self._words == 1 else 's'}"
        label = f"{'▾' if self.unfolded else '▸'} {said}"
        heading = [Segment(label, self.palette.thinking + Style.from_meta({"@click": "toggle_fold"}))]
        return [list(Segment.adjust_line_length(heading, self.width, pad=False))]

    @property
    def _said(self) -> str:
        """The words for the thinking, under way or done, and its duration."""
        if self._since is not None:
            return f"Thinking · {stretch(self._clock() - self._since)}"
        if self.took_ms is None:
            return "Thought"
        seconds = self.took_ms / 1000
        return f"Thought for {f'{seconds:.1f} s' if seconds < _EXACT_BELOW_S else stretch(seconds)}"
