"""Deleting conversations: taken out of sight first, for good when nobody can bring them back."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import datetime

from tui_chat.storage.rows import time_to_column


def replies_elsewhere(
    connection: sqlite3.Connection, conversation_id: str, is_elsewhere: Callable[[str], bool]
) -> bool:
    """True if another process fetches a reply of this conversation."""
    rows = connection.execute(
        "SELECT DISTINCT owner FROM messages WHERE conversation_id = ? AND owner IS NOT NULL", (conversation_id,)
    )
    return any(is_elsewhere(row["owner"]) for row in rows)


def has_leftovers(connection: sqlite3.Connection, may_undo: Callable[[str], bool]) -> bool:
    """True if there are deleted conversations that nobody can bring back."""
    rows = connection.execute("SELECT DISTINCT deleted_by FROM conversations WHERE deleted_at IS NOT NULL")
    return any(not may_undo(row["deleted_by"] or "") for row in rows)


def delete(connection: sqlite3.Connection, conversation_id: str, owner: str, now: datetime) -> None:
    """Take a conversation out of sight; `owner` may still bring it back."""
    connection.execute(
        "UPDATE conversations SET deleted_at = ?, deleted_by = ? WHERE id = ?",
        (time_to_column(now), owner, conversation_id),
    )


def undelete(connection: sqlite3.Connection, conversation_id: str) -> None:
    """Bring a conversation back."""
    connection.execute("UPDATE conversations SET deleted_at = NULL, deleted_by = NULL WHERE id = ?", (conversation_id,))


def purge(connection: sqlite3.Connection, may_undo: Callable[[object], bool]) -> int:
    """Remove for good what was deleted by a process that has ended; return how many conversations that were."""
    rows = connection.execute("SELECT id, deleted_by FROM conversations WHERE deleted_at IS NOT NULL").fetchall()
    ids = [row["id"] for row in rows if not may_undo(row["deleted_by"])]
    _remove(connection, ids)
    return len(ids)


def _remove(connection: sqlite3.Connection, ids: list[str]) -> None:
    connection.executemany("DELETE FROM conversations WHERE id = ?", [(id,) for id in ids])
