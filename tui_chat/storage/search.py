"""Search: every word of the query occurs in the text, anywhere, in any letter case."""

from __future__ import annotations

import re
import sqlite3
from dataclasses import dataclass
from datetime import datetime

from tui_chat.chat.message import Role
from tui_chat.storage.rows import comparable, from_column, sensible
from tui_chat.text.reading import identifier, stored_moment

_INDEXED_LENGTH = 3
"""The index knows pieces of three characters; a shorter word is looked for in the texts themselves."""
_LONGEST_QUERY = 1000
"""Characters of a query that count; SQLite takes only so many conditions."""
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


_HITS = """
SELECT messages.*, conversations.title FROM messages
JOIN conversations ON conversations.id = messages.conversation_id
WHERE deleted_at IS NULL AND {condition}
ORDER BY messages.created_at DESC, messages.number DESC LIMIT :limit
"""


def search(connection: sqlite3.Connection, query: str, limit: int) -> list[SearchHit]:
    """Return the newest messages that have every word of the query."""
    words = words_of(query)
    if not words:
        return []
    condition, bound = _in_messages(connection, words)
    rows = connection.execute(_HITS.format(condition=condition), {"limit": limit, **bound})
    return list(sensible(rows, lambda row: _hit(row, words[0])))


def in_conversations(connection: sqlite3.Connection, query: str) -> tuple[str, dict[str, object]]:
    """Return a condition on conversations, with its values: the title or one of the messages has the query's words."""
    words = words_of(query)
    if not words:
        return "TRUE", {}
    found, bound = _in_messages(connection, words)
    titled = " AND ".join(f"instr(folded(conversations.title), :word{n})" for n in range(len(words)))
    return f"(({titled}) OR conversations.id IN (SELECT conversation_id FROM messages WHERE {found}))", bound


def words_of(query: str) -> list[str]:
    """Return the words of a query, each once, without what SQLite takes for the end of a text."""
    return list(dict.fromkeys(comparable(query[:_LONGEST_QUERY].replace("\0", " ")).split()))


def _in_messages(connection: sqlite3.Connection, words: list[str]) -> tuple[str, dict[str, object]]:
    """Return a condition that holds for the messages in which all words occur, with its values."""
    indexed = [word for word in words if len(word) >= _INDEXED_LENGTH and _has_index(connection)]
    conditions = [f"instr(folded(messages.text), :word{n})" for n, word in enumerate(words) if word not in indexed]
    if indexed:
        conditions.insert(0, "messages.number IN (SELECT rowid FROM search WHERE search MATCH :indexed)")
    bound: dict[str, object] = {f"word{n}": word.casefold() for n, word in enumerate(words)}
    return " AND ".join(conditions), bound | {"indexed": " ".join(_quoted(word) for word in indexed)}


def _has_index(connection: sqlite3.Connection) -> bool:
    return connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'search'").fetchone() is not None


def _quoted(word: str) -> str:
    """Return a word as a string of the index's query language, in which nothing has a meaning of its own."""
    return '"' + word.replace('"', '""') + '"'


def _hit(row: sqlite3.Row, word: str) -> SearchHit:
    return SearchHit(
        identifier(row["conversation_id"]),
        from_column(row["title"]),
        identifier(row["id"]),
        Role(row["role"]),
        stored_moment(row["created_at"]),
        _snippet(from_column(row["text"]), word),
    )


def _snippet(text: str, word: str) -> str:
    """Return the text around the first place where the word occurs."""
    found = re.search(re.escape(word), text, re.IGNORECASE)
    at = found.start() if found else 0
    begin, end = max(at - _AROUND, 0), at + len(word) + _AROUND
    return ("…" if begin else "") + text[begin:end] + ("…" if end < len(text) else "")
