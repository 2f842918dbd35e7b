"""Marks that a user makes: conversations that are pinned, archived or tagged, and messages with a bookmark."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from datetime import datetime
from typing import Protocol, TypeVar

from tui_chat.chat.marks import ConversationMarks
from tui_chat.chat.message import Role, utc_now
from tui_chat.records import dataclass
from tui_chat.storage.rows import comparable, from_column, sensible, time_to_column
from tui_chat.storage.writer import Job
from tui_chat.text.reading import identifier, name, stored_moment

T = TypeVar("T")

EXCERPT_CHARACTERS = 2000
"""Characters of a message that a list of bookmarks reads: the row that shows it has room for fewer."""

TAGS_OF = """
(SELECT group_concat(tag, ' ') FROM (SELECT tag FROM tags WHERE conversation_id = conversations.id ORDER BY tag))
"""
"""The tags of a conversation in a query, as one text; a tag has no spaces."""


@dataclass(frozen=True, slots=True)
class Bookmark:
    """A message that can be found again; the texts are raw."""

    conversation_id: str
    title: str
    message_id: str
    role: Role
    created_at: datetime
    """The time of the message."""
    excerpt: str


class Read(Protocol):
    """Reads from the database; `otherwise` where that is not possible."""

    def __call__(self, read: Job[T], *, otherwise: T) -> T:
        """Return the result of `read`."""
        ...


class Marks:
    """The marks in the store: reads see what this process wrote before, writes need not be waited for."""

    def __init__(self, read: Read, write: Callable[[Job[None]], Future[None]]) -> None:
        self._read = read
        self._write = write

    def pin(self, conversation_id: str, *, pinned: bool = True) -> Future[None]:
        """Keep a conversation at the top of the list, or no longer."""
        at = utc_now() if pinned else None
        return self._write(lambda connection: _mark(connection, "pinned_at", conversation_id, at))

    def archive(self, conversation_id: str, *, archived: bool = True) -> Future[None]:
        """Take a conversation out of the list, or into it again."""
        at = utc_now() if archived else None
        return self._write(lambda connection: _mark(connection, "archived_at", conversation_id, at))

    def tag(self, conversation_id: str, tags: Iterable[str]) -> Future[None]:
        """Give a conversation these tags, and no others."""
        wanted = [comparable(tag) for tag in tags]
        return self._write(lambda connection: _tag(connection, conversation_id, wanted))

    def bookmark(self, message_id: str, *, bookmarked: bool = True) -> Future[None]:
        """Give a message a bookmark, or take it away."""
        at = utc_now() if bookmarked else None
        return self._write(lambda connection: _bookmark(connection, message_id, at))

    def known_tags(self) -> list[str]:
        """Return the tags of all conversations, each once, in the order of the alphabet."""
        none: list[str] = []
        return self._read(known_tags, otherwise=none)

    def of(self, conversation_id: str) -> ConversationMarks:
        """Return the marks of a conversation."""
        return self._read(lambda connection: marks_of(connection, conversation_id), otherwise=ConversationMarks())

    def bookmarked(self, conversation_id: str) -> frozenset[str]:
        """Return the ids of a conversation's messages that have a bookmark, on all branches."""
        return frozenset(self.of(conversation_id).bookmarks)

    def bookmarks(self) -> list[Bookmark]:
        """Return the bookmarks of all conversations, the last made first."""
        none: list[Bookmark] = []
        return self._read(bookmarks, otherwise=none)


def marks_of(connection: sqlite3.Connection, conversation_id: str) -> ConversationMarks:
    """Return the marks of a conversation."""
    row = connection.execute(
        f"SELECT pinned_at, archived_at, {TAGS_OF} AS tags FROM conversations WHERE id = ?", (conversation_id,)
    ).fetchone()
    if row is None:
        return ConversationMarks()
    marked = connection.execute(
        "SELECT id, bookmarked_at FROM messages WHERE conversation_id = ? AND bookmarked_at IS NOT NULL",
        (conversation_id,),
    )
    since = dict(sensible(marked, lambda it: (identifier(it["id"]), stored_moment(it["bookmarked_at"]))))
    return ConversationMarks(
        bool(row["pinned_at"]), bool(row["archived_at"]), tuple(from_column(row["tags"]).split()), since
    )


def restore(connection: sqlite3.Connection, conversation_id: str, marks: ConversationMarks, now: datetime) -> None:
    """Give a conversation the marks that it had elsewhere, beside those that it has."""
    if marks.pinned:
        _mark(connection, "pinned_at", conversation_id, now)
    if marks.archived:
        _mark(connection, "archived_at", conversation_id, now)
    _add_tags(connection, conversation_id, marks.tags)
    for message_id, since in marks.bookmarks.items():
        _bookmark(connection, message_id, since)


def known_tags(connection: sqlite3.Connection) -> list[str]:
    """Return the tags of the conversations that are not deleted."""
    rows = connection.execute(
        """
        SELECT DISTINCT tag FROM tags JOIN conversations ON conversations.id = tags.conversation_id
        WHERE deleted_at IS NULL ORDER BY tag
        """
    )
    return [from_column(row["tag"]) for row in rows]


def bookmarks(connection: sqlite3.Connection) -> list[Bookmark]:
    """Return the bookmarks of all conversations, the last made first."""
    rows = connection.execute(
        """
        SELECT messages.id, conversation_id, title, role, messages.created_at, substr(text, 1, ?) AS excerpt
        FROM messages JOIN conversations ON conversations.id = messages.conversation_id
        WHERE bookmarked_at IS NOT NULL AND deleted_at IS NULL AND streaming_status != 'cancelled'
        ORDER BY bookmarked_at DESC, messages.number DESC
        """,
        (EXCERPT_CHARACTERS,),
    )
    return list(sensible(rows, _bookmark_from_row))


def _bookmark_from_row(row: sqlite3.Row) -> Bookmark:
    return Bookmark(
        identifier(row["conversation_id"]),
        name(from_column(row["title"])),
        identifier(row["id"]),
        Role(row["role"]),
        stored_moment(row["created_at"]),
        from_column(row["excerpt"]),
    )


def _mark(connection: sqlite3.Connection, column: str, conversation_id: str, at: datetime | None) -> None:
    when = time_to_column(at) if at else None
    connection.execute(f"UPDATE conversations SET {column} = ? WHERE id = ?", (when, conversation_id))


def _tag(connection: sqlite3.Connection, conversation_id: str, tags: Iterable[str]) -> None:
    connection.execute("DELETE FROM tags WHERE conversation_id = ?", (conversation_id,))
    _add_tags(connection, conversation_id, tags)


def _add_tags(connection: sqlite3.Connection, conversation_id: str, tags: Iterable[str]) -> None:
    connection.executemany(
        "INSERT OR IGNORE INTO tags (conversation_id, tag) SELECT id, ? FROM conversations WHERE id = ?",
        [(tag, conversation_id) for tag in tags],
    )


def _bookmark(connection: sqlite3.Connection, message_id: str, at: datetime | None) -> None:
    when = time_to_column(at) if at else None
    connection.execute("UPDATE messages SET bookmarked_at = ? WHERE id = ?", (when, message_id))
