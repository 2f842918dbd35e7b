"""Conversations from outside added to the database: what is here already is not added again."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from tui_chat.chat.imported import ImportedConversation, ImportOutcome, settings_with_ids, stable_id
from tui_chat.chat.message import Conversation, Message
from tui_chat.records import replace
from tui_chat.storage.conversations import add_message, save_settings
from tui_chat.storage.files import FileStore
from tui_chat.storage.journal import store_conversation
from tui_chat.storage.marks import restore
from tui_chat.storage.rows import time_to_column

_SHOWN = "SELECT leaf_id FROM conversations WHERE id = ? AND deleted_at IS NULL AND leaf_id IS NOT NULL"


def merge(
    connection: sqlite3.Connection, files: FileStore, imported: ImportedConversation, now: datetime
) -> ImportOutcome:
    """Store a conversation, or those of its messages that are missing here; one that was deleted comes back."""
    imported = _with_free_ids(connection, imported)
    whole = imported.conversation
    shown = connection.execute(_SHOWN, (whole.id,)).fetchone()
    if shown is None:
        store_conversation(connection, whole)
        save_settings(connection, whole.id, imported.settings, now)
    missing = _missing(connection, imported)
    for message in missing:
        add_message(connection, whole.id, files.put_away(message))
    restore(connection, whole.id, imported.marks, now)
    if shown is None:
        return ImportOutcome.ADDED
    if missing:
        _show_more(connection, whole, shown["leaf_id"])
    return ImportOutcome.EXTENDED if missing else ImportOutcome.UNCHANGED


def _missing(connection: sqlite3.Connection, imported: ImportedConversation) -> list[Message]:
    """Return the messages that are not here yet, each after its parent, and siblings in the order of their times."""
    rows = connection.execute("SELECT id FROM messages WHERE conversation_id = ?", (imported.conversation.id,))
    here = {row["id"] for row in rows}
    depths: dict[str | None, int] = {None: 0}
    messages = (*imported.conversation.messages, *imported.others)
    for message in messages:
        depths[message.id] = depths.get(message.parent_id, 0) + 1
    missing = [message for message in messages if message.id not in here]
    return sorted(missing, key=lambda message: (depths[message.id], message.created_at))


def _show_more(connection: sqlite3.Connection, whole: Conversation, leaf_id: str) -> None:
    """Show the end of what has grown elsewhere, unless it went on here, too, or another branch is looked at."""
    followed = whole.find(leaf_id) is not None
    connection.execute(
        "UPDATE conversations SET leaf_id = ?, updated_at = max(updated_at, ?) WHERE id = ?",
        (
            whole.messages[-1].id if followed else leaf_id,
            time_to_column(whole.updated_at),
            whole.id,
        ),
    )


def _with_free_ids(connection: sqlite3.Connection, imported: ImportedConversation) -> ImportedConversation:
    """Return the same with another id, always the same one, for each that a message of another conversation has."""
    whole = imported.conversation
    taken = (message.id for message in (*whole.messages, *imported.others) if _is_elsewhere(connection, message, whole))
    ids = {id: stable_id(whole.id, id) for id in taken}
    if not ids:
        return imported

    def renamed(message: Message) -> Message:
        parent_id = ids.get(message.parent_id, message.parent_id) if message.parent_id else None
        return replace(message, id=ids.get(message.id, message.id), parent_id=parent_id)

    marks = imported.marks
    return ImportedConversation(
        replace(whole, messages=tuple(map(renamed, whole.messages))),
        tuple(map(renamed, imported.others)),
        settings_with_ids(imported.settings, ids),
        replace(marks, bookmarks={ids.get(id, id): since for id, since in marks.bookmarks.items()}),
    )


def _is_elsewhere(connection: sqlite3.Connection, message: Message, whole: Conversation) -> bool:
    row = connection.execute("SELECT conversation_id FROM messages WHERE id = ?", (message.id,)).fetchone()
    return row is not None and row["conversation_id"] != whole.id
