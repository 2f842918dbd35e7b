"""The sources of a reply, below it."""

from __future__ import annotations

from collections.abc import Sequence

from rich.segment import Segment
from rich.style import Style

from tui_chat.chat.citations import Source
from tui_chat.text import clean_line
from tui_chat.ui.messages.sections import MessageStyles, StaticSection
from tui_chat.ui.shared.text_rows import wrapped

_INDENT, _NARROW = 4, 16


class SourcesSection(StaticSection):
    """The sources by their numbers, each a click target that opens it."""

    def __init__(self, width: int, palette: MessageStyles, message_id: str, sources: Sequence[Source]) -> None:
        super().__init__(width, palette)
        self._message_id = message_id
        self._sources = sources

    def make(self) -> list[list[Segment]]:
        """Return number and title of each, and below them the address and the cited words."""
        return [line for source in self._sources for line in self._rows(source)]

    def _rows(self, source: Source) -> list[list[Segment]]:
        opens = Style.from_meta({"@click": f"screen.open_source('{self._message_id}', {source.number})"})
        number, indent = f"[{source.number}] ", " " * (_INDENT if self.width > _NARROW else 0)
        title, *more = wrapped(f"{number}{clean_line(source.title)}", self.width)
        below = [row for line in source.below for row in wrapped(clean_line(line), self.width - len(indent))]
        key = Segment(title[: len(number)], self.palette.source + opens)
        return [
            [key, Segment(title[len(number) :], self.palette.meta + opens)],
            *([Segment(row, self.palette.meta + opens)] for row in more),
            *([Segment(indent), Segment(row, self.palette.meta + opens)] for row in below),
        ]
