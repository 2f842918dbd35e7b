"""Search: every word, phrase and prefix of the query occurs in the text, anywhere, in any letter case.

The index knows pieces of three characters. A shorter word is looked for among all pieces that begin with it, and in the
last two characters of a text, with which no piece begins. What is read of messages is read until there are enough.
"""

from __future__ import annotations

import heapq
import re
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from itertools import chain

from tui_chat.chat.message import Role
from tui_chat.chat.parts import text_of
from tui_chat.chat.search_query import SearchQuery, Term
from tui_chat.records import dataclass
from tui_chat.storage.rows import SqlText, comparable, folded, from_column, message_from_row, replayed, sensible
from tui_chat.text.reading import identifier, stored_moment

_PIECE = 3
"""Characters of a piece in the index."""
_MOST_PIECES = 4000
"""Pieces that are looked up for a short word."""
_MOST_LISTED = 500
"""Conversations that are listed for their hits."""
_MOST_HITS = 5000
"""Hits that are looked at for these."""
_AROUND = 80
"""Characters of a snippet on either side of what was found."""


@dataclass(frozen=True, slots=True)
class SearchHit:
    """A message that was found; the texts are raw."""

    conversation_id: str
    title: str
    message_id: str
    role: Role
    created_at: datetime
    snippet: str


_ROWS = """
SELECT messages.*, conversations.title FROM {source}
JOIN conversations ON conversations.id = messages.conversation_id
WHERE deleted_at IS NULL AND messages.streaming_status != 'cancelled' AND {conditions}
ORDER BY {order} DESC
"""
_INDEXED = "search JOIN messages ON messages.number = search.rowid"
_MARKS = {
    "file": "(messages.role = 'user' AND messages.parts IS NOT NULL AND instr(messages.parts, '\"file\"'))",
    "code": "instr(messages.text, '```')",
    "pinned": "conversations.pinned_at IS NOT NULL",
    "archived": "conversations.archived_at IS NOT NULL",
    "bookmarked": "messages.bookmarked_at IS NOT NULL",
}


def search(connection: sqlite3.Connection, query: SearchQuery, limit: int) -> list[SearchHit]:
    """Return the newest messages that are found, -1 for all."""
    if query.is_empty:
        return []
    hits: list[SearchHit] = []
    for hit in _hits(connection, query):
        if len(hits) == limit:
            break
        hits.append(hit)
    return sorted(hits, key=lambda hit: hit.created_at, reverse=True)


def first_hits(connection: sqlite3.Connection, query: SearchQuery) -> dict[str, SearchHit]:
    """Return the newest hit in each of the conversations that have one, as far as a list can show them."""
    found: dict[str, SearchHit] = {}
    for number, hit in enumerate(_hits(connection, query)):
        if number == _MOST_HITS or len(found) == _MOST_LISTED:
            break
        found.setdefault(hit.conversation_id, hit)
    return found


def titled(connection: sqlite3.Connection, query: SearchQuery) -> set[str]:
    """Return the conversations whose title has all that is looked for; none if anything else is asked for."""
    if not query.terms or query != SearchQuery(query.terms):
        return set()
    rows = connection.execute("SELECT id, folded(title) AS title FROM conversations WHERE title != ''")
    return {row["id"] for row in rows if all(term.occurs_in(row["title"]) for term in query.terms)}


def _hits(connection: sqlite3.Connection, query: SearchQuery) -> Iterator[SearchHit]:
    """Yield what is found, each message once: what is still coming, then what was stored last first."""
    conditions, bound = _conditions(query)
    rows: Iterator[sqlite3.Row]
    if query.terms and _has_index(connection):
        streams = _from_index(connection, conditions, bound, query)
        rows = heapq.merge(*streams, key=lambda row: row["number"], reverse=True)
    else:
        sql = _ROWS.format(source="messages", conditions=conditions, order="messages.number")
        rows = (row for row in connection.execute(sql, bound) if _fits(query.terms, row["text"]))
    stored = sensible(rows, lambda row: _hit(row, query, from_column(row["text"])))
    seen: set[str] = set()
    for hit in chain(_coming(connection, conditions, bound, query), stored):
        if hit.message_id not in seen:
            seen.add(hit.message_id)
            yield hit


def _conditions(query: SearchQuery) -> tuple[str, dict[str, object]]:
    """Return what holds for the messages besides their texts, with its values."""
    conditions, bound = ["TRUE"], dict[str, object]()
    conditions += [_MARKS[mark] for mark in sorted(query.marks)]
    if query.role is not None:
        conditions.append("messages.role = :role")
        bound["role"] = query.role.value
    for name, sign in (("before", "<"), ("after", ">")):
        if value := getattr(query, name):
            conditions.append(f"messages.created_at {sign} :{name}")
            bound[name] = value
    for number, model in enumerate(query.models):
        conditions.append(f"instr(folded(messages.model), :model{number})")
        bound[f"model{number}"] = comparable(model)
    for number, tag in enumerate(query.tags):
        tagged = f"SELECT 1 FROM tags WHERE conversation_id = conversations.id AND lower(tag) = lower(:tag{number})"
        conditions.append(f"EXISTS ({tagged})")
        bound[f"tag{number}"] = comparable(tag)
    return " AND ".join(conditions), bound


def _from_index(
    connection: sqlite3.Connection, conditions: str, bound: dict[str, object], query: SearchQuery
) -> Iterator[Iterator[sqlite3.Row]]:
    """Yield streams of the rows that the index, or the ends of the texts, lead to."""
    unsure = [term for term in query.terms if term.at_word_start or len(term.text) < _PIECE]
    pieces = [_pieces(connection, comparable(term.text)) for term in query.terms]
    if all(pieces):
        match = " AND ".join(f"({' OR '.join(map(_quoted, alternatives))})" for alternatives in pieces)
        sql = _ROWS.format(source=_INDEXED, conditions=f"search MATCH :match AND {conditions}", order="search.rowid")
        rows = connection.execute(sql, bound | {"match": match})
        yield (row for row in rows if _fits(unsure, row["text"]))
    for term in query.terms:
        for ending, end in _ends(comparable(term.text)):
            sql = _ROWS.format(source="messages", conditions=f"{ending} AND {conditions}", order="messages.number")
            ended = connection.execute(sql, bound | end)
            yield (row for row in ended if _fits(query.terms, row["text"]))


def _pieces(connection: sqlite3.Connection, text: str) -> Sequence[str]:
    """Return the texts of which one is in every message that has this one: itself, or pieces that begin with it."""
    if len(text) >= _PIECE:
        return [text]
    text = text.lower()
    after = text[:-1] + chr(ord(text[-1]) + 1) if text and ord(text[-1]) < 0x10FFFF else "\U0010ffff"
    rows = connection.execute(
        "SELECT term FROM search_terms WHERE term >= ? AND term < ? LIMIT ?", (text, comparable(after), _MOST_PIECES)
    )
    return [from_column(row["term"]) for row in rows]


def _ends(text: str) -> Iterator[tuple[str, dict[str, object]]]:
    """Yield conditions for texts that end in a short word: no piece begins with that there."""
    for case in sorted({text, text.lower(), text.upper(), text.title()}) if len(text) < _PIECE else ():
        if len(case) == 1:
            yield "substr(messages.text, -1) = :end", {"end": case}
            after = comparable(chr(min(ord(case) + 1, 0x10FFFF)))
            yield (
                "substr(messages.text, -2) >= :end AND substr(messages.text, -2) < :after",
                {
                    "end": case,
                    "after": after,
                },
            )
        elif len(case) == 2:
            yield "substr(messages.text, -2) = :end", {"end": case}


def _coming(
    connection: sqlite3.Connection, conditions: str, bound: dict[str, object], query: SearchQuery
) -> Iterator[SearchHit]:
    """Yield replies that are under way, here or in another process, by what has come of them."""
    sql = _ROWS.format(
        source="messages",
        conditions=f"messages.owner IS NOT NULL AND {conditions}",
        order="+messages.number",  # else all are read in this order
    )
    for row in connection.execute(sql, bound).fetchall():
        with suppress(ValueError, TypeError):
            chunks = connection.execute("SELECT events FROM chunks WHERE message_id = ? ORDER BY seq", (row["id"],))
            parts = replayed(message_from_row(row).parts, [chunk["events"] for chunk in chunks]).parts
            if _fits(query.terms, text := text_of(parts)):
                yield _hit(row, query, text)


def _fits(terms: Iterable[Term], text: SqlText) -> bool:
    """True if all of these occur in a text."""
    plain = folded(text)
    return all(term.occurs_in(plain) for term in terms)


def _has_index(connection: sqlite3.Connection) -> bool:
    return connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'search_terms'").fetchone() is not None


def _quoted(text: str) -> str:
    """Return a text as a string of the index's query language, in which nothing has a meaning of its own."""
    return '"' + text.replace('"', '""') + '"'


def _hit(row: sqlite3.Row, query: SearchQuery, text: str) -> SearchHit:
    return SearchHit(
        identifier(row["conversation_id"]),
        from_column(row["title"]),
        identifier(row["id"]),
        Role(row["role"]),
        stored_moment(row["created_at"]),
        _snippet(text, query.words[0] if query.words else ""),
    )


def _snippet(text: str, word: str) -> str:
    """Return the text around the first place where the word occurs."""
    found = re.search(re.escape(word), text, re.IGNORECASE)
    at = found.start() if found else 0
    begin, end = max(at - _AROUND, 0), at + len(word) + _AROUND
    return ("…" if begin else "") + text[begin:end] + ("…" if end < len(text) else "")
