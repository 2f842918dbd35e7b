"""The database's schema, as the numbered steps that lead to it. Steps are only ever added; none is changed later."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import suppress


def m0001_conversations(connection: sqlite3.Connection) -> None:
    """Add conversations, their messages, the journal of replies under way, and a narrow row of each reply's figures."""
    _execute_all(connection, _CONVERSATIONS, _MESSAGES, *_MESSAGE_INDEXES, _CHUNKS, _REPLIES, _REPLIES_BY_TIME)


def m0002_search(connection: sqlite3.Connection) -> None:
    """Add an index of three-letter pieces, for any part of a word in any script; without FTS5, search reads texts."""
    with suppress(sqlite3.OperationalError):
        connection.execute(_SEARCH)
        _execute_all(connection, *_SEARCH_TRIGGERS)
        connection.execute("INSERT INTO search (search) VALUES ('rebuild')")


def m0003_draft_owner(connection: sqlite3.Connection) -> None:
    """Add the process that a draft is being written in: while it runs, no other takes the draft up."""
    connection.execute("ALTER TABLE conversations ADD COLUMN draft_by TEXT")


def m0004_searches(connection: sqlite3.Connection) -> None:
    """Add the number of searches that were made for a reply to its figures."""
    connection.execute("ALTER TABLE replies ADD COLUMN web_search_requests INTEGER")


def m0005_estimates(connection: sqlite3.Connection) -> None:
    """Add whether a reply's figures are estimated in part."""
    connection.execute("ALTER TABLE replies ADD COLUMN estimated INTEGER NOT NULL DEFAULT 0")


def m0006_files(connection: sqlite3.Connection) -> None:
    """Find the prompts that refer to files; programs before this version cannot read such prompts."""
    connection.execute("CREATE INDEX prompts_with_files ON messages (number) WHERE role = 'user' AND parts IS NOT NULL")


def m0007_marks(connection: sqlite3.Connection) -> None:
    """Add what a user marks: pinned, archived and tagged conversations, and messages with a bookmark."""
    for column in ("pinned_at", "archived_at"):
        connection.execute(f"ALTER TABLE conversations ADD COLUMN {column} TEXT")
    connection.execute("ALTER TABLE messages ADD COLUMN bookmarked_at TEXT")
    _execute_all(connection, *_MARKS)


def m0008_short_words(connection: sqlite3.Connection) -> None:
    """Add what finds words shorter than the pieces in the index: the list of all pieces, and the ends of the texts."""
    with suppress(sqlite3.OperationalError):
        connection.execute("SELECT 1 FROM search LIMIT 0")  # without FTS5 there is no such table
        connection.execute("CREATE VIRTUAL TABLE search_terms USING fts5vocab ('search', 'row')")
        connection.execute("CREATE INDEX message_ends ON messages (substr(text, -2))")
        connection.execute("CREATE INDEX message_last_characters ON messages (substr(text, -1))")


def m0009_summaries(connection: sqlite3.Connection) -> None:
    """Add what stands, in what is sent, for a message and all before it."""
    connection.execute("ALTER TABLE messages ADD COLUMN summary TEXT")


def m0010_calls(connection: sqlite3.Connection) -> None:
    """Add the calls of tools to a reply's figures; few replies have any, and those are found at once."""
    connection.execute("ALTER TABLE replies ADD COLUMN tools TEXT")
    connection.execute("CREATE INDEX replies_with_tools ON replies (ended_at) WHERE tools IS NOT NULL")


def m0011_choices(connection: sqlite3.Connection) -> None:
    """Add the choices among replies that were asked for at once, with a narrow row of the figures of each."""
    _execute_all(connection, _CHOICES, "CREATE INDEX choices_of_round ON choices (round)")


def m0012_chosen_replies(connection: sqlite3.Connection) -> None:
    """Add to each figure of a choice of which reply it is: one that still comes has others at its end."""
    connection.execute("ALTER TABLE choices ADD COLUMN reply_id TEXT NOT NULL DEFAULT ''")
    connection.execute("CREATE INDEX choices_of_reply ON choices (reply_id)")


MIGRATIONS: Sequence[Callable[[sqlite3.Connection], None]] = (
    m0001_conversations,
    m0002_search,
    m0003_draft_owner,
    m0004_searches,
    m0005_estimates,
    m0006_files,
    m0007_marks,
    m0008_short_words,
    m0009_summaries,
    m0010_calls,
    m0011_choices,
    m0012_chosen_replies,
)
LATEST = len(MIGRATIONS)


def version_of(connection: sqlite3.Connection) -> int:
    """Return the number of steps that this database has taken."""
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return version


def migrate(connection: sqlite3.Connection) -> None:
    """Take the steps that are missing, each in a transaction; two processes at once do each step once."""
    while version_of(connection) < LATEST:
        connection.execute("BEGIN IMMEDIATE")
        try:
            done = version_of(connection)
            if done < LATEST:
                MIGRATIONS[done](connection)
                connection.execute(f"PRAGMA user_version = {done + 1}")
            connection.execute("COMMIT")
        except BaseException:
            connection.execute("ROLLBACK")
            raise


def _execute_all(connection: sqlite3.Connection, *statements: str) -> None:
    for statement in statements:
        connection.execute(statement)


_CONVERSATIONS = """
CREATE TABLE conversations (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL DEFAULT '',
    model TEXT NOT NULL DEFAULT '',
    settings TEXT NOT NULL DEFAULT '{}',  -- what holds for this conversation only, as JSON: system, persona
    draft TEXT NOT NULL DEFAULT '',
    leaf_id TEXT,                         -- the last message of the branch that is looked at; NULL: nothing to show
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    deleted_at TEXT,
    deleted_by TEXT                       -- the process that may still bring it back
)
"""

_MESSAGES = """
CREATE TABLE messages (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    conversation_id TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    parent_id TEXT,
    depth INTEGER NOT NULL,               -- 1 for a conversation's first message
    role TEXT NOT NULL,
    text TEXT NOT NULL,
    parts TEXT,                           -- JSON; NULL where the text is all there is
    model TEXT NOT NULL,
    streaming_status TEXT NOT NULL,
    partial_content TEXT,                 -- the text of a message that is not complete
    stream_metadata TEXT,
    created_at TEXT NOT NULL,
    owner TEXT,                           -- the process that a reply is coming to; NULL: none is
    previous_status TEXT                  -- of a reply that goes on: how it stood before
)
"""

_MESSAGE_INDEXES = (
    "CREATE INDEX messages_of_conversation ON messages (conversation_id, parent_id)",
    "CREATE INDEX messages_under_way ON messages (owner) WHERE owner IS NOT NULL",
    "CREATE INDEX prompts ON messages (created_at) WHERE role = 'user'",
    "CREATE INDEX conversations_by_time ON conversations (updated_at)",
)

_CHUNKS = """
CREATE TABLE chunks (
    message_id TEXT NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
    seq INTEGER NOT NULL,
    events TEXT NOT NULL,                 -- JSON
    PRIMARY KEY (message_id, seq)
)
"""

_REPLIES = """
CREATE TABLE replies (
    number INTEGER PRIMARY KEY,
    ended_at TEXT NOT NULL,
    ttft_ms REAL,
    duration_ms REAL,
    longest_gap_ms REAL,
    chars_per_second REAL,
    tokens_per_second REAL,
    events INTEGER NOT NULL,
    retries INTEGER NOT NULL,
    resumes INTEGER NOT NULL,
    fallback INTEGER NOT NULL,
    input_tokens INTEGER,
    output_tokens INTEGER,
    cache_read_input_tokens INTEGER,
    cache_creation_input_tokens INTEGER,
    cost_usd REAL,
    mode TEXT NOT NULL,
    status TEXT NOT NULL,
    error_kind TEXT,
    stop_reason TEXT,
    day TEXT NOT NULL,                    -- where the user was, not in UTC
    provider TEXT NOT NULL,
    model TEXT NOT NULL,
    conversation_id TEXT NOT NULL,        -- may be gone: figures outlive the texts
    message_id TEXT NOT NULL
)
"""

_CHOICES = """
CREATE TABLE choices (
    number INTEGER PRIMARY KEY,
    round TEXT NOT NULL,
    chosen_at TEXT NOT NULL,
    won INTEGER NOT NULL,
    model TEXT NOT NULL,                  -- may be of a conversation that is gone: figures outlive the texts
    cost_usd REAL,
    duration_ms REAL
)
"""

_REPLIES_BY_TIME = "CREATE INDEX replies_by_time ON replies (ended_at)"

_MARKS = (
    """
    CREATE TABLE tags (
        conversation_id TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
        tag TEXT NOT NULL,
        PRIMARY KEY (conversation_id, tag)
    ) WITHOUT ROWID
    """,
    "CREATE INDEX conversations_by_tag ON tags (tag)",
    "CREATE INDEX bookmarks ON messages (bookmarked_at) WHERE bookmarked_at IS NOT NULL",
)

_SEARCH = """
CREATE VIRTUAL TABLE search USING fts5 (text, content = 'messages', content_rowid = 'number', tokenize = 'trigram')
"""

_SEARCH_TRIGGERS = (
    """
    CREATE TRIGGER message_added AFTER INSERT ON messages BEGIN
        INSERT INTO search (rowid, text) VALUES (new.number, new.text);
    END
    """,
    """
    CREATE TRIGGER message_rewritten AFTER UPDATE OF text ON messages BEGIN
        INSERT INTO search (search, rowid, text) VALUES ('delete', old.number, old.text);
        INSERT INTO search (rowid, text) VALUES (new.number, new.text);
    END
    """,
    """
    CREATE TRIGGER message_removed AFTER DELETE ON messages BEGIN
        INSERT INTO search (search, rowid, text) VALUES ('delete', old.number, old.text);
    END
    """,
)
