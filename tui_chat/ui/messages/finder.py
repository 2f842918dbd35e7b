"""Finding a text in the conversation that is on the screen, while it grows too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tui_chat.ui.messages.message_list import MessageList
from tui_chat.ui.messages.message_widget import MessageWidget
from tui_chat.ui.messages.streaming_message import StreamingMessage

MARGIN = 2
"""Lines that are kept between a hit and the edge of what is in sight."""


@dataclass(frozen=True)
class _Found:
    """The hits in one message, and the state that they depend on."""

    state: object
    lines: Sequence[int]
    """The line of each hit."""


class Finder:
    """The hits of a query in all messages, and the one that the reader is at."""

    def __init__(self, messages: MessageList) -> None:
        self._messages = messages
        self._query = ""
        self._found: dict[MessageWidget, _Found] = {}
        self._at: tuple[MessageWidget, int] | None = None
        """The hit that the reader is at: which one of which message."""

    @property
    def count(self) -> int:
        """The number of hits."""
        return sum(len(found.lines) for found in self._found.values())

    @property
    def place(self) -> int:
        """The number of the hit that the reader is at, from 1; 0 if there is none."""
        return self._places.index(self._at) + 1 if self._at in self._places else 0

    def search(self, query: str) -> None:
        """Look for another text, from what is in sight on."""
        self._query = query
        self.refresh()
        self._at = self._first_in_sight()
        self._show()

    def step(self, step: int) -> None:
        """Go to the next hit, or the one before; after the last comes the first."""
        self.refresh()
        places = self._places
        if places:
            self._at = places[(self.place - 1 + step) % len(places)]
            self._show()

    def refresh(self) -> None:
        """Search the messages that have changed once more; nothing is scrolled."""
        before, self._found = self._found, {}
        for widget in self._messages.widgets:
            state = (self._query, widget.stack.height, widget.size.width, _length(widget), widget.busy)
            found = before.get(widget)
            if found is None or found.state != state:
                found = _Found(state, widget.stack.find(self._query))
                self._highlight(widget)
            self._found[widget] = found

    def close(self) -> None:
        """Mark nothing any more."""
        self.search("")

    @property
    def _places(self) -> list[tuple[MessageWidget, int]]:
        return [(widget, number) for widget, found in self._found.items() for number in range(len(found.lines))]

    def _first_in_sight(self) -> tuple[MessageWidget, int] | None:
        """Return the first hit that is not above what is in sight; if all are, the last."""
        places = self._places
        top = self._messages.scroll_offset.y
        below = (place for place in places if self._line_of(*place) >= top)
        return next(below, places[-1] if places else None)

    def _line_of(self, widget: MessageWidget, number: int) -> int:
        """Return the line of a hit among all lines of the list."""
        return widget.virtual_region.y + widget.gutter.top + self._found[widget].lines[number]

    def _show(self) -> None:
        """Mark the hits and bring the one that the reader is at into sight."""
        for widget in self._found:
            self._highlight(widget)
        self.refresh()  # a folded prompt has unfolded for it
        if self._at is not None and self._at in self._places:
            line = self._line_of(*self._at)
            messages = self._messages
            top, height = messages.scroll_offset.y, messages.scrollable_content_region.height
            if not top + MARGIN <= line < top + height - MARGIN:
                messages.scroll_to(y=line - height // 2, animate=False)

    def _highlight(self, widget: MessageWidget) -> None:
        number = self._at[1] if self._at is not None and self._at[0] is widget else None
        widget.stack.highlight(number)
        widget.update_lines()


def _length(widget: MessageWidget) -> int:
    return len(widget.source) if isinstance(widget, StreamingMessage) else 0
