"""Each step of the schema, taken from a database of the version before."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tui_chat.storage.connecting import connected
from tui_chat.storage.migrations import LATEST, MIGRATIONS, migrate, version_of

if TYPE_CHECKING:
    from tests.unit.storage.conftest import Opener

# What a version that knew only the first step has written.
_VERSION_1_ROWS = (
    """INSERT INTO conversations (id, title, model, leaf_id, created_at, updated_at) VALUES
    ('c1', 'Old talk', 'model-1', 'm2', '2026-01-02T03:04:05.000000+00:00', '2026-01-02T03:04:06.000000+00:00')""",
    """INSERT INTO messages (id, conversation_id, parent_id, depth, role, text, model, streaming_status, created_at)
    VALUES ('m1', 'c1', NULL, 1, 'user', 'What was it?', '', 'complete', '2026-01-02T03:04:05.000000+00:00')""",
    """INSERT INTO messages (id, conversation_id, parent_id, depth, role, text, model, streaming_status, created_at,
    stream_metadata) VALUES ('m2', 'c1', 'm1', 2, 'assistant', 'An antique reply', 'model-1', 'complete',
    '2026-01-02T03:04:06.000000+00:00', '{"mode": "stream", "model": "model-1"}')""",
)


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    """An empty database."""
    with closing(connected("file::memory:")) as connection:
        yield connection


def _at_version(path: Path, version: int) -> None:
    """A database as a program of that version has left it."""
    path.parent.mkdir()
    with closing(connected(path.as_uri())) as connection:
        for step in MIGRATIONS[:version]:
            step(connection)
        connection.execute(f"PRAGMA user_version = {version}")
        if version:
            for statement in _VERSION_1_ROWS:
                connection.execute(statement)


def _schema(connection: sqlite3.Connection) -> set[tuple[str, str, str]]:
    return {tuple(row) for row in connection.execute("SELECT type, name, sql FROM sqlite_master")}


@pytest.mark.parametrize("version", range(LATEST + 1))
def test_a_database_of_any_earlier_version_is_brought_up_to_date(
    open_chat: Opener, folder: Path, connection: sqlite3.Connection, version: int
) -> None:
    _at_version(folder / "tui-chat.db", version)
    chat = open_chat()
    assert chat.problems == []
    with chat.store._database.reading() as migrated:
        assert version_of(migrated) == LATEST
        migrate(connection)
        assert _schema(migrated) == _schema(connection)
    if version:
        assert [message.text for message in chat.read("c1").messages] == ["What was it?", "An antique reply"]
        assert [hit.message_id for hit in chat.store.search("antique", 5)] == ["m2"]
    assert len(chat.exchange("New", "too").messages) == 2


def test_the_schema_has_every_index_that_keeps_it_fast(connection: sqlite3.Connection) -> None:
    migrate(connection)
    rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL")
    ends = {"message_ends", "message_last_characters"}  # only beside the full-text search, which not every SQLite has
    assert {row["name"] for row in rows} - ends == {
        "bookmarks", "choices_of_reply", "choices_of_round", "conversations_by_tag", "conversations_by_time",
        "messages_of_conversation", "messages_under_way", "prompts", "prompts_with_files", "replies_by_time",
        "replies_with_tools",
    }  # fmt: skip
    search = "SELECT name FROM sqlite_master WHERE name IN ('search', 'search_terms', 'message_ends')"
    assert len(connection.execute(search).fetchall()) in (0, 3)


def test_the_search_index_begins_with_what_an_older_version_stored(connection: sqlite3.Connection) -> None:
    MIGRATIONS[0](connection)
    for statement in _VERSION_1_ROWS:
        connection.execute(statement)
    MIGRATIONS[1](connection)
    assert connection.execute("SELECT COUNT(*) FROM search WHERE search MATCH '\"antique\"'").fetchone()[0] == 1


def test_a_step_that_fails_leaves_the_database_as_it_was(
    connection: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    def half(connection: sqlite3.Connection) -> None:
        connection.execute("CREATE TABLE half (x)")
        connection.execute("no such statement")

    migrate(connection)
    before = _schema(connection)
    monkeypatch.setattr("tui_chat.storage.migrations.MIGRATIONS", (*MIGRATIONS, half))
    monkeypatch.setattr("tui_chat.storage.migrations.LATEST", LATEST + 1)
    with pytest.raises(sqlite3.OperationalError):
        migrate(connection)
    assert (version_of(connection), _schema(connection)) == (LATEST, before)


def test_programs_that_start_at_the_same_moment_take_each_step_once(open_chat: Opener) -> None:
    threads = [threading.Thread(target=lambda: open_chat().exchange("Why?", "Because.")) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    chat = open_chat()
    assert len(chat.store.conversations()) == 6
    assert chat.problems == []
