"""The conversations of oterm, as its `store.db` has them."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Mapping
from itertools import groupby

from tui_chat.attachments import FileRefused, file_part
from tui_chat.chat.message import Role
from tui_chat.chat.parts import FilePart
from tui_chat.interchange.importing.source import (
    SourceConversation,
    SourceMessage,
    lost_file,
    system_files,
    text_parts,
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


def oterm_conversations(database: ForeignDatabase) -> Iterator[SourceConversation]:
    """Yield the conversations. Their ids are small numbers: with how one began they are of this database only."""
    for id, rows in groupby(database.rows(_MESSAGES), lambda row: row["chat_id"]):
        messages: list[SourceMessage] = []
        first: Mapping[str, object] = {}
        for row in rows:
            system = row["chat_system"] if not first else ""
            first = first or row
            messages.append(_message(row, messages[-1].id if messages else None, system))
        origin = ("oterm", str(id), str(first["number"]), str(first["text"]))
        yield SourceConversation(origin, messages, name(first["chat_name"]), name(first["chat_model"]))


def _message(row: Mapping[str, object], before: str | None, system: object) -> SourceMessage:
    files = list(system_files(system))
    by_user = row["author"] in _USER
    if by_user:
        files += _pictures(row.get("images"))
    return SourceMessage(
        str(row["number"]),
        before,
        Role.USER if by_user else Role.ASSISTANT,
        (*files, *text_parts(row["text"])),
        model=name(row["chat_model"]),
    )


def _pictures(value: object) -> Iterator[FilePart]:
    """Yield the pictures that went with a prompt."""
    try:
        items = parsed(value) if isinstance(value, str) else []
    except ValueError:
        return
    for item in (items if isinstance(items, list) else [])[:MOST_FILES]:
        if isinstance(item, str):
            try:
                yield file_part("picture", base64.b64decode(item))
            except (FileRefused, ValueError):
                yield lost_file("picture", hashlib.sha256(item.encode("utf-8", "surrogatepass")).hexdigest())
