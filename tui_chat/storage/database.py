"""Where the database is: a file in the data folder, beside a damaged or newer one, or memory where no file can be."""

from __future__ import annotations

import os
import sqlite3
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from pathlib import Path

from tui_chat.storage import problems
from tui_chat.storage.migrations import LATEST, migrate, version_of

NAME = "tui-chat.db"
Report = Callable[[str], None]

_PATIENCE_S = 0.25
"""How long SQLite itself waits for a lock; whoever can wait longer asks again."""


class Database:
    """One database: a connection for the writer, and a pool of them for readers, each used by one thread at a time."""

    def __init__(self, folder: Path, report: Report) -> None:
        self.folder = folder
        self.path: Path | None = None
        """The file; None while the database is in memory."""
        self._report = report
        self._lock = threading.Lock()
        self._idle: list[sqlite3.Connection] = []
        self._keeper: sqlite3.Connection | None = None
        """What keeps a database in memory alive."""
        self._uri = ""
        self._locate()

    @property
    def uri(self) -> str:
        """What the present file or memory is opened by; a damaged database's successor has another."""
        return self._uri

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A connection that sees the database as it is now, unchanged until the end of the block."""
        uri, connection = self._take()
        try:
            connection.execute("BEGIN")
            yield connection
        finally:
            with suppress(sqlite3.Error):
                connection.execute("ROLLBACK")
            self._give_back(uri, connection)

    def connect(self) -> sqlite3.Connection:
        """A new connection, with the schema brought up to date."""
        connection = _connected(self._uri)
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            migrate(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def replace_damaged(self, uri: str) -> None:
        """Begin a new database in the place of the one that was opened by `uri` and turned out to be damaged."""
        with self._lock:
            if uri != self._uri:
                return  # another thread has done it
            if self.path:
                self._set_aside(self.path)
            self._close_idle()
            self._locate()

    def close(self) -> None:
        """Close every connection that is not in use."""
        with self._lock:
            self._close_idle()
            if self._keeper:
                self._keeper.close()

    def _take(self) -> tuple[str, sqlite3.Connection]:
        with self._lock:
            if self._idle:
                return self._uri, self._idle.pop()
            uri = self._uri
        connection = _connected(uri)
        connection.execute("PRAGMA query_only = ON")
        return uri, connection

    def _give_back(self, uri: str, connection: sqlite3.Connection) -> None:
        with self._lock:
            if uri == self._uri:
                self._idle.append(connection)
                return
        connection.close()

    def _close_idle(self) -> None:
        while self._idle:
            self._idle.pop().close()

    def _locate(self) -> None:
        """Settle on a database that can be used, and say so where it is not the usual one."""
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.path = self._usable(self.folder / NAME)
            self._uri = f"{self.path.as_uri()}?generation={uuid.uuid4().hex}"
        except (OSError, sqlite3.OperationalError) as error:
            self._report(problems.unsaved(self.folder, error))
            self._locate_in_memory()

    def _usable(self, path: Path) -> Path:
        """The file at `path`, or what takes its place if it is damaged or from a newer version."""
        path = path.absolute()
        _create(path)
        try:
            version = _checked_version(path)
        except sqlite3.DatabaseError as error:
            if not problems.is_damage(error):
                raise
            self._set_aside(path)
            return self._usable(path)
        if version <= LATEST:
            return path
        own = path.with_name(f"tui-chat.v{LATEST}.db")
        self._report(problems.newer(path, own))
        return self._usable(own)

    def _set_aside(self, path: Path) -> None:
        """Keep a damaged database, with what SQLite keeps beside it, under a name that nothing here will open."""
        kept = path.with_name(f"{path.stem}.damaged-{datetime.now().astimezone():%Y-%m-%d-%H%M%S}.db")
        for suffix in ("", "-wal", "-shm"):
            with suppress(FileNotFoundError):
                path.with_name(path.name + suffix).rename(kept.with_name(kept.name + suffix))
        self._report(problems.damaged(kept))

    def _locate_in_memory(self) -> None:
        """A database in memory; it begins as a copy of what can still be read."""
        self.path = None
        self._uri = f"file:/tui-chat-{uuid.uuid4().hex}?vfs=memdb"
        self._keeper = _connected(self._uri)
        with suppress(OSError, sqlite3.Error), closing(_read_only(self.folder / NAME)) as source:
            if version_of(source) <= LATEST:
                source.backup(self._keeper)
        migrate(self._keeper)


def _connected(uri: str) -> sqlite3.Connection:
    connection = sqlite3.connect(uri, uri=True, timeout=_PATIENCE_S, isolation_level=None, check_same_thread=False)
    connection.row_factory = sqlite3.Row
    connection.text_factory = _legible
    connection.execute("PRAGMA foreign_keys = ON")
    return connection


def _legible(data: bytes) -> str:
    """Text that is not UTF-8 can only come from outside or from a failing disk; it must not make a read fail."""
    return data.decode("utf-8", "replace")


def _create(path: Path) -> None:
    """Make a file that only its user can read before SQLite does; one that exists is never opened here.

    To close any descriptor of a database drops all locks that this process has on it.
    """
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError:
        with suppress(OSError):
            path.chmod(0o600)


def _checked_version(path: Path) -> int:
    """The version of the database at `path`; raises where it is damaged or cannot be written."""
    with closing(_connected(path.as_uri())) as connection:
        version = version_of(connection)
        try:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("ROLLBACK")
            if version < LATEST:
                connection.execute("PRAGMA journal_mode = WAL")
                migrate(connection)
        except sqlite3.OperationalError as error:
            if not problems.is_busy(error):
                raise
        return version


def _read_only(path: Path) -> sqlite3.Connection:
    """A connection to a file in a folder that may not be written; `immutable` does without the files beside it."""
    uri = path.absolute().as_uri()
    connection = sqlite3.connect(f"{uri}?mode=ro", uri=True)
    try:
        version_of(connection)
    except sqlite3.OperationalError:
        connection.close()
        return sqlite3.connect(f"{uri}?immutable=1", uri=True)
    return connection
