"""A thread that waits for its next job keeps nothing of its last one."""

from __future__ import annotations

import weakref
from contextvars import ContextVar

from tui_chat.ui.textual_internals.worker_threads import WorkerThreads

held: ContextVar[object] = ContextVar("held")


class Reply:
    """A thing that a job holds."""


def test_an_idle_thread_holds_nothing_of_its_last_job() -> None:
    def job() -> weakref.ref[Reply]:
        reply = Reply()
        held.set(reply)
        return weakref.ref(reply)

    with WorkerThreads(1) as threads:
        gone = threads.submit(job).result()
        assert threads.submit(lambda: gone() is None and held.get(None) is None).result()
