"""The one thread of this process that writes, so that nobody else ever waits for a slow or locked disk."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeoutError
from typing import Any, TypeAlias, TypeVar

from tui_chat.storage import problems
from tui_chat.storage.database import Database, Report

T = TypeVar("T")
Job: TypeAlias = Callable[[sqlite3.Connection], T]

PATIENCE_S = 5.0
"""How long a write waits before the user hears of it."""
_AGAIN_S = 0.1


class Task:
    """A job in the queue, and the Future that tells of it."""

    def __init__(self, job: Job[Any], *, held: bool) -> None:
        self.job = job
        self.held = held
        """Whether the caller waits however long it takes; if not, trouble with the disk lets it go on unsaved."""
        self.future: Future[Any] = Future()
        self.future.set_running_or_notify_cancel()  # from now on it cannot be cancelled: a write is never dropped
        self._lock = threading.Lock()

    def settle(self, result: object = None, error: BaseException | None = None) -> None:
        """Tell the caller how it went, once."""
        with self._lock:
            if self.future.done():
                return
            if error is not None and self.held:
                self.future.set_exception(error)
            else:
                self.future.set_result(result)


class Writer:
    """Takes jobs from any thread and does them in their order, each in a transaction of its own.

    A job that the disk or another process stands in the way of stays first in the queue and is tried again until it
    succeeds; so jobs must be such that doing one twice does no harm.
    """

    def __init__(self, database: Database, report: Report) -> None:
        self._database = database
        self._report = report
        self._tasks: deque[Task] = deque()
        self._changed = threading.Condition()
        self._ending = False
        self._give_up = threading.Event()
        self._in_trouble = False
        self._connection: sqlite3.Connection | None = None
        self._uri = ""
        self._thread = threading.Thread(target=self._run, name="tui-chat-storage", daemon=True)
        self._thread.start()

    def submit(self, job: Job[T], *, held: bool = True) -> Future[T]:
        """Queue a job. One that is not `held` never fails, and is not waited for while the disk is in trouble."""
        task = Task(job, held=held)
        with self._changed:
            self._tasks.append(task)
            if self._in_trouble and not held:
                task.settle()
            self._changed.notify_all()
        return task.future

    @property
    def idle(self) -> bool:
        """Whether everything that was queued is written."""
        return not self._tasks

    @property
    def in_trouble(self) -> bool:
        """Whether writes have been waiting for so long that the user was told."""
        return self._in_trouble

    def flush(self, timeout_s: float) -> bool:
        """Wait until all that is queued now has been written; False if that took too long."""
        if self.idle:
            return True
        try:
            self.submit(_nothing).result(timeout_s)
        except FutureTimeoutError:
            return False
        return True

    def close(self, timeout_s: float) -> bool:
        """Write what is queued and end the thread; False if something had to be given up."""
        written = self.flush(timeout_s)
        with self._changed:
            self._ending = True
            self._changed.notify_all()
        self._give_up.set()
        self._thread.join(timeout_s)
        return written

    def _run(self) -> None:
        while (task := self._next()) is not None:
            self._do(task)
            with self._changed:
                self._tasks.popleft()
                self._changed.notify_all()
        if self._connection:
            self._connection.close()

    def _next(self) -> Task | None:
        with self._changed:
            self._changed.wait_for(lambda: self._tasks or self._ending)
            return self._tasks[0] if self._tasks else None

    def _do(self, task: Task) -> None:
        """Do one job, however often it has to be tried."""
        began = time.monotonic()
        while True:
            try:
                result = self._attempt(task.job)
            except Exception as error:  # noqa: BLE001 - whatever one job does, the thread must live to save the others
                if not self._may_try_again(error, time.monotonic() - began):
                    self._fail(task, error)
                    return
            else:
                self._recovered()
                task.settle(result)
                return

    def _may_try_again(self, error: Exception, waited_s: float) -> bool:
        """After a failed attempt: make what can be made right, wait if waiting may help; False if nothing can."""
        if isinstance(error, sqlite3.Error) and problems.is_damage(error):
            self._database.replace_damaged(self._uri)
            return True
        if not isinstance(error, OSError | sqlite3.Error) or not problems.may_pass(error):
            return False
        if waited_s > PATIENCE_S or not problems.is_busy(error):
            self._say_trouble(error)
        return not self._give_up.wait(_AGAIN_S)

    def _attempt(self, job: Job[T]) -> T:
        connection = self._connected()
        connection.execute("BEGIN IMMEDIATE")
        try:
            result = job(connection)
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
        return result

    def _connected(self) -> sqlite3.Connection:
        if self._connection is None or self._uri != self._database.uri:
            if self._connection:
                self._connection.close()
            self._uri = self._database.uri
            self._connection = self._database.connect()
        return self._connection

    def _fail(self, task: Task, error: BaseException) -> None:
        if not task.held:
            self._report(problems.not_saved())
        task.settle(error=error)

    def _say_trouble(self, error: OSError | sqlite3.Error) -> None:
        """Tell the user once, and let those go on who need not wait."""
        with self._changed:
            told, self._in_trouble = self._in_trouble, True
            for task in self._tasks:
                if not task.held:
                    task.settle()
        if not told:
            self._report(problems.waiting(self._database.path, error))

    def _recovered(self) -> None:
        if self._in_trouble:
            self._in_trouble = False
            self._report(problems.SAVED_AGAIN)


def _nothing(connection: sqlite3.Connection) -> None:
    """A job that only marks a place in the queue."""
