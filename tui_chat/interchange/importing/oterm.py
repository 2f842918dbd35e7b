"""The conversations of oterm, as its `store.db` has them."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import suppress

from tui_chat.chat.message import Role
from tui_chat.chat.parts import FilePart
from tui_chat.interchange.importing.grouping import Room, Row, in_groups
from tui_chat.interchange.importing.source import (
    ImportProblem,
    SourceConversation,
    SourceMessage,
    system_files,
)
from tui_chat.storage.foreign import ForeignDatabase
from tui_chat.text.limits import MOST_FILES
from tui_chat.text.reading import name, parsed

_MESSAGES = """
SELECT message.rowid AS number, message.*, chat.name AS chat_name, chat.model AS chat_model, chat.system AS chat_system
FROM message JOIN chat ON chat.id = message.chat_id ORDER BY message.chat_id, message.rowid
"""
_USER = ("me", "user")


def is_oterm(database: ForeignDatabase) -> bool:
    """True if this is a database of oterm."""
    has_messages = {"chat_id", "author", "text"} <= set(database.columns("message"))
    return has_messages and {"id", "name", "model", "system"} <= set(database.columns("chat"))


def oterm_conversations(database: ForeignDatabase) -> Iterator[SourceConversation | ImportProblem]:
    """Yield the conversations."""
    return in_groups(database.rows(_MESSAGES), "chat_id", _conversation)


def _conversation(rows: Iterator[Row], room: Room) -> SourceConversation:
    """Return a conversation. Its id is a small number: with how it began it is of this database only."""
    messages: list[SourceMessage] = []
    first: Row = {}
    for row in rows:
        system = row["chat_system"] if not first else ""
        first = first or row
        messages.append(_message(row, room, messages[-1].id if messages else None, system))
    origin = ("oterm", str(first["chat_id"]), str(first["number"]), str(first["text"]))
    return SourceConversation(origin, messages, name(first["chat_name"]), name(first["chat_model"]))


def _message(row: Row, room: Room, before: str | None, system: object) -> SourceMessage:
    by_user = row["author"] in _USER
    pictures = _pictures(row.get("images"), room) if by_user else ()
    return SourceMessage(
        str(row["number"]),
        before,
        Role.USER if by_user else Role.ASSISTANT,
        (*system_files(system), *pictures, *room.text(row["text"])),
        model=name(row["chat_model"]),
    )


def _pictures(value: object, room: Room) -> Iterator[FilePart]:
    """Yield the pictures that went with a prompt."""
    try:
        items = parsed(value) if isinstance(value, str) else []
    except ValueError:
        return
    for item in (items if isinstance(items, list) else [])[:MOST_FILES]:
        if isinstance(item, str):
            with suppress(ValueError):  # it is not in base64
                yield room.file("picture", base64.b64decode(item))
