"""The conversations of elia, as its database has them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby

from tui_chat.chat.message import Role
from tui_chat.chat.parts import Part
from tui_chat.interchange.importing.source import (
    SourceConversation,
    SourceMessage,
    system_files,
    text_parts,
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


def elia_conversations(database: ForeignDatabase) -> Iterator[SourceConversation]:
    """Yield the conversations. Their ids are small numbers: with how one began they are of this database only."""
    for id, rows in groupby(database.rows(_MESSAGES), lambda row: row["chat_id"]):
        messages: list[SourceMessage] = []
        system: tuple[Part, ...] = ()
        first: Mapping[str, object] = {}
        for row in rows:
            first = first or row
            if row["role"] == "system":
                system = system_files(row["content"])
            elif row["role"] in _ROLES:
                messages.append(_message(row, messages[-1].id if messages else None, system))
                system = ()
        origin = ("elia", str(id), str(first["chat_started"]), str(first["content"]))
        started = time_of(first["chat_started"])
        yield SourceConversation(origin, messages, name(first["chat_title"]), name(first["chat_model"]), started)


def _message(row: Mapping[str, object], before: str | None, system: tuple[Part, ...]) -> SourceMessage:
    """Return a message; one that names no parent follows the one before it."""
    parent = row.get("parent_id")
    return SourceMessage(
        str(row["id"]),
        before if parent is None else str(parent),
        _ROLES[str(row["role"])],
        (*system, *text_parts(row["content"])),
        time_of(row["timestamp"]),
        name(row.get("model") or row["chat_model"]),
    )
