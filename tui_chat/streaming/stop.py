"""The one way to end a reply early, from any thread, in any phase."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum


class Outcome(StrEnum):
    """The fate of a reply that is ended early."""

    KEEP = "keep"
    """All that came stays, marked stopped."""
    DISCARD = "discard"
    """All that this request added leaves the conversation."""
    INTERRUPT = "interrupt"
    """The program ends, and not by the user's wish; what came stays, marked interrupted."""


class Stop:
    """Ends one reply by cancelling its task, wherever it waits: a flag would only be seen at the next token."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[object] | None = None
        self._outcome: Outcome | None = None

    @property
    def outcome(self) -> Outcome | None:
        """The outcome that was asked for; None while nobody asked."""
        return self._outcome

    def request(self, outcome: Outcome) -> None:
        """End the reply. Safe from any thread, before it began, twice, and after it ended."""
        with self._lock:
            first, self._outcome = self._outcome is None, outcome
            if first and self._loop is not None and self._task is not None:
                self._loop.call_soon_threadsafe(self._cancel, self._task)

    def _cancel(self, task: asyncio.Task[object]) -> None:
        """Cancel the task, unless the reply has ended since: what follows it in the task is not to be stopped."""
        if self._task is task:
            task.cancel()

    @contextmanager
    def attached(self) -> Iterator[None]:
        """Make the running task the one to cancel; a request that came before it began counts."""
        task = asyncio.current_task()
        assert task is not None
        with self._lock:
            self._loop, self._task = asyncio.get_running_loop(), task
            if self._outcome is not None:
                task.cancel()
        try:
            yield
        finally:
            with self._lock:
                self._loop = self._task = None
