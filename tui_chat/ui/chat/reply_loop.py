"""The event loop of a reply's thread: it wakes once for all that comes until the next frame, and for Stop at once.

Replies work one at a time, so that a key waits for one of them at most. Python lets one thread run at a time, and gives
each that waits a turn. If the threads of fifty replies waited for it side by side with the screen's, the screen would
have every fifty-first turn.
"""

from __future__ import annotations

import asyncio
import logging
import selectors
import threading
import time
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from _typeshed import FileDescriptorLike

    from tui_chat.chat.message import Message
    from tui_chat.program.wiring import Program
    from tui_chat.ui.chat.live_reply import LiveReply

log = logging.getLogger(__name__)

T = TypeVar("T")
Ready = list[tuple[selectors.SelectorKey, int]]

LONGEST_WAIT_S = 0.01
"""Seconds after which a reply works beside another that has not ended its turn: Stop must not wait for that."""

_turn = threading.Lock()
"""Held by the reply that works."""


def fetch(program: Program, live: LiveReply) -> Message:
    """Fetch a reply in a loop of the thread's own: Stop can then cancel the task, wherever it waits."""
    return run(_fetched(program, live), live.before_wait)


async def _fetched(program: Program, live: LiveReply) -> Message:
    manager = program.summarizer if live.is_summary else program.manager
    try:
        return await manager.run(live.job, live, live.stop, live.buffer)
    except Exception:  # whatever it is, the conversation must not wait for this reply for ever
        log.exception("a reply could not be begun")
        message = live.broken()
        manager.journal.finish(message)
        return message
    finally:
        live.over.set_result(None)


def run(reply: Coroutine[Any, Any, T], before_wait: Callable[[], float] = lambda: 0.0) -> T:
    """Run a reply to its end in a loop of its own, taking turns with the others; `before_wait` as for `TurnTaking`."""
    with asyncio.Runner(loop_factory=lambda: asyncio.SelectorEventLoop(TurnTaking(before_wait))) as runner:
        return runner.run(reply)


class TurnTaking(selectors.DefaultSelector):
    """Gives its turn away while its reply has nothing to do, and rests then: waking costs more than many tokens do."""

    def __init__(self, before_wait: Callable[[], float]) -> None:
        """`before_wait` is called before, and returns the time until which all but timers and other threads waits."""
        super().__init__()
        self._before_wait = before_wait
        self._rests_until = 0.0
        self._wake_ups = selectors.DefaultSelector()
        self._has_turn = False

    def register(self, fileobj: FileDescriptorLike, events: int, data: Any = None) -> selectors.SelectorKey:
        """Watch a file; the first is the loop's own, by which other threads wake it, also while it rests."""
        if not self.get_map():
            self._wake_ups.register(fileobj, events, data)
        return super().register(fileobj, events, data)

    def select(self, timeout: float | None = None) -> Ready:
        """Wait for something to do, and then for a turn."""
        if timeout != 0:
            self._rests_until = self._before_wait()
        self._end_turn()
        ready = self._wait(timeout)
        self._has_turn = _turn.acquire(timeout=LONGEST_WAIT_S)
        return ready

    def _wait(self, timeout: float | None) -> Ready:
        rest_s = self._rests_until - time.monotonic()
        if rest_s <= 0:
            return super().select(timeout)
        if timeout is not None and timeout <= rest_s:
            return self._wake_ups.select(timeout)
        return self._wake_ups.select(rest_s) or super().select(timeout if timeout is None else timeout - rest_s)

    def close(self) -> None:
        """End with the loop."""
        self._end_turn()
        self._wake_ups.close()
        super().close()

    def _end_turn(self) -> None:
        if self._has_turn:
            self._has_turn = False
            _turn.release()
