"""One database and the connections to it: one for the writer, a pool for the readers."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tui_chat.storage import problems
from tui_chat.storage.connecting import connected, prepare
from tui_chat.storage.location import StoreLocation, filled_memory, find_place, identity_of, is_emptied
from tui_chat.storage.owners import machine_elsewhere
from tui_chat.storage.problems import Report

MOST_IDLE = 2
"""The number of idle connections kept for readers: many are only needed for a moment."""


class Database:
    """The database of a data folder. It may have to move: then its generation changes, and connections are made anew.

    Nothing is reported while a lock is held: the listener may call back.
    """

    def __init__(self, folder: Path | None, report: Report) -> None:
        self.folder = folder.absolute() if folder else None
        self._report = report
        self._lock = threading.Lock()
        self._generation = 0
        self._closed = False
        self._idle: list[sqlite3.Connection] = []
        self._keeper: sqlite3.Connection | None = None
        """The connection that keeps a database in memory alive."""
        self._settle(find_place(self.folder, report))

    @property
    def path(self) -> Path | None:
        """The file; None where the database is in memory."""
        return self._place.path

    @property
    def prepared(self) -> bool:
        """True if there is a schema, so that there is something to read."""
        return self._prepared

    @property
    def file_state(self) -> tuple[int, ...]:
        """The times and sizes of the file and of its log."""
        state: list[int] = []
        for name in (self.path, self.path.with_name(f"{self.path.name}-wal")) if self.path else ():
            with suppress(OSError):
                found = name.stat()
                state += [found.st_mtime_ns, found.st_size]
        return tuple(state)

    def machine_elsewhere(self) -> str:
        """Return the name of another machine that uses the same data folder now; "" for none."""
        return machine_elsewhere(self.folder) if self.folder else ""

    def generation(self) -> int:
        """Return a number that changes when old connections are useless: file moved, removed, replaced or emptied."""
        generation, place = self._generation, self._place
        if place.path and identity_of(place.path) != place.identity:
            self._move(generation, problems.moved(place.path))
        elif place.path and self._prepared and is_emptied(place.path):
            self.replace_damaged(generation)
        return self._generation

    def replace_damaged(self, generation: int) -> None:
        """Begin a new database in the place of the one of that generation, which turned out to be damaged."""
        self._move(generation, None)

    def connect(self) -> sqlite3.Connection:
        """Return a new connection, for writing."""
        connection = connected(self._place.uri)
        try:
            prepare(connection)
        except sqlite3.Error:
            connection.close()
            raise
        self._prepared = True
        return connection

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Give a connection that sees the database as it is now, unchanged until the end of the block."""
        generation = self.generation()
        connection = self._take()
        try:
            connection.execute("BEGIN")
            yield connection
        finally:
            with suppress(sqlite3.Error):
                connection.execute("ROLLBACK")
            self._give_back(connection, generation)

    def close(self) -> None:
        """Close every connection but the writer's; one that is in use, when it comes back."""
        with self._lock:
            self._prepared, self._closed = False, True
            self._let_go()

    def _move(self, generation: int, why: str | None) -> None:
        """Find another place, unless another thread has; without a reason the present one is damaged."""
        news = [why] if why else []
        with self._lock:
            if generation != self._generation:
                return
            self._generation += 1
            self._let_go()
            self._settle(find_place(self.folder, news.append, damaged=None if why else self._place))
        for sentence in news:
            self._report(sentence)

    def _settle(self, place: StoreLocation) -> None:
        self._place, self._prepared = place, place.prepared
        if place.path is None:
            self._keeper = filled_memory(place.uri, self.folder)

    def _let_go(self) -> None:
        while self._idle:
            self._idle.pop().close()
        if self._keeper:
            self._keeper.close()
            self._keeper = None

    def _take(self) -> sqlite3.Connection:
        with self._lock:
            if self._idle:
                return self._idle.pop()
        connection = connected(self._place.uri)
        connection.execute("PRAGMA query_only = ON")
        return connection

    def _give_back(self, connection: sqlite3.Connection, generation: int) -> None:
        with self._lock:
            if generation == self._generation and not self._closed and len(self._idle) < MOST_IDLE:
                self._idle.append(connection)
                return
        connection.close()
