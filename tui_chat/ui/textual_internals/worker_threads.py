"""The threads that workers run in."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import Context
from typing import Any, TypeVar

T = TypeVar("T")


class WorkerThreads(ThreadPoolExecutor):
    """Keeps nothing of a job that is done.

    A thread worker of Textual's sets a variable of its thread's context to itself, so that an idle thread of the pool
    held its last worker, and with it a whole reply. Here each job has a context of its own.
    """

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        """Start the job as soon as a thread is free."""
        return super().submit(Context().run, fn, *args, **kwargs)
