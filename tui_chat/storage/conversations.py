"""Conversations and their trees of messages: reading along a branch, listing, changing what is looked at."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from tui_chat.chat.message import Conversation, ConversationSummary, Message, StreamingStatus
from tui_chat.storage.rows import (
    SqlText,
    conversation_from_row,
    from_column,
    message_from_row,
    message_to_columns,
    summary_from_row,
    to_column,
)
from tui_chat.storage.search import containing

_LISTED = "conversations.deleted_at IS NULL AND conversations.leaf_id IS NOT NULL"

_SUMMARIES = f"""
SELECT conversations.*, leaf.depth AS message_count
FROM conversations JOIN messages AS leaf ON leaf.id = conversations.leaf_id
WHERE {_LISTED} {{found}}
ORDER BY conversations.updated_at DESC, conversations.number DESC LIMIT :limit
"""

_BRANCH = """
WITH RECURSIVE branch AS (
    SELECT * FROM messages WHERE id = :leaf_id
    UNION ALL
    SELECT messages.* FROM messages JOIN branch ON messages.id = branch.parent_id
)
SELECT * FROM branch ORDER BY depth
"""

_NEWEST_BELOW = """
WITH RECURSIVE below AS (
    SELECT id, number FROM messages WHERE id = :id
    UNION ALL
    SELECT child.id, child.number FROM messages AS child JOIN below ON child.number =
        (SELECT MAX(number) FROM messages WHERE conversation_id = :conversation_id AND parent_id = below.id)
)
SELECT id FROM below ORDER BY number DESC LIMIT 1
"""

_SIBLINGS = """
SELECT sibling.id FROM messages AS sibling JOIN messages AS self
    ON sibling.conversation_id = self.conversation_id AND sibling.parent_id IS self.parent_id
WHERE self.id = ? AND sibling.streaming_status != 'cancelled' ORDER BY sibling.number
"""


def summaries(connection: sqlite3.Connection, limit: int | None, query: str) -> list[ConversationSummary]:
    """The conversations that have something to show, newest first; with a query, those whose title or text has it."""
    found, bound = containing(connection, query)
    rows = connection.execute(_SUMMARIES.format(found=found), {"limit": -1 if limit is None else limit, **bound})
    return [summary_from_row(row) for row in rows]


def by_id(connection: sqlite3.Connection, id_or_prefix: str) -> Conversation | None:
    """The conversation with this id, or the one whose id begins so; LookupError if several do."""
    row = connection.execute(
        "SELECT * FROM conversations WHERE id = ? AND deleted_at IS NULL", (id_or_prefix,)
    ).fetchone()
    if row is None and id_or_prefix:
        rows = connection.execute(
            f"SELECT * FROM conversations WHERE substr(id, 1, ?) = ? AND {_LISTED} LIMIT 2",
            (len(id_or_prefix), id_or_prefix),
        ).fetchall()
        if len(rows) > 1:
            raise LookupError(f"Several conversations have an id that begins with {id_or_prefix}; give more of it.")
        row = rows[0] if rows else None
    return _read(connection, row) if row else None


def latest(connection: sqlite3.Connection) -> Conversation | None:
    """The conversation that was last changed."""
    row = connection.execute(
        f"SELECT * FROM conversations WHERE {_LISTED} ORDER BY updated_at DESC, number DESC LIMIT 1"
    ).fetchone()
    return _read(connection, row) if row else None


def chunks_of(connection: sqlite3.Connection, message_id: str) -> Sequence[SqlText]:
    """What has been journalled of a reply under way, in order."""
    rows = connection.execute("SELECT events FROM chunks WHERE message_id = ? ORDER BY seq", (message_id,))
    return [row["events"] for row in rows]


def siblings(connection: sqlite3.Connection, message_id: str) -> list[str]:
    """The ids of the messages that follow what this one follows, itself included, the earliest first."""
    return [row["id"] for row in connection.execute(_SIBLINGS, (message_id,))]


def select_branch(connection: sqlite3.Connection, conversation_id: str, message_id: str) -> None:
    """Look at the branch that this message is on, to the end of its newest continuation."""
    leaf = connection.execute(_NEWEST_BELOW, {"id": message_id, "conversation_id": conversation_id}).fetchone()
    if leaf:
        connection.execute("UPDATE conversations SET leaf_id = ? WHERE id = ?", (leaf["id"], conversation_id))


def add_message(connection: sqlite3.Connection, conversation_id: str, message: Message) -> None:
    """A new message, after its parent."""
    connection.execute(
        """
        INSERT INTO messages (id, conversation_id, parent_id, depth, role, text, parts, model, streaming_status,
            partial_content, stream_metadata, created_at)
        VALUES (:id, :conversation_id, :parent_id,
            1 + COALESCE((SELECT depth FROM messages WHERE id = :parent_id), 0), :role, :text, :parts, :model,
            :streaming_status, :partial_content, :stream_metadata, :created_at)
        """,
        {"conversation_id": conversation_id, **message_to_columns(message)},
    )


def remove_message(connection: sqlite3.Connection, message_id: str) -> None:
    """A message that nothing follows."""
    connection.execute("DELETE FROM messages WHERE id = ?", (message_id,))


def prompts(connection: sqlite3.Connection, limit: int, query: str) -> list[str]:
    """Earlier prompts, newest first, each once."""
    rows = connection.execute(
        """
        SELECT messages.text FROM messages JOIN conversations ON conversations.id = messages.conversation_id
        WHERE role = 'user' AND deleted_at IS NULL ORDER BY messages.created_at DESC, messages.number DESC
        """
    )
    wanted, found = query.casefold(), dict[str, None]()
    for row in rows:
        text = from_column(row["text"])
        if wanted in text.casefold():
            found[text] = None
        if len(found) == limit:
            break
    return list(found)


def rename(connection: sqlite3.Connection, conversation_id: str, title: str) -> None:
    """Give a conversation another title."""
    connection.execute("UPDATE conversations SET title = ? WHERE id = ?", (to_column(title), conversation_id))


def save_draft(connection: sqlite3.Connection, conversation_id: str, text: str, now: str) -> None:
    """Keep what is in the composer; a conversation that is not stored yet is begun, unlisted, if there is a text."""
    if text:
        connection.execute(
            "INSERT OR IGNORE INTO conversations (id, created_at, updated_at) VALUES (?, ?, ?)",
            (conversation_id, now, now),
        )
    connection.execute("UPDATE conversations SET draft = ? WHERE id = ?", (to_column(text), conversation_id))


def draft(connection: sqlite3.Connection, conversation_id: str) -> str:
    """What was in the composer."""
    row = connection.execute("SELECT draft FROM conversations WHERE id = ?", (conversation_id,)).fetchone()
    return from_column(row["draft"]) if row else ""


def _read(connection: sqlite3.Connection, row: sqlite3.Row) -> Conversation:
    messages = connection.execute(_BRANCH, {"leaf_id": row["leaf_id"]}).fetchall()
    return conversation_from_row(row, [_message(connection, message) for message in messages])


def _message(connection: sqlite3.Connection, row: sqlite3.Row) -> Message:
    live = StreamingStatus(row["streaming_status"]).live
    return message_from_row(row, chunks_of(connection, row["id"]) if live else ())
