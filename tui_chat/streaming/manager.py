"""StreamManager: runs one reply from its opening to its end, whatever happens on the way."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable

from tui_chat.chat.errors import ChatError, ErrorKind
from tui_chat.chat.message import Message, StreamingStatus
from tui_chat.chat.protocols import (
    Journal,
    Pricing,
    ReplyObserver,
)
from tui_chat.streaming.buffer import TokenBuffer
from tui_chat.streaming.job import ReplyJob
from tui_chat.streaming.phase import ReplyWatcher
from tui_chat.streaming.shared import Shared
from tui_chat.streaming.stop import Outcome, Stop

log = logging.getLogger(__name__)

FAULT = (
    "tui-chat made a mistake of its own while this reply came; what came is kept. Try again; `tui-chat doctor` says "
    "where the log is."
)


class StreamManager:
    """Fetches replies. It holds what all of them share; each run keeps its own state, so runs may overlap."""

    def __init__(
        self,
        journal: Journal,
        pricing: Pricing,
        clock: Callable[[], float] = time.monotonic,
        observer: ReplyObserver | None = None,
    ) -> None:
        self._shared = Shared(journal, pricing, clock, observer)

    @property
    def journal(self) -> Journal:
        """The store of its replies."""
        return self._shared.journal

    async def run(self, job: ReplyJob, watcher: ReplyWatcher, stop: Stop, buffer: TokenBuffer | None = None) -> Message:
        """Fetch one reply and return it as it ended; who shows it may look into the buffer at any time.

        Nothing of the reply is lost on any way out: it is stored as complete, stopped, interrupted or failed, or taken
        back if it was to be discarded.
        """
        from tui_chat.streaming.reply_run import ReplyRun

        run = ReplyRun(self._shared, job, watcher, buffer or TokenBuffer(job.pending.reply.parts))
        status, error = StreamingStatus.FAILED, None
        try:
            with stop.attached():
                await run.fetch()
            status = StreamingStatus.COMPLETE
        except ChatError as failure:
            error = failure
        except Exception:  # whatever it is, it must not cost what has come
            log.exception("a reply ended in a fault of the program")
            error = ChatError(ErrorKind.INTERNAL, FAULT)
        except asyncio.CancelledError:
            if stop.outcome is None:
                status = StreamingStatus.INTERRUPTED  # not the user: the loop is being torn down
                raise
            _uncancel()
            stopped = stop.outcome is not Outcome.INTERRUPT
            status = StreamingStatus.STOPPED if stopped else StreamingStatus.INTERRUPTED
        finally:
            if stop.outcome is Outcome.DISCARD:
                status = StreamingStatus.CANCELLED
            message = run.end(status, error)
        return message


def _uncancel() -> None:
    """Undo the cancellation, which was the user's Stop and has been answered."""
    task = asyncio.current_task()
    assert task is not None
    task.uncancel()
