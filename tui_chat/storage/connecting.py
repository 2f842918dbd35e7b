"""Connections to SQLite, with the functions, the modes and the schema that the program needs."""

from __future__ import annotations

import sqlite3

from tui_chat.storage.migrations import migrate
from tui_chat.storage.rows import folded
from tui_chat.storage.statistics import PercentilesOfColumns

_BUSY_TIMEOUT_S = 0.25
"""Seconds that SQLite itself waits for a lock; callers that can wait longer try again."""


def connected(uri: str) -> sqlite3.Connection:
    """Return a connection that may be used by any thread, its transactions made by hand."""
    connection = sqlite3.connect(uri, uri=True, timeout=_BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False)
    connection.row_factory = sqlite3.Row
    connection.text_factory = _legible
    connection.create_function("folded", 1, folded, deterministic=True)
    connection.create_aggregate("percentiles", 3, PercentilesOfColumns)  # type: ignore[arg-type]  # may give a text
    connection.execute("PRAGMA foreign_keys = ON")
    return connection


def prepare(connection: sqlite3.Connection) -> None:
    """Make a connection ready to write: the modes that survive a crash without a wait for the disk, and the schema."""
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    migrate(connection)


def _legible(data: bytes) -> str:
    """Return text that need not be UTF-8: from outside or from a failing disk, it must not make a read fail."""
    return data.decode("utf-8", "replace")
