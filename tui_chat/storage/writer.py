"""The one thread of this process that writes, so that no other ever waits for a slow or locked disk."""

from __future__ import annotations

import logging
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeAlias, TypeVar

from tui_chat.storage import problems
from tui_chat.storage.database import Database
from tui_chat.storage.problems import Report

log = logging.getLogger(__name__)

T = TypeVar("T")
Job: TypeAlias = Callable[[sqlite3.Connection], T]

PATIENCE_S = 5.0
"""Seconds that a write waits for another process before the user is told."""
_AGAIN_S = 0.1
_END_S = 1.0
"""Seconds that the end waits for an attempt under way, once there is to be no other."""


class _Task:
    """A job in the queue, and the Future of its result."""

    def __init__(self, job: Job[Any], *, held: bool) -> None:
        self.job = job
        self.held = held
        """True if the caller waits however long it takes; if not, trouble with the disk lets it go on unsaved."""
        self.future: Future[Any] = Future()
        self.future.set_running_or_notify_cancel()  # from now on it cannot be cancelled: a write is never dropped
        self._lock = threading.Lock()

    def settle(self, result: object = None, error: BaseException | None = None) -> None:
        """Give the caller the result or the error, once."""
        with self._lock:
            if self.future.done():
                return
            if error is not None and self.held:
                self.future.set_exception(error)
            else:
                self.future.set_result(result)


class Writer:
    """Takes jobs from any thread and does them in their order, each in a transaction of its own.

    A job that the disk or another process blocks stays first in the queue and is tried again until it succeeds.
    """

    def __init__(self, database: Database, report: Report) -> None:
        self._database = database
        self._report = report
        self._tasks: deque[_Task] = deque()
        self._queued = 0
        self._done = 0
        self._changed = threading.Condition()
        self._blocked = False
        self._told = False
        """True if the trouble has lasted so long that the user has been told."""
        self._ending = False
        self._give_up = threading.Event()
        self._connection: sqlite3.Connection | None = None
        self._generation = -1
        self._thread = threading.Thread(target=self._run, name="tui-chat-storage", daemon=True)
        self._thread.start()

    @property
    def blocked(self) -> bool:
        """True while the disk or another process blocks the writes."""
        return self._blocked

    @property
    def queued(self) -> int:
        """The number of jobs ever queued."""
        return self._queued

    @property
    def done(self) -> int:
        """The number of them that are finished."""
        return self._done

    def submit(self, job: Job[T], *, held: bool = True) -> Future[T]:
        """Queue a job. One that is not `held` never fails, and is not waited for while the disk is in trouble."""
        task = _Task(job, held=held)
        with self._changed:
            if not self._ending:
                self._tasks.append(task)
                self._queued += 1
                self._changed.notify_all()
            lost, let_go = self._ending, self._told and not held
        if lost or let_go:
            task.settle(error=RuntimeError("the store is closed"))
        return task.future

    def flush(self, timeout_s: float) -> bool:
        """Wait until all that is queued now has been written; False if that took too long."""
        with self._changed:
            last = self._queued
            return self._changed.wait_for(lambda: self._done >= last, timeout_s)

    def catch_up(self, timeout_s: float) -> None:
        """Wait until all that is queued now has been written, or the disk or another process blocks that."""
        with self._changed:
            last = self._queued
            self._changed.wait_for(lambda: self._done >= last or self._blocked, timeout_s)

    def close(self, timeout_s: float) -> bool:
        """Write what is queued and end the thread; False if something had to be given up, which is reported."""
        written = self.flush(0 if self._ending else timeout_s)
        with self._changed:
            self._ending = True
            self._changed.notify_all()
        self._give_up.set()
        self._thread.join(_END_S)
        return written

    def _run(self) -> None:
        while (task := self._next()) is not None:
            try:
                self._do(task)
            except _GivenUp:
                self._abandon()
                break
            self._put_away()
            del task  # it knows all that is written, which would be held until there is another
        if self._connection:
            self._connection.close()

    def _next(self) -> _Task | None:
        """Return the task at the head of the queue, which stays there until it is done; None at the end."""
        with self._changed:
            self._changed.wait_for(lambda: self._tasks or self._ending)
            return self._tasks[0] if self._tasks else None

    def _put_away(self) -> None:
        """Take the finished task out of the queue; after the last of those that were held up, say so."""
        if self._told and len(self._tasks) == 1:
            self._told = False
            self._report(problems.SAVED_AGAIN)
        with self._changed:
            self._tasks.popleft()
            self._done += 1
            self._changed.notify_all()

    def _do(self, task: _Task) -> None:
        """Do one job, however often it has to be tried."""
        began = time.monotonic()
        while True:
            try:
                result = self._attempt(task.job)
            except sqlite3.Error as error:
                if not self._may_try_again(error, time.monotonic() - began):
                    self._fail(task, error)
                    return
            except Exception as error:  # noqa: BLE001 - whatever is wrong with one job, the thread must save the others
                self._fail(task, error)
                return
            else:
                self._blocked = False
                task.settle(result)
                return

    def _attempt(self, job: Job[T]) -> T:
        connection = self._connected()
        connection.execute("BEGIN IMMEDIATE")
        try:
            result = job(connection)
            connection.execute("COMMIT")
        finally:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
        return result

    def _connected(self) -> sqlite3.Connection:
        generation = self._database.generation()
        if self._connection is None or self._generation != generation:
            if self._connection:
                self._connection.close()
            self._connection, self._generation = None, generation
            self._connection = self._database.connect()
        return self._connection

    def _may_try_again(self, error: sqlite3.Error, waited_s: float) -> bool:
        """Repair what can be repaired, or wait if waiting may help; False if nothing can be done."""
        if problems.is_damage(error):
            self._database.replace_damaged(self._generation)
            return waited_s < PATIENCE_S
        if not problems.may_pass(error):
            return False
        with self._changed:
            self._blocked = True
            self._changed.notify_all()
        if waited_s > PATIENCE_S or not problems.is_busy(error):
            self._say_trouble(error)
        if self._give_up.wait(_AGAIN_S):
            raise _GivenUp
        return True

    def _fail(self, task: _Task, error: Exception) -> None:
        log.error("A write failed for good", exc_info=error)
        if not task.held:
            self._report(problems.not_saved())
        task.settle(error=error)

    def _abandon(self) -> None:
        with self._changed:
            tasks = list(self._tasks)
        for task in tasks:
            task.settle(error=RuntimeError("the store was closed before this was written"))
        self._report(problems.given_up())

    def _say_trouble(self, error: sqlite3.Error) -> None:
        """Tell the user once, and let those callers go on that need not wait."""
        with self._changed:
            told, self._told = self._told, True
            tasks = list(self._tasks)
        if not told:
            self._report(problems.waiting(self._database.path, error, self._database.machine_elsewhere()))
        for task in tasks:
            if not task.held:
                task.settle()


class _GivenUp(Exception):
    """The store is being closed while the disk blocks the writes."""


def wait_until_written(written: Future[T], timeout_s: float) -> T:
    """Return what a write returns, once it is done; OSError if it failed, or takes too long."""
    try:
        return written.result(timeout_s)
    except Exception as error:  # whatever a write can fail with: the log has it
        raise OSError("it could not be saved") from error
