"""The summaries that messages have: kept, and handed on when such a message is deleted."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

from tui_chat.chat.message import Message
from tui_chat.storage.rows import summary_to_column

_OF_PARENT = "summary_of_parent"


def keep_summary(connection: sqlite3.Connection, anchor: Message) -> None:
    """Keep the summary that a message has now, or none."""
    connection.execute("UPDATE messages SET summary = ? WHERE id = ?", (summary_to_column(anchor.summary), anchor.id))


def hand_to_parent(connection: sqlite3.Connection, message_id: str, parent_id: str | None) -> Mapping[str, object]:
    """Let the summary of a message that is deleted stand for what is left of the others; return how to undo that."""
    rows = connection.execute("SELECT id, summary FROM messages WHERE id IN (?, ?)", (message_id, parent_id)).fetchall()
    summaries = {row["id"]: row["summary"] for row in rows}
    if parent_id is None or summaries.get(message_id) is None:
        return {}
    connection.execute("UPDATE messages SET summary = ? WHERE id = ?", (summaries[message_id], parent_id))
    return {_OF_PARENT: summaries.get(parent_id)}


def take_back(
    connection: sqlite3.Connection, message_id: str, parent_id: str | None, was: Mapping[str, object]
) -> None:
    """Let a message that comes back have its summary again, as that is now, and its parent what it had before."""
    if _OF_PARENT not in was:
        return
    connection.execute(
        "UPDATE messages SET summary = (SELECT summary FROM messages WHERE id = ?) WHERE id = ?",
        (parent_id, message_id),
    )
    before = was[_OF_PARENT]
    connection.execute(
        "UPDATE messages SET summary = ? WHERE id = ?", (before if isinstance(before, str) else None, parent_id)
    )
