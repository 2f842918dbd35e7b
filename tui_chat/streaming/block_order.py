"""The events of a reply block by block, whatever order they come in."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from tui_chat.chat.events import (
    BlockStart,
    BlockStop,
    MessageDelta,
    MessageStart,
    MessageStop,
    ReplyRestarted,
    StreamEvent,
    ToolAnswered,
)


class BlockOrder:
    """Lets one block through at a time; what comes of a later one waits until the earlier ones have stopped.

    The wire numbers the blocks, and nothing says that one ends before the next begins. Whoever shows a reply from top
    to bottom can only show them in the order of their numbers.
    """

    def __init__(self) -> None:
        self._begin()

    @property
    def held(self) -> Collection[int]:
        """The later blocks of which something came before an earlier one has ended."""
        return self._held.keys()

    def put(self, event: StreamEvent) -> Iterable[StreamEvent]:
        """Return the events that may be shown now that this one has come."""
        match event:
            case ReplyRestarted() | MessageStart():
                self._begin()
                return (event,)
            case MessageDelta():
                return (event,)
            case MessageStop() | ToolAnswered():
                return (*self.flush(), event)
        if event.index > self._current and not self._begins(event):
            self._held.setdefault(event.index, []).append(event)
            return ()
        if event.index < self._current:
            return (event,)
        return (event, *self._passed(event))

    def flush(self) -> list[StreamEvent]:
        """Return what still waits; no more will come of what it waits for."""
        events = [event for index in sorted(self._held) for event in self._held[index]]
        self._held.clear()
        return events

    def _begin(self) -> None:
        self._current = 0
        """The block that is let through, or the next one if none has begun."""
        self._open = False
        self._held: dict[int, list[StreamEvent]] = {}

    def _begins(self, event: StreamEvent) -> bool:
        """True if a later block begins in its turn: some servers leave numbers out."""
        if self._open or self._held or not isinstance(event, BlockStart):
            return False
        self._current = event.index
        return True

    def _passed(self, event: StreamEvent) -> list[StreamEvent]:
        """Let an event of the present block through; return what may follow it, if that was its end."""
        self._open = not isinstance(event, BlockStop)
        if self._open:
            return []
        self._current += 1
        released: list[StreamEvent] = []
        while self._held and not self._open:
            index = min(self._held)
            events = self._held.pop(index)
            self._open = not any(isinstance(event, BlockStop) for event in events)
            self._current = index if self._open else index + 1
            released += events
        return released
