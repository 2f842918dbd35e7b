"""Finding a text in the conversation that is on the screen, while it grows too."""

from __future__ import annotations

import asyncio
from collections.abc import Hashable, Sequence

from textual.widget import Widget

from tui_chat.chat.message import Message
from tui_chat.records import dataclass
from tui_chat.rendering import search_pattern
from tui_chat.ui.messages.message_list import MessageList
from tui_chat.ui.messages.message_widget import MessageWidget

A_MOMENT_S = 0.005
MARGIN = 2
"""Lines that are kept between a hit and the edge of what is in sight."""


@dataclass(frozen=True)
class _Found:
    """The hits in one message, and what they depend on."""

    query: str
    message: Message
    count: int
    lines: Sequence[int] = ()
    """The line of each hit, while the message is laid out."""
    drawn: Hashable = None
    """The state of its widget when it was looked through to its end; None if it never was."""


class Finder:
    """The hits of a query in all messages, and the one that the reader is at.

    Where a message has not been laid out, or not to its end, the hits are counted in its text; that may be more or less
    than is shown in the end. Whatever is gone to is laid out, and then it is known.
    """

    def __init__(self, messages: MessageList) -> None:
        self._messages = messages
        self._query = ""
        self._found: dict[str, _Found] = {}
        """The hits in each message, in the order of the conversation."""
        self._laid_out: dict[str, MessageWidget] = {}
        """The widgets of the messages that were laid out at the last look, and of what grows."""
        self._at: tuple[str, int] | None = None
        """The hit that the reader is at: which one of which message."""
        self._going = asyncio.Lock()
        """Held while a hit is gone to."""

    @property
    def count(self) -> int:
        """The number of hits."""
        return sum(found.count for found in self._found.values())

    @property
    def place(self) -> int:
        """The number of the hit that the reader is at, from 1; 0 if there is none."""
        before = 0
        for id, found in self._found.items():
            if self._at is not None and id == self._at[0]:
                return before + self._at[1] + 1 if self._at[1] < found.count else 0
            before += found.count
        return 0

    @property
    def is_shown(self) -> bool:
        """True if its messages are those that are shown, whatever screen is over them."""
        return _is_shown(self._messages)

    async def search(self, query: str, message_id: str = "") -> None:
        """Look for another text, from a message on, or from what is in sight."""
        self._query = query
        async with self._going:
            self.refresh()
            found = self._found.get(message_id)
            self._at = (message_id, 0) if found is not None and found.count else self._first_in_sight()
            await self._go(1)

    async def step(self, step: int) -> None:
        """Go one hit on, or back; after the last comes the first."""
        async with self._going:
            self.refresh()
            self._at = self._beside(step)
            await self._go(step)

    def refresh(self) -> None:
        """Look again in the messages that are others than before; nothing is moved."""
        before, self._found = self._found, {}
        growing = {message.id for message in self._messages.messages if message.status.live}
        self._laid_out = {
            widget.message_id: widget
            for widget in self._messages.searched_widgets
            if not self._query or _is_laid_out(widget) or widget.message_id in growing
        }
        for message in self._messages.searched:
            found, widget = before.get(message.id), self._laid_out.get(message.id)
            same = found if found is not None and (found.query, found.message) == (self._query, message) else None
            self._found[message.id] = (
                self._looked_up(message, widget, same) if widget is not None else self._counted(message, same)
            )

    def close(self) -> None:
        """Mark nothing any more."""
        self._query, self._at = "", None
        self.refresh()

    def _counted(self, message: Message, before: _Found | None) -> _Found:
        """Count the hits in the text of a message that is not laid out; what was seen of it is better known."""
        if before is not None:
            return before
        pattern = search_pattern(self._query)
        return _Found(self._query, message, 0 if pattern is None else len(pattern.findall(message.text)))

    def _looked_up(self, message: Message, widget: MessageWidget, before: _Found | None) -> _Found:
        """Look a message through as it is shown, unless it was before; and mark what is found."""
        drawn = (widget, widget.stack.height, widget.size.width, len(widget.source))
        if before is not None and before.drawn == drawn and not widget.busy:
            return before
        lines = widget.stack.find(self._query)
        self._highlight(widget)
        return _Found(self._query, message, len(lines), lines, None if widget.busy else drawn)

    def _first_in_sight(self) -> tuple[str, int] | None:
        """Return the first hit that is not above what is in sight; if all are, the last."""
        top, laid_out, reached = self._messages.scroll_offset.y, self._laid_out, False
        for id, found in self._found.items():
            reached = reached or id in laid_out
            below = (number for number in range(found.count) if id not in laid_out or self._line_of(id, number) >= top)
            if reached and (number := next(below, None)) is not None:
                return id, number
        return self._edge(-1)

    def _beside(self, step: int) -> tuple[str, int] | None:
        """Return the hit that follows the one that the reader is at, or comes before it."""
        if self._at is None or self._at[0] not in self._found:
            return self._edge(step)
        id, number = self._at
        if 0 <= number + step < self._found[id].count:
            return id, number + step
        ids = list(self._found)
        at = ids.index(id)
        return self._edge(step, [*ids[at + 1 :], *ids[: at + 1]] if step > 0 else [*ids[at:], *ids[:at]])

    def _edge(self, step: int, ids: Sequence[str] | None = None) -> tuple[str, int] | None:
        """Return the first hit of these messages, or the last."""
        ordered = list(self._found) if ids is None else ids
        for id in ordered if step > 0 else reversed(ordered):
            if count := self._found[id].count:
                return id, 0 if step > 0 else count - 1
        return None

    async def _go(self, step: int) -> None:
        """Bring the hit that the reader is at into sight; where it turns out to be none, the one beside it."""
        while self._at is not None and self._at[0] not in self._laid_out:
            id, number = self._at
            if not _is_in_sight(self._messages) or not await self._messages.bring(id):
                return
            await self._lay_out(id)
            self.refresh()
            count = self._found[id].count if id in self._found else 0
            self._at = (id, min(number, count - 1)) if count else self._beside(step)
        for widget in self._laid_out.values():
            self._highlight(widget)
        self.refresh()  # a folded prompt has unfolded for it
        self._messages.call_after_refresh(self._scroll)

    async def _lay_out(self, id: str) -> None:
        """Wait until a message is laid out: until then nothing in it is found. What is hidden never is."""
        growing = any(message.id == id and message.status.live for message in self._messages.messages)
        widgets = (widget for widget in self._messages.widgets if widget.message_id == id and not growing)
        widget = next(widgets, None)
        while widget is not None and widget.is_attached and not _is_laid_out(widget) and _is_in_sight(self._messages):
            await asyncio.sleep(A_MOMENT_S)

    def _scroll(self) -> None:
        """Scroll to the hit that the reader is at, unless it is in sight."""
        if self._at is None or self._at[0] not in self._laid_out or self._at[1] >= len(self._found[self._at[0]].lines):
            return
        line, messages = self._line_of(*self._at), self._messages
        if self._laid_out[self._at[0]].parent is not messages:
            return  # it stands above the list, always in sight
        top, height = messages.scroll_offset.y, messages.scrollable_content_region.height
        if not top + MARGIN <= line < top + height - MARGIN:
            messages.scroll_to(y=line - height // 2, animate=False)

    def _line_of(self, id: str, number: int) -> int:
        """Return the line of a hit among all lines of the list."""
        widget = self._laid_out[id]
        return widget.virtual_region.y + widget.gutter.top + self._found[id].lines[number]

    def _highlight(self, widget: MessageWidget) -> None:
        number = self._at[1] if self._at is not None and self._at[0] == widget.message_id else None
        widget.stack.highlight(number)
        widget.update_lines()


def _is_laid_out(widget: MessageWidget) -> bool:
    """True if all of its text has lines: it has none at all before it has been given its place."""
    return bool(widget.size) and not widget.busy


def _is_in_sight(messages: MessageList) -> bool:
    """True if the list is shown, on the uppermost screen or behind its dialog."""
    return _is_shown(messages) and messages.screen.is_current


def _is_shown(messages: MessageList) -> bool:
    shown = all(node.display for node in messages.ancestors_with_self if isinstance(node, Widget))
    return shown and messages.is_attached
