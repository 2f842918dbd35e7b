"""Batches: many requests that are sent at once and answered later, at a lower price."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from enum import StrEnum
from typing import Protocol

from tui_chat.chat.errors import ChatError
from tui_chat.chat.events import StreamEvent
from tui_chat.chat.request import ReplyRequest
from tui_chat.records import dataclass


class BatchState(StrEnum):
    """The states of a batch that the program tells apart."""

    UNDER_WAY = "under way"
    ENDED = "ended"
    GONE = "gone"
    """It has ended, and its results are not kept any more."""


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch as the provider knows it."""

    id: str
    state: BatchState
    requests: int
    """The number of its requests."""


class TakesBatches(Protocol):
    """A provider that takes batches; what goes wrong is a `ChatError`, and a method may be cancelled at any await."""

    async def send_batch(self, requests: Mapping[str, ReplyRequest]) -> str:
        """Send requests, each under a name of its own ([a-zA-Z0-9_-]{1,64}); return the batch's id."""
        ...

    async def batch(self, id: str) -> Batch:
        """Return a batch as it is now."""
        ...

    async def newest_batch(self) -> str:
        """Return the id of the batch that was begun last; "" where there is none."""
        ...

    async def batches_after(self, id: str) -> Sequence[Batch]:
        """Return those that were begun after this one, the newest first."""
        ...

    def batch_results(self, id: str) -> AsyncGenerator[tuple[str, Sequence[StreamEvent] | ChatError], None]:
        """Yield what became of each request, under its name: the events of a whole reply, or why there is none."""
        ...
