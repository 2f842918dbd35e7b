"""Copying what can still be read of a database that is damaged, or cannot be written, row by row."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

from tui_chat.storage.connecting import connected
from tui_chat.storage.migrations import LATEST, version_of
from tui_chat.storage.rows import conversation_from_row, message_from_row, replayed
from tui_chat.storage.statistics import check_figures

_SMALLEST_ROW_BYTES = 32
"""No file holds more rows than its size allows; a damaged one may claim to."""


def rescue(path: Path, connection: sqlite3.Connection) -> int:
    """Copy to `connection` what can be read of the database at `path`; return the number of conversations."""
    # To read a write-ahead log, SQLite has to create a file beside it.
    has_log = os.path.exists(f"{path}-wal")  # noqa: PTH110 - False, too, where no file can have such a name
    for how in ("mode=ro", "mode=ro&immutable=1")[0 if has_log else 1 :]:
        with suppress(sqlite3.Error), closing(connected(f"{path.as_uri()}?{how}")) as source:
            return _copied(source, connection) if version_of(source) <= LATEST else 0
    return 0


def _copied(source: sqlite3.Connection, connection: sqlite3.Connection) -> int:
    connection.execute("BEGIN IMMEDIATE")
    try:
        for table, check in _CHECKS.items():
            for row in _sound_rows(source, table, check):
                _insert(connection, table, row)
        for mending in _MENDINGS:
            connection.execute(mending)
        copied: int = connection.execute("SELECT COUNT(*) FROM conversations WHERE leaf_id IS NOT NULL").fetchone()[0]
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
    return copied


def _sound_rows(
    source: sqlite3.Connection, table: str, check: Callable[[sqlite3.Row], object]
) -> Iterator[sqlite3.Row]:
    """Yield the rows that can be read and are valid. Each is fetched by itself: damage to a page spares the others."""
    for number in range(1, _last_number(source, table) + 1):
        with suppress(sqlite3.DatabaseError, ValueError, TypeError, AttributeError, LookupError):
            row = source.execute(f"SELECT * FROM {table} WHERE rowid = ?", (number,)).fetchone()
            if row is not None:
                check(row)
                yield row


def _last_number(source: sqlite3.Connection, table: str) -> int:
    pages, page_bytes = (source.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "page_size"))
    try:
        last: int | None = source.execute(f"SELECT MAX(rowid) FROM {table}").fetchone()[0]
    except sqlite3.DatabaseError:
        last = pages
    most: int = pages * page_bytes // _SMALLEST_ROW_BYTES
    return min(last or 0, most)


def _insert(connection: sqlite3.Connection, table: str, row: sqlite3.Row) -> None:
    names, places = ", ".join(row.keys()), ", ".join("?" * len(row))
    with suppress(sqlite3.IntegrityError):  # what it belongs to could not be read
        connection.execute(f"INSERT OR IGNORE INTO {table} ({names}) VALUES ({places})", tuple(row))


_CHECKS: dict[str, Callable[[sqlite3.Row], object]] = {
    "conversations": lambda row: conversation_from_row(row, ()),
    "messages": message_from_row,
    "chunks": lambda row: replayed((), [row["events"]]),
    "replies": check_figures,
    "choices": check_figures,
}
"""The tables with all data, each before those that refer to it, and a check that every row of them must pass."""

_MENDINGS = (
    """
    UPDATE messages SET parent_id = (
        SELECT id FROM messages AS earlier WHERE earlier.conversation_id = messages.conversation_id
        AND earlier.number < messages.number AND earlier.streaming_status != 'cancelled' ORDER BY number DESC LIMIT 1)
    WHERE parent_id NOT IN (SELECT id FROM messages)
    """,
    """
    UPDATE conversations SET leaf_id = (
        SELECT id FROM messages WHERE conversation_id = conversations.id
        AND streaming_status != 'cancelled' ORDER BY number DESC LIMIT 1)
    WHERE leaf_id NOT IN (SELECT id FROM messages)
    """,
)
"""Replaces references to lost messages: a parent by the message before it, a branch's end by the newest message."""
