"""Search: every word of the query occurs in the text, anywhere, in any letter case."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime

from tui_chat.chat.message import Role
from tui_chat.storage.rows import from_column

_INDEXED_LENGTH = 3
"""The index knows pieces of three characters; a shorter word is looked for in the texts themselves."""
_AROUND = 80
"""Characters of a snippet on either side of what was found."""


@dataclass(frozen=True, slots=True)
class SearchHit:
    """A message in which all words of the query occur; the texts are raw."""

    conversation_id: str
    title: str
    message_id: str
    role: Role
    created_at: datetime
    snippet: str


def search(connection: sqlite3.Connection, query: str, limit: int) -> list[SearchHit]:
    """The newest messages that have every word of the query."""
    condition, bound = _condition(connection, query)
    if not condition:
        return []
    rows = connection.execute(
        f"""
        SELECT messages.*, conversations.title FROM messages
        JOIN conversations ON conversations.id = messages.conversation_id
        WHERE deleted_at IS NULL AND {condition}
        ORDER BY messages.created_at DESC, messages.number DESC LIMIT :limit
        """,
        {"limit": limit, **bound},
    )
    return [_hit(row, query) for row in rows]


def containing(connection: sqlite3.Connection, query: str) -> tuple[str, dict[str, object]]:
    """A further condition on conversations: their title or one of their messages has the query's words."""
    condition, bound = _condition(connection, query)
    if not condition:
        return "", {}
    title = " AND ".join(f"conversations.title LIKE :like{n} ESCAPE '\\'" for n in range(len(query.split())))
    likes = {f"like{n}": _pattern(word) for n, word in enumerate(query.split())}
    found = f"conversations.id IN (SELECT conversation_id FROM messages WHERE {condition})"
    return f"AND (({title}) OR {found})", {**bound, **likes}


def _condition(connection: sqlite3.Connection, query: str) -> tuple[str, dict[str, object]]:
    """A condition on `messages` that holds where every word of the query occurs; empty for an empty query."""
    words, has_index = query.split(), _has_index(connection)
    indexed = [word for word in words if has_index and len(word) >= _INDEXED_LENGTH]
    conditions, bound = [], dict[str, object]()
    if indexed:
        conditions.append("messages.number IN (SELECT rowid FROM search WHERE search MATCH :words)")
        bound["words"] = " ".join('"' + word.replace('"', '""') + '"' for word in indexed)
    for n, word in enumerate(words):
        if word not in indexed:
            conditions.append(f"messages.text LIKE :like{n} ESCAPE '\\'")
            bound[f"like{n}"] = _pattern(word)
    return " AND ".join(conditions), bound


def _has_index(connection: sqlite3.Connection) -> bool:
    return connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'search'").fetchone() is not None


def _pattern(word: str) -> str:
    for special in "\\%_":
        word = word.replace(special, "\\" + special)
    return f"%{word}%"


def _hit(row: sqlite3.Row, query: str) -> SearchHit:
    return SearchHit(
        row["conversation_id"],
        from_column(row["title"]),
        row["id"],
        Role(row["role"]),
        datetime.fromisoformat(row["created_at"]),
        _snippet(from_column(row["text"]), query.split()[0]),
    )


def _snippet(text: str, word: str) -> str:
    """The text around the first place where the word occurs."""
    at = max(text.lower().find(word.lower()), 0)
    begin, end = max(at - _AROUND, 0), at + len(word) + _AROUND
    return ("…" if begin else "") + text[begin:end] + ("…" if end < len(text) else "")
