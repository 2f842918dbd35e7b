"""The conversations of elia, as its database has them."""

from __future__ import annotations

from collections.abc import Iterator

from tui_chat.chat.message import Role
from tui_chat.chat.parts import Part
from tui_chat.interchange.importing.grouping import Room, Row, in_groups
from tui_chat.interchange.importing.source import (
    ImportProblem,
    SourceConversation,
    SourceMessage,
    system_files,
    time_of,
)
from tui_chat.storage.foreign import ForeignDatabase
from tui_chat.text.reading import name

_MESSAGES = """
SELECT message.*, chat.title AS chat_title, chat.model AS chat_model, chat.started_at AS chat_started
FROM message JOIN chat ON chat.id = message.chat_id ORDER BY message.chat_id, message.id
"""
_ROLES = {"user": Role.USER, "human": Role.USER, "assistant": Role.ASSISTANT, "ai": Role.ASSISTANT}
"""Elia's words, those of earlier versions too."""


def is_elia(database: ForeignDatabase) -> bool:
    """True if this is a database of elia."""
    has_messages = {"id", "chat_id", "role", "content", "timestamp"} <= set(database.columns("message"))
    return has_messages and {"id", "title", "model", "started_at"} <= set(database.columns("chat"))


def elia_conversations(database: ForeignDatabase) -> Iterator[SourceConversation | ImportProblem]:
    """Yield the conversations."""
    return in_groups(database.rows(_MESSAGES), "chat_id", _conversation)


def _conversation(rows: Iterator[Row], room: Room) -> SourceConversation:
    """Return a conversation. Its id is a small number: with how it began it is of this database only."""
    messages: list[SourceMessage] = []
    system: tuple[Part, ...] = ()
    first: Row = {}
    for row in rows:
        first = first or row
        if row["role"] == "system":
            system = system_files(row["content"])
        elif row["role"] in _ROLES:
            messages.append(_message(row, room, messages[-1].id if messages else None, system))
            system = ()
    origin = ("elia", str(first["chat_id"]), str(first["chat_started"]), str(first["content"]))
    started = time_of(first["chat_started"])
    return SourceConversation(origin, messages, name(first["chat_title"]), name(first["chat_model"]), started)


def _message(row: Row, room: Room, before: str | None, system: tuple[Part, ...]) -> SourceMessage:
    """Return a message; one that names no parent follows the one before it."""
    parent = row.get("parent_id")
    return SourceMessage(
        str(row["id"]),
        before if parent is None else str(parent),
        _ROLES[str(row["role"])],
        (*system, *room.text(row["content"])),
        time_of(row["timestamp"]),
        name(row.get("model") or row["chat_model"]),
    )
