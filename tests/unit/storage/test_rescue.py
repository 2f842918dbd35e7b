"""Copying what can be read of another database."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tui_chat.storage.connecting import connected, prepare
from tui_chat.storage.rescue import rescue

if TYPE_CHECKING:
    from tests.unit.storage.conftest import Chat, Opener


@pytest.fixture
def target() -> Iterator[sqlite3.Connection]:
    """An empty database to copy to."""
    with closing(connected("file::memory:")) as connection:
        prepare(connection)
        yield connection


@pytest.fixture
def source(open_chat: Opener, folder: Path) -> Path:
    """A conversation of six messages, at rest."""
    chat: Chat = open_chat()
    conversation = chat.exchange("Three", "3", chat.exchange("Two", "2", chat.exchange("One", "1")))
    chat.discard(chat.regenerate(conversation, conversation.messages[1].id))
    chat.store.close()
    return folder / "tui-chat.db"


def _lose(path: Path, condition: str) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("DROP TRIGGER message_removed")
        connection.execute(f"DELETE FROM messages WHERE {condition}")


def _shown(connection: sqlite3.Connection) -> list[str]:
    rows = connection.execute(
        """
        WITH RECURSIVE branch AS (
            SELECT messages.* FROM messages JOIN conversations ON leaf_id = messages.id
            UNION ALL SELECT messages.* FROM messages JOIN branch ON messages.id = branch.parent_id
        ) SELECT text FROM branch ORDER BY number
        """
    )
    return [row["text"] for row in rows]


@pytest.mark.parametrize(
    ("lost", "shown"),
    [
        ("FALSE", ["One", "1", "Two", "2", "Three", "3"]),
        ("text = '3'", ["One", "1", "Two", "2", "Three"]),
        ("text IN ('1', 'Two')", ["One", "2", "Three", "3"]),
        ("text = 'One'", ["1", "Two", "2", "Three", "3"]),
        ("TRUE", []),
    ],
)
def test_messages_around_a_lost_one_stay_one_conversation(
    source: Path, target: sqlite3.Connection, lost: str, shown: list[str]
) -> None:
    _lose(source, lost)
    before = source.read_bytes()
    assert rescue(source, target) == (1 if shown else 0)
    assert _shown(target) == shown
    assert source.read_bytes() == before
    assert target.execute("SELECT COUNT(*) FROM replies").fetchone()[0] == 4


def test_rows_that_make_no_sense_are_left_out(source: Path, target: sqlite3.Connection) -> None:
    with closing(sqlite3.connect(source)) as connection, connection:
        connection.execute("UPDATE messages SET role = 'nobody' WHERE text = '2'")
        connection.execute("UPDATE messages SET created_at = 'never' WHERE text = '3'")
        connection.execute("UPDATE replies SET ttft_ms = 'soon' WHERE number = 1")
        connection.execute("UPDATE replies SET cost_usd = 'a lot' WHERE number = 2")
        connection.execute("INSERT INTO conversations (id, created_at, updated_at) VALUES ('x', 'never', 'never')")
    assert rescue(source, target) == 1
    assert _shown(target) == ["One", "1", "Two", "Three"]
    assert target.execute("SELECT COUNT(*) FROM replies").fetchone()[0] == 2


def test_nothing_comes_from_a_newer_version_or_from_nowhere(
    source: Path, target: sqlite3.Connection, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(source)) as connection:
        connection.execute("PRAGMA user_version = 99")
    assert rescue(source, target) == 0
    assert rescue(tmp_path / "no such file", target) == 0
    assert not (tmp_path / "no such file").exists()


def test_figures_of_an_earlier_version_are_kept(source: Path, target: sqlite3.Connection) -> None:
    with closing(sqlite3.connect(source)) as connection, connection:
        connection.execute("ALTER TABLE replies DROP COLUMN web_search_requests")
        connection.execute("PRAGMA user_version = 3")
    assert rescue(source, target) == 1
    assert target.execute("SELECT COUNT(*) FROM replies").fetchone()[0] == 4


def test_messages_of_a_version_without_summaries_are_kept(source: Path, target: sqlite3.Connection) -> None:
    with closing(sqlite3.connect(source)) as connection, connection:
        connection.execute("ALTER TABLE messages DROP COLUMN summary")
    assert rescue(source, target) == 1
    assert _shown(target) == ["One", "1", "Two", "2", "Three", "3"]


def test_what_has_come_of_a_reply_and_what_was_chosen_are_kept(
    open_chat: Opener, folder: Path, target: sqlite3.Connection
) -> None:
    chat: Chat = open_chat()
    before = chat.exchange("Why?", "Because.")
    after = chat.finish(chat.regenerate(before, before.messages[1].id), "So.")
    chat.store.choices.record_choice(after.messages[1].id, [before.messages[1].id])
    chat.stream(chat.send("And?", after), "Well")
    chat.store.close()
    rescue(folder / "tui-chat.db", target)
    assert "Well" in target.execute("SELECT events FROM chunks").fetchone()[0]
    assert target.execute("SELECT COUNT(*) FROM choices").fetchone()[0] == 2


def test_a_rescue_that_fails_leaves_nothing_half_done(source: Path, target: sqlite3.Connection) -> None:
    target.execute("DROP TABLE replies")
    assert rescue(source, target) == 0
    assert not target.in_transaction
    assert target.execute("SELECT COUNT(*) FROM messages").fetchone()[0] == 0


def test_a_claim_to_hold_endless_rows_is_not_believed(source: Path, target: sqlite3.Connection) -> None:
    with closing(sqlite3.connect(source)) as connection, connection:
        connection.execute("UPDATE replies SET number = 9000000000000000000 WHERE number = 4")
    assert rescue(source, target) == 1
    assert target.execute("SELECT COUNT(*) FROM replies").fetchone()[0] == 3
