"""Databases of other programs: read as far as they are sound, and neither changed nor trusted."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from itertools import count
from pathlib import Path

import pytest

from tui_chat.storage import foreign
from tui_chat.storage.foreign import ForeignDatabaseError, foreign_database

QUERY = "SELECT words FROM talk"
LONG = """CREATE VIEW long AS
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500000) SELECT i FROM n"""


@pytest.fixture
def others(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """The connection of a program that has its database open, in the manner of today's."""
    with closing(sqlite3.connect(tmp_path / "talk.db", isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE talk (words TEXT)")
        connection.execute("INSERT INTO talk VALUES ('Because.')")
        yield connection


@pytest.fixture
def path(others: sqlite3.Connection, tmp_path: Path) -> Path:
    """A database that nobody has open."""
    others.execute(LONG)
    others.close()
    return tmp_path / "talk.db"


def never() -> bool:
    """Nobody stops it."""
    return False


def test_a_log_that_was_never_written_back_is_read_and_left(
    others: sqlite3.Connection, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    copies = tmp_path_factory.mktemp("copies")
    for name in ("talk.db", "talk.db-wal"):
        (copies / name).write_bytes((tmp_path / name).read_bytes())
    log = (copies / "talk.db-wal").read_bytes()
    with foreign_database(copies / "talk.db", never) as database:
        assert list(database.rows(QUERY)) == [{"words": "Because."}]
    assert (copies / "talk.db-wal").read_bytes() == log


def test_nothing_is_made_beside_a_database_that_is_read(path: Path) -> None:
    with foreign_database(path, never) as database:
        assert list(database.rows(QUERY)) == [{"words": "Because."}]
        assert list(path.parent.iterdir()) == [path]


def test_it_is_neither_believed_nor_written_to(path: Path) -> None:
    with foreign_database(path, never) as database:
        for pragma, value in {"trusted_schema": 0, "query_only": 1, "cell_size_check": 1}.items():
            assert [set(row.values()) for row in database.rows(f"PRAGMA {pragma}")] == [{value}], pragma


def test_a_view_that_takes_long_can_be_stopped(path: Path) -> None:
    asked = count(1)
    with foreign_database(path, lambda: next(asked) > 3) as database, pytest.raises(ForeignDatabaseError):
        list(database.rows("SELECT i FROM long"))
    assert next(asked) == 5, "it was asked until it was true, and not again"


def test_what_is_larger_than_any_import_is_no_text(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(foreign, "LARGEST_IMPORT_BYTES", 1_000)
    with foreign_database(path, never) as database:
        assert list(database.rows("SELECT zeroblob(900) AS words")) == [{"words": bytes(900)}]
        with pytest.raises(ForeignDatabaseError):
            list(database.rows("SELECT zeroblob(1100) AS words"))


def test_any_thread_may_read_it_until_it_is_closed(path: Path) -> None:
    with foreign_database(path, never) as database, ThreadPoolExecutor() as threads:
        assert threads.submit(lambda: list(database.rows(QUERY))).result() == [{"words": "Because."}]
    with pytest.raises(ForeignDatabaseError):
        list(database.rows(QUERY))
