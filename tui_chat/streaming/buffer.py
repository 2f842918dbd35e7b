"""What a reply's thread leaves for the screen to fetch."""

from __future__ import annotations

import threading
from collections import deque

from tui_chat.chat.events import StreamEvent, coalesced


class TokenBuffer:
    """Events between a reply's thread and the UI loop.

    The thread puts each event and need only wake the UI when the buffer was empty; the UI drains it at its own pace,
    with runs of tokens joined, so that fast tokens cost the screen no more than slow ones.
    """

    def __init__(self) -> None:
        self._events: deque[StreamEvent] = deque()
        self._lock = threading.Lock()

    def put(self, event: StreamEvent) -> bool:
        """Add an event; True if the buffer was empty, so that the UI must be told."""
        with self._lock:
            was_empty = not self._events
            self._events.append(event)
        return was_empty

    def __len__(self) -> int:
        """How many events wait."""
        return len(self._events)

    def drain(self) -> list[StreamEvent]:
        """Take everything out, in order, runs of deltas joined."""
        with self._lock:
            taken, self._events = self._events, deque()
        return list(coalesced(taken))
