"""A list of any length: rows are drawn when they are seen, and none is a widget."""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar, Generic

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui_chat.records import dataclass
from tui_chat.text import clean_line, fit
from tui_chat.ui.shared.search_result import ItemT, SearchResult

MARK = "▌ "
"""Stands before the row that the keys act on."""


class RowList(ScrollView, Generic[ItemT], can_focus=False):
    """Rows of one height, one of them chosen. The keys come from whoever has the focus: a field that filters them."""

    ROW_HEIGHT: ClassVar[int] = 2
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "row-list--chosen",
        "row-list--mark",
        "row-list--title",
        "row-list--text",
        "row-list--meta",
        "row-list--hit",
        "row-list--tag",
        "row-list--live",
    }

    chosen: reactive[int] = reactive(-1, init=False)
    """The row that the keys act on; -1 while there is none."""

    @dataclass
    class Picked(Message):
        """A row was clicked."""

        list: RowList[Any]

        @property
        def control(self) -> RowList[Any]:
            """The list that it is in."""
            return self.list

    def __init__(self) -> None:
        super().__init__()
        self.found: SearchResult[ItemT] = SearchResult()

    @abstractmethod
    def draw(self, item: ItemT, width: int) -> Sequence[Sequence[Segment]]:
        """Return the lines of a row, `ROW_HEIGHT` of them, each at most so wide."""

    @property
    def item(self) -> ItemT | None:
        """The item that the keys act on."""
        return self.found.items[self.chosen] if self.chosen >= 0 else None

    def show(self, found: SearchResult[ItemT], chosen: int = 0) -> None:
        """Show what was found."""
        self.found = found
        count = len(found.items)
        self.virtual_size = Size(0, count * self.ROW_HEIGHT)
        self.set_reactive(RowList.chosen, -1)
        self.chosen = min(chosen, count - 1)
        self.refresh()

    def choose(self, step: int) -> None:
        """Choose another row, so many further down."""
        if self.found.items:
            self.chosen = min(max(self.chosen + step, 0), len(self.found.items) - 1)

    @property
    def page(self) -> int:
        """The number of rows in sight."""
        return max(self.size.height // self.ROW_HEIGHT, 1)

    def watch_chosen(self, before: int, chosen: int) -> None:
        """Keep the chosen row in sight."""
        for index in (before, chosen):
            self._redraw(index)
        if chosen >= 0:
            region = Region(0, chosen * self.ROW_HEIGHT, 1, self.ROW_HEIGHT)
            self.scroll_to_region(region, animate=False, force=True, x_axis=False)

    def render_line(self, y: int) -> Strip:
        """Return one line of a row."""
        index, line = divmod(y + self.scroll_offset.y, self.ROW_HEIGHT)
        width, base = self.scrollable_content_region.width, self.rich_style
        if index >= len(self.found.items):
            return Strip.blank(width, base)
        chosen = index == self.chosen
        row = self.style("chosen") if chosen else base
        mark = Segment(MARK if chosen else " " * len(MARK), self.style("mark"))
        segments = [mark, *self.draw(self.found.items[index], width - len(MARK) - 1)[line]]
        behind = Style(bgcolor=row.bgcolor)
        return Strip(Segment.apply_style(segments, post_style=behind)).adjust_cell_length(width, row)

    def style(self, part: str) -> Style:
        """Return the style of a part of a row, from the stylesheet."""
        return self.get_component_rich_style(f"row-list--{part}")

    def title(self, text: str, width: int) -> list[Segment]:
        """Return a raw title on one line, with the searched words marked."""
        return self._marked(fit(clean_line(text), width), "title")

    def excerpt(self, text: str, width: int, part: str) -> list[Segment]:
        """Return as much of a raw text as fits around the first of the searched words."""
        words = self.found.words
        found = [match.start() for word in words if (match := re.search(re.escape(word), text, re.IGNORECASE))]
        at = min(found, default=0)
        begin = at - width // 3 if at > width * 2 // 3 else 0
        # Not all of a long text is made safe to show, but more than fits, as runs of white space become one space.
        shown = ("…" if begin else "") + clean_line(text[begin : begin + 4 * width]).strip()
        return self._marked(fit(shown, width), part)

    def on_click(self, event: events.Click) -> None:
        """Choose the row that was clicked, and say so."""
        index = (event.y + self.scroll_offset.y) // self.ROW_HEIGHT
        if index < len(self.found.items):
            self.chosen = index
            self.post_message(self.Picked(self))

    def _marked(self, text: str, part: str) -> list[Segment]:
        return marked(text, self.found.words, self.style(part), self.style("hit"))

    def _redraw(self, index: int) -> None:
        top = index * self.ROW_HEIGHT - self.scroll_offset.y
        self.refresh(Region(0, top, self.size.width, self.ROW_HEIGHT))


def spread(left: Sequence[Segment], right: Sequence[Segment], width: int) -> list[Segment]:
    """Return a line with these segments at either end; the left gives way."""
    room = width - Segment.get_line_length(list(right))
    return [*Segment.adjust_line_length(list(left), room), *right]


def marked(text: str, words: Sequence[str], plain: Style, hit: Style) -> list[Segment]:
    """Return a text with the words that were searched for in another style."""
    if not words:
        return [Segment(text, plain)]
    pieces = re.split(f"({'|'.join(map(re.escape, words))})", text, flags=re.IGNORECASE)
    return [Segment(piece, hit if at % 2 else plain) for at, piece in enumerate(pieces) if piece]
