"""The journal of what is not stored while it comes, such as a summary: a program that is killed leaves nothing."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future

from tui_chat.chat.events import StreamEvent
from tui_chat.chat.message import Message
from tui_chat.chat.protocols import PendingReply


class NoJournal:
    """A `Journal` that keeps nothing."""

    def begin(self, pending: PendingReply) -> Future[None]:
        """Return what is done at once."""
        return _done()

    def append(self, message_id: str, events: Sequence[StreamEvent]) -> None:
        """Keep nothing."""

    def finish(self, reply: Message) -> Future[None]:
        """Return what is done at once."""
        return _done()

    def discard(self, pending: PendingReply, reply: Message) -> Future[None]:
        """Return what is done at once."""
        return _done()


def _done() -> Future[None]:
    done: Future[None] = Future()
    done.set_result(None)
    return done
