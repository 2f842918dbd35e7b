"""Single messages that were deleted: out of their conversation at once, for good when nobody can bring them back.

A deleted message waits in a conversation of its own that is itself deleted. Whatever holds for deleted conversations
holds for it then: it is neither listed nor found, and goes when the process that may bring it back has ended.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from datetime import datetime

from tui_chat.storage.conversations import select_branch
from tui_chat.storage.removal import delete
from tui_chat.storage.rows import from_column, time_to_column
from tui_chat.storage.summaries import hand_to_parent, take_back
from tui_chat.text.reading import mapping, parsed

_DEEPEN = """
WITH RECURSIVE below (id) AS (
    SELECT value FROM json_each(:ids)
    UNION
    SELECT child.id FROM messages AS child JOIN below
        ON child.conversation_id = :conversation_id AND child.parent_id = below.id
)
UPDATE messages SET depth = depth + :step WHERE id IN (SELECT id FROM below)
"""

_NEWEST_END = """
SELECT id FROM messages AS it WHERE conversation_id = :id AND streaming_status != 'cancelled'
    AND NOT EXISTS (SELECT 1 FROM messages WHERE conversation_id = :id AND parent_id = it.id)
ORDER BY number DESC LIMIT 1
"""


def remove_message(connection: sqlite3.Connection, message_id: str, owner: str, now: datetime) -> bool:
    """Take a message out of its conversation: what follows it follows its parent. False while a reply comes there."""
    row = connection.execute(
        "SELECT conversation_id, parent_id, leaf_id FROM messages JOIN conversations ON conversations.id ="
        " conversation_id WHERE messages.id = ? AND deleted_at IS NULL",
        (message_id,),
    ).fetchone()
    if row is None or _is_under_way(connection, row["conversation_id"]):
        return False
    home, parent_id, was_last = row["conversation_id"], row["parent_id"], row["leaf_id"] == message_id
    rows = connection.execute("SELECT id FROM messages WHERE parent_id = ? ORDER BY number", (message_id,)).fetchall()
    following = [row["id"] for row in rows]
    _hang(connection, home, following, message_id, parent_id, -1)
    summary = hand_to_parent(connection, message_id, parent_id)
    _set_aside(connection, message_id, owner, now)
    leaf_id = _look_elsewhere(connection, home, parent_id) if was_last else None
    was = {"home": home, "following": following, "was_last": was_last, "leaf_id": leaf_id, **summary}
    connection.execute("UPDATE conversations SET settings = ? WHERE id = ?", (json.dumps(was), _aside(message_id)))
    return True


def put_back(connection: sqlite3.Connection, message_id: str) -> bool:
    """Bring a message back to its place between its parent and what followed it; False if it is gone for good."""
    row = connection.execute(
        "SELECT parent_id, settings FROM messages JOIN conversations ON conversations.id = conversation_id"
        " WHERE messages.id = ? AND conversation_id = ?",
        (message_id, _aside(message_id)),
    ).fetchone()
    was = mapping(parsed(row["settings"])) if row is not None else {}
    home, following = was.get("home"), was.get("following")
    found = connection.execute("SELECT 1 FROM conversations WHERE id = ?", (home,)).fetchone()
    if not isinstance(home, str) or not isinstance(following, list) or found is None:
        return False
    connection.execute("UPDATE messages SET conversation_id = ? WHERE id = ?", (home, message_id))
    _hang(connection, home, following, row["parent_id"], message_id, 1)
    take_back(connection, message_id, row["parent_id"], was)
    if was.get("was_last"):
        connection.execute(
            "UPDATE conversations SET leaf_id = ? WHERE id = ? AND leaf_id IS ?", (message_id, home, was.get("leaf_id"))
        )
    connection.execute("DELETE FROM conversations WHERE id = ?", (_aside(message_id),))
    return True


def _hang(
    connection: sqlite3.Connection, home: str, ids: Sequence[object], before: str | None, now: str | None, step: int
) -> None:
    """Let those of these messages that follow one message follow another, a step lower or higher in the tree."""
    moved = connection.execute(
        "SELECT id FROM messages WHERE parent_id IS ? AND id IN (SELECT value FROM json_each(?))",
        (before, json.dumps(ids)),
    ).fetchall()
    known = json.dumps([row["id"] for row in moved])
    connection.execute(_DEEPEN, {"ids": known, "conversation_id": home, "step": step})
    connection.execute("UPDATE messages SET parent_id = ? WHERE id IN (SELECT value FROM json_each(?))", (now, known))


def _set_aside(connection: sqlite3.Connection, message_id: str, owner: str, now: datetime) -> None:
    """Put a message into a deleted conversation of its own."""
    connection.execute(
        "INSERT INTO conversations (id, created_at, updated_at) VALUES (:id, :now, :now)",
        {"id": _aside(message_id), "now": time_to_column(now)},
    )
    connection.execute("UPDATE messages SET conversation_id = ? WHERE id = ?", (_aside(message_id), message_id))
    delete(connection, _aside(message_id), owner, now)


def _look_elsewhere(connection: sqlite3.Connection, home: str, parent_id: str | None) -> str | None:
    """Show what else follows the parent of a message that was the last one, or else end there; return the new end."""
    if parent_id is None:
        newest = connection.execute(_NEWEST_END, {"id": home}).fetchone()
        leaf_id = newest["id"] if newest else None
        connection.execute("UPDATE conversations SET leaf_id = ? WHERE id = ?", (leaf_id, home))
    else:
        select_branch(connection, home, parent_id)
    found = connection.execute("SELECT leaf_id FROM conversations WHERE id = ?", (home,)).fetchone()
    return from_column(found["leaf_id"]) or None


def _is_under_way(connection: sqlite3.Connection, conversation_id: str) -> bool:
    """True if a reply of this conversation is coming, here or elsewhere: it is stored with what it follows."""
    rows = connection.execute(
        "SELECT 1 FROM messages WHERE conversation_id = ? AND owner IS NOT NULL", (conversation_id,)
    )
    return rows.fetchone() is not None


def _aside(message_id: str) -> str:
    """Return the ID of the conversation that a deleted message waits in."""
    return f"deleted-{message_id}"
