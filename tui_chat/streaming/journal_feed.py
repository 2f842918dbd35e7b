"""Journals a reply while it comes: at most a quarter of a second of it is ever only in memory."""

from __future__ import annotations

import asyncio

from tui_chat.chat.events import StreamEvent
from tui_chat.chat.protocols import Journal

JOURNAL_INTERVAL_S = 0.25


class JournalFeed:
    """Gathers events and hands them to the journal some four times a second.

    A timer does it, not the next event: a reply that stalls after a word must still keep that word.
    """

    def __init__(self, journal: Journal, message_id: str) -> None:
        self._journal = journal
        self._message_id = message_id
        self._pending: list[StreamEvent] = []
        self._timer: asyncio.TimerHandle | None = None

    def add(self, event: StreamEvent) -> None:
        """Keep an event with the next lot."""
        self._pending.append(event)
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(JOURNAL_INTERVAL_S, self.flush)

    def flush(self) -> None:
        """Hand over what has gathered."""
        self.close()
        if self._pending:
            self._journal.append(self._message_id, self._pending)
            self._pending = []

    def close(self) -> None:
        """End the timer; the whole reply is about to be stored."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
