"""Databases of other programs: opened to be read, and never believed."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tui_chat.storage.rows import from_column
from tui_chat.text.limits import LARGEST_IMPORT_BYTES

SQLITE_HEADER = b"SQLite format 3\0"
_TABLES = "SELECT name FROM sqlite_schema WHERE type = 'table' AND rootpage > 0"
"""The tables that hold rows of their own: a virtual one would run the code of a module."""
_STEPS = 100_000
"""Steps of SQLite's between two questions whether to go on: a view of somebody's may never end."""


class ForeignDatabaseError(Exception):
    """A database of another program that cannot be read."""


class ForeignDatabase:
    """A database of another program."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        tables = connection.execute(_TABLES).fetchall()
        self._tables = {from_column(row["name"]) for row in tables}

    def columns(self, table: str) -> Collection[str]:
        """Return the columns of a table; none if there is no such table."""
        if table not in self._tables:
            return ()
        rows = self._connection.execute("SELECT name FROM pragma_table_info(?)", (table,))
        return [from_column(row["name"]) for row in rows]

    def rows(self, query: str, *values: object) -> Iterator[Mapping[str, object]]:
        """Yield the rows of a query one by one; `ForeignDatabaseError` if they cannot be read to the end."""
        with _said():
            for row in self._connection.execute(query, values):
                yield dict(zip(row.keys(), row, strict=False))


@contextmanager
def foreign_database(path: Path, stopped: Callable[[], bool]) -> Iterator[ForeignDatabase]:
    """Open a database of another program; nothing in it or beside it is changed, or run."""
    beside = path.with_name(f"{path.name}-wal").exists()
    mode = "mode=ro" if beside else "mode=ro&immutable=1"  # without a log nobody need make one to read it
    with _said():
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?{mode}", uri=True, check_same_thread=False)
    try:
        with _said():
            _distrust(connection, stopped)
            database = ForeignDatabase(connection)
        yield database
    finally:
        connection.close()


def _distrust(connection: sqlite3.Connection, stopped: Callable[[], bool]) -> None:
    connection.row_factory = sqlite3.Row
    connection.text_factory = lambda data: data.decode("utf-8", "replace")
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LARGEST_IMPORT_BYTES)
    connection.set_progress_handler(lambda: int(stopped()), _STEPS)
    if sys.version_info >= (3, 12):  # before it there is no way to say so
        connection.setconfig(sqlite3.SQLITE_DBCONFIG_DEFENSIVE, True)
    for pragma in ("trusted_schema = OFF", "query_only = ON", "cell_size_check = ON", "mmap_size = 0"):
        connection.execute(f"PRAGMA {pragma}")


@contextmanager
def _said() -> Iterator[None]:
    """Make a sentence of what SQLite reports."""
    try:
        yield
    except (sqlite3.Error, UnicodeError, MemoryError) as error:  # names in a damaged schema may be no UTF-8
        raise ForeignDatabaseError("The database is damaged, in use or none that is known.") from error
