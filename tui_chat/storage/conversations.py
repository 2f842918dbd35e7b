"""Conversations and their trees of messages: reading along a branch, listing, changing what is looked at."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime

from tui_chat.chat.message import BranchPlace, Conversation, ConversationSummary, Message, StreamingStatus, new_id
from tui_chat.chat.search_query import SearchQuery
from tui_chat.records import replace
from tui_chat.storage.marks import TAGS_OF
from tui_chat.storage.rows import (
    SqlText,
    conversation_from_row,
    folded,
    from_column,
    json_to_column,
    message_from_row,
    message_to_columns,
    sensible,
    summary_from_row,
    time_to_column,
    to_column,
)
from tui_chat.storage.search import SearchHit, first_hits, titled
from tui_chat.text.reading import identifier, mapping, parsed

_LISTED = "conversations.deleted_at IS NULL AND conversations.leaf_id IS NOT NULL"

_SUMMARIES = f"""
SELECT conversations.*, leaf.depth AS message_count, {TAGS_OF} AS tags
FROM conversations JOIN messages AS leaf ON leaf.id = conversations.leaf_id
WHERE {_LISTED} AND {{found}}
    AND (:archived IS NULL OR (conversations.archived_at IS NOT NULL) = :archived)
    AND (:tag IS NULL OR EXISTS (SELECT 1 FROM tags WHERE conversation_id = conversations.id AND tag = :tag))
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

_BRANCH_IDS = """
WITH RECURSIVE branch AS (
    SELECT id, parent_id, depth FROM messages WHERE id = :leaf_id
    UNION ALL
    SELECT messages.id, messages.parent_id, messages.depth FROM messages JOIN branch ON messages.id = branch.parent_id
)
SELECT id FROM branch ORDER BY depth
"""

_NEWEST_BELOW = """
WITH RECURSIVE below AS (
    SELECT id, depth FROM messages WHERE id = :id AND conversation_id = :conversation_id
    UNION ALL
    SELECT child.id, child.depth FROM messages AS child JOIN below ON child.number =
        (SELECT MAX(number) FROM messages WHERE conversation_id = :conversation_id AND parent_id = below.id)
)
SELECT id FROM below ORDER BY depth DESC LIMIT 1
"""

_SIBLINGS = """
SELECT sibling.id FROM messages AS sibling JOIN messages AS self
    ON sibling.conversation_id = self.conversation_id AND sibling.parent_id IS self.parent_id
WHERE self.id = ? AND sibling.streaming_status != 'cancelled' ORDER BY sibling.number
"""

_PLACES = """
SELECT id, place, places FROM (
    SELECT id, ROW_NUMBER() OVER (PARTITION BY parent_id ORDER BY number) AS place,
        COUNT(*) OVER (PARTITION BY parent_id) AS places
    FROM messages WHERE conversation_id = ? AND streaming_status != 'cancelled'
) WHERE places > 1
"""


def summaries(
    connection: sqlite3.Connection,
    limit: int | None,
    archived: bool | None = None,
    tag: str | None = None,
) -> list[ConversationSummary]:
    """Return the conversations that have something to show, newest first.

    `archived` says whether those or the others are wanted, None all; `tag`, one that they must have.
    """
    wanted = {"limit": -1 if limit is None else limit, "archived": archived, "tag": tag}
    return list(sensible(connection.execute(_SUMMARIES.format(found="TRUE"), wanted), summary_from_row))


def found(
    connection: sqlite3.Connection, limit: int | None, query: SearchQuery, archived: bool | None
) -> list[tuple[ConversationSummary, SearchHit | None]]:
    """Return the conversations that match a query, newest first, each with its newest message that does, if any."""
    hits = first_hits(connection, query)
    ids = json.dumps([*hits, *titled(connection, query)])
    wanted = {"limit": -1 if limit is None else limit, "archived": archived, "tag": None, "ids": ids}
    among = "conversations.id IN (SELECT value FROM json_each(:ids))"
    rows = connection.execute(_SUMMARIES.format(found=among), wanted)
    return [(summary, hits.get(summary.id)) for summary in sensible(rows, summary_from_row)]


def by_id(connection: sqlite3.Connection, id_or_prefix: str) -> Conversation | None:
    """Return the conversation with this id, or the one whose id begins so; LookupError if several do."""
    wanted = {"id": to_column(id_or_prefix), "length": len(id_or_prefix)}
    row = connection.execute("SELECT * FROM conversations WHERE id = :id AND deleted_at IS NULL", wanted).fetchone()
    if row is None and id_or_prefix:
        rows = connection.execute(
            f"SELECT * FROM conversations WHERE substr(id, 1, :length) = :id AND {_LISTED} LIMIT 2", wanted
        ).fetchall()
        if len(rows) > 1:
            raise LookupError(f"Several conversations have an id that begins with {id_or_prefix}; give more of it.")
        row = rows[0] if rows else None
    return _read(connection, [row] if row else [])


def grown(connection: sqlite3.Connection, conversation: Conversation) -> Conversation | None:
    """Return the conversation as others have left it: with more below its last message, or without some; else None."""
    leaf_id, shown = _end_of(connection, conversation), [message.id for message in conversation.messages]
    if leaf_id is None or shown == [row["id"] for row in connection.execute(_BRANCH_IDS, {"leaf_id": leaf_id})]:
        return None
    messages = tuple(_messages(connection, connection.execute(_BRANCH, {"leaf_id": leaf_id}).fetchall()))
    return None if shown == [message.id for message in messages] else replace(conversation, messages=messages)


def _end_of(connection: sqlite3.Connection, conversation: Conversation) -> str | None:
    """Return the newest message below the last one; if that was deleted, the end that is left; "" if none is.

    None if nothing is left of the conversation itself, or the last message was never stored.
    """
    last = conversation.last.id if conversation.last else ""
    leaf = connection.execute(_NEWEST_BELOW, {"id": last, "conversation_id": conversation.id}).fetchone()
    if leaf is not None:
        return identifier(leaf["id"])
    if connection.execute("SELECT 1 FROM messages WHERE id = ?", (last,)).fetchone() is None:
        return None  # it was never stored: what is on the screen is all there is of it
    row = connection.execute(
        "SELECT leaf_id FROM conversations WHERE id = ? AND deleted_at IS NULL", (conversation.id,)
    ).fetchone()
    return from_column(row["leaf_id"]) if row is not None else None


def along(connection: sqlite3.Connection, conversation: Conversation, message_id: str) -> Conversation | None:
    """Return a conversation along the branch that a message is on, to the end of its newest continuation."""
    leaf = connection.execute(_NEWEST_BELOW, {"id": message_id, "conversation_id": conversation.id}).fetchone()
    if leaf is None:
        return None
    branch = connection.execute(_BRANCH, {"leaf_id": leaf["id"]}).fetchall()
    return replace(conversation, messages=tuple(_messages(connection, branch)))


def latest(connection: sqlite3.Connection) -> Conversation | None:
    """Return the conversation that was last changed."""
    rows = connection.execute(f"SELECT * FROM conversations WHERE {_LISTED} ORDER BY updated_at DESC, number DESC")
    return _read(connection, rows)


def chunks_of(connection: sqlite3.Connection, message_id: str) -> Sequence[SqlText]:
    """Return the journalled events of a reply under way, in order."""
    rows = connection.execute("SELECT events FROM chunks WHERE message_id = ? ORDER BY seq", (message_id,))
    return [row["events"] for row in rows]


def off_branch(connection: sqlite3.Connection, conversation: Conversation) -> list[Message]:
    """Return the conversation's messages on other branches, each after the one that it follows."""
    shown = {message.id for message in conversation.messages}
    rows = connection.execute(
        "SELECT * FROM messages WHERE conversation_id = ? AND streaming_status != 'cancelled' ORDER BY depth, number",
        (conversation.id,),
    ).fetchall()
    return list(_messages(connection, (row for row in rows if row["id"] not in shown)))


def forked(conversation: Conversation, message_id: str, now: datetime) -> Conversation:
    """Return a new conversation that begins as this one did, up to and with one of its messages."""
    messages: list[Message] = []
    for message in conversation.messages:
        parent_id = messages[-1].id if messages else None
        status = StreamingStatus.INTERRUPTED if message.status.live else message.status
        messages.append(replace(message, id=new_id(), parent_id=parent_id, status=status))
        if message.id == message_id:
            break
    return replace(conversation, id=new_id(), created_at=now, updated_at=now, messages=tuple(messages))


def siblings(connection: sqlite3.Connection, message_id: str) -> list[str]:
    """Return the ids of the messages that follow what this one follows, itself included, the earliest first."""
    return [row["id"] for row in connection.execute(_SIBLINGS, (message_id,))]


def branch_places(connection: sqlite3.Connection, conversation_id: str) -> dict[str, BranchPlace]:
    """Return the branch places of the messages that have siblings."""
    rows = connection.execute(_PLACES, (conversation_id,))
    return {row["id"]: BranchPlace(row["place"], row["places"]) for row in rows}


def select_branch(connection: sqlite3.Connection, conversation_id: str, message_id: str) -> None:
    """Show the branch that this message is on, to the end of its newest continuation."""
    leaf = connection.execute(_NEWEST_BELOW, {"id": message_id, "conversation_id": conversation_id}).fetchone()
    if leaf:
        connection.execute("UPDATE conversations SET leaf_id = ? WHERE id = ?", (leaf["id"], conversation_id))


def message_id(connection: sqlite3.Connection, conversation_id: str, prefix: str) -> str:
    """Return the id of the conversation's one message whose id begins so; "" if there is none, or there are several."""
    rows = connection.execute(
        "SELECT id FROM messages WHERE conversation_id = ? AND substr(id, 1, ?) = ? LIMIT 2",
        (to_column(conversation_id), len(prefix), to_column(prefix)),
    ).fetchall()
    return identifier(rows[0]["id"]) if prefix and len(rows) == 1 else ""


def add_message(connection: sqlite3.Connection, conversation_id: str, message: Message) -> None:
    """Store a new message, after its parent."""
    connection.execute(
        """
        INSERT INTO messages (id, conversation_id, parent_id, depth, role, text, parts, model, streaming_status,
            partial_content, stream_metadata, created_at, summary)
        VALUES (:id, :conversation_id, :parent_id,
            1 + COALESCE((SELECT depth FROM messages WHERE id = :parent_id), 0), :role, :text, :parts, :model,
            :streaming_status, :partial_content, :stream_metadata, :created_at, :summary)
        """,
        {"conversation_id": conversation_id, **message_to_columns(message)},
    )


def remove_message(connection: sqlite3.Connection, message_id: str) -> None:
    """Remove a message, unless something follows it."""
    connection.execute(
        "DELETE FROM messages WHERE id = :id AND NOT EXISTS (SELECT 1 FROM messages AS it WHERE it.parent_id = :id)",
        {"id": message_id},
    )


def prompts(connection: sqlite3.Connection, limit: int, query: str) -> list[str]:
    """Return earlier prompts that have the query's words, newest first, each once."""
    rows = connection.execute(
        """
        SELECT messages.text FROM messages JOIN conversations ON conversations.id = messages.conversation_id
        WHERE role = 'user' AND text != '' AND deleted_at IS NULL
        ORDER BY messages.created_at DESC, messages.number DESC
        """
    )
    terms, found = SearchQuery.parsed(query).terms, dict[str, None]()
    for row in rows:
        if len(found) == limit:
            break
        if all(term.occurs_in(folded(row["text"])) for term in terms):
            found[from_column(row["text"])] = None
    return list(found)


def retitle(connection: sqlite3.Connection, conversation_id: str, before: str, title: str) -> None:
    """Give a conversation another title, unless it has got one meanwhile."""
    bound = (to_column(title), conversation_id, to_column(before))
    connection.execute("UPDATE conversations SET title = ? WHERE id = ? AND title = ?", bound)


def rename(connection: sqlite3.Connection, conversation_id: str, title: str) -> None:
    """Give a conversation another title."""
    connection.execute("UPDATE conversations SET title = ? WHERE id = ?", (to_column(title), conversation_id))


def save_draft(connection: sqlite3.Connection, conversation_id: str, text: str, writer: str, now: datetime) -> str:
    """Keep the text in the composer of a process; return the one before."""
    before = draft(connection, conversation_id)
    if text:
        _ensure(connection, conversation_id, now)
    connection.execute(
        "UPDATE conversations SET draft = ?, draft_by = ? WHERE id = ?", (to_column(text), writer, conversation_id)
    )
    return before


def draft(connection: sqlite3.Connection, conversation_id: str) -> str:
    """Return the text that was in the composer."""
    row = connection.execute("SELECT draft FROM conversations WHERE id = ?", (conversation_id,)).fetchone()
    return from_column(row["draft"]) if row else ""


def unsent(connection: sqlite3.Connection, is_alive: Callable[[object], bool]) -> Conversation | None:
    """Return the newest conversation that has nothing but a draft, unless that is still being written."""
    rows = connection.execute(
        "SELECT * FROM conversations WHERE leaf_id IS NULL AND draft != '' AND deleted_at IS NULL ORDER BY number DESC"
    )
    idle = (row for row in rows if not is_alive(row["draft_by"]))
    return next(sensible(idle, lambda row: conversation_from_row(row, ())), None)


def save_settings(
    connection: sqlite3.Connection, conversation_id: str, changes: Mapping[str, str | None], now: datetime
) -> None:
    """Keep settings of this conversation only beside those that it has; None takes one out."""
    changed = {**settings(connection, conversation_id), **changes}
    kept = {key: value for key, value in changed.items() if value is not None}
    _ensure(connection, conversation_id, now)
    connection.execute("UPDATE conversations SET settings = ? WHERE id = ?", (json_to_column(kept), conversation_id))


def settings(connection: sqlite3.Connection, conversation_id: str) -> dict[str, str]:
    """Return the settings of this conversation only."""
    row = connection.execute("SELECT settings FROM conversations WHERE id = ?", (conversation_id,)).fetchone()
    with suppress(ValueError):
        kept = mapping(parsed(from_column(row["settings"]))) if row else {}
        return {key: value for key, value in kept.items() if isinstance(value, str)}
    return {}


def _ensure(connection: sqlite3.Connection, conversation_id: str, now: datetime) -> None:
    """Add a row for a draft and settings before there is a message; until then the conversation is not listed."""
    connection.execute(
        "INSERT OR IGNORE INTO conversations (id, created_at, updated_at) VALUES (:id, :now, :now)",
        {"id": conversation_id, "now": time_to_column(now)},
    )


def _read(connection: sqlite3.Connection, rows: Iterable[sqlite3.Row]) -> Conversation | None:
    """Return the first of these conversations, along the branch that is shown."""

    def conversation(row: sqlite3.Row) -> Conversation:
        branch = connection.execute(_BRANCH, {"leaf_id": row["leaf_id"]}).fetchall()
        return conversation_from_row(row, list(_messages(connection, branch)))

    return next(sensible(rows, conversation), None)


def _messages(connection: sqlite3.Connection, rows: Iterable[sqlite3.Row]) -> Iterator[Message]:
    def message(row: sqlite3.Row) -> Message:
        live = StreamingStatus(row["streaming_status"]).live
        return message_from_row(row, chunks_of(connection, row["id"]) if live else ())

    return sensible(rows, message)
