"""Connections to the database of a folder."""

from __future__ import annotations

import os
import sqlite3
import threading
from typing import TYPE_CHECKING

import pytest

from tests.waiting import PATIENCE_S
from tui_chat.storage.database import Database
from tui_chat.storage.location import set_aside
from tui_chat.storage.owners import Owner, machine_elsewhere

if TYPE_CHECKING:
    from pathlib import Path

    from tests.unit.storage.conftest import Chat


def test_what_is_read_in_one_go_is_of_one_moment(chat: Chat) -> None:
    chat.exchange("Why?", "Because.")
    with chat.store._database.reading() as connection:
        counts = []
        for _ in range(2):
            counts.append(connection.execute("SELECT COUNT(*) FROM messages").fetchone()[0])
            chat.exchange("And?", "So.")
    assert counts == [2, 2]


def test_what_reads_cannot_write(chat: Chat) -> None:
    with chat.store._database.reading() as connection, pytest.raises(sqlite3.OperationalError, match="readonly"):
        connection.execute("DELETE FROM messages")


def test_a_connection_to_a_database_that_is_gone_is_not_used_again(chat: Chat, folder: Path) -> None:
    chat.exchange("Before", "1")
    with chat.store._database.reading() as connection:
        assert connection.execute("SELECT COUNT(*) FROM messages").fetchone()[0] == 2
        for path in folder.glob("tui-chat.db*"):
            path.unlink()
        chat.exchange("After", "2")
    assert [summary.title for summary in chat.store.conversations()] == ["After"]


def test_a_damaged_database_is_set_aside_with_what_sqlite_keeps_beside_it(tmp_path: Path) -> None:
    suffixes = ("", "-wal", "-shm")
    for suffix in suffixes:
        (tmp_path / f"tui-chat.db{suffix}").write_text(suffix)
    kept = set_aside(tmp_path / "tui-chat.db")
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {
        f"{kept.name}{suffix}": suffix for suffix in suffixes
    }


def test_a_mark_names_the_machine_that_uses_the_folder(tmp_path: Path) -> None:
    owner, database = Owner(tmp_path), Database(tmp_path, print)
    mark = tmp_path / "running" / owner.claim()
    assert mark.read_text() == os.uname().nodename
    assert database.machine_elsewhere() == machine_elsewhere(tmp_path) == ""
    mark.write_text("another-machine")
    assert database.machine_elsewhere() == machine_elsewhere(tmp_path) == "another-machine"
    owner.release()
    assert database.machine_elsewhere() == ""
    database.close()


def test_a_write_that_the_database_refuses_is_not_tried_for_ever(chat: Chat) -> None:
    refused = chat.store._writer.submit(lambda connection: connection.execute("no such statement"))
    assert isinstance(refused.exception(PATIENCE_S), sqlite3.OperationalError)
    assert len(chat.exchange("Why?", "Because.").messages) == 2
    assert chat.problems == []


def test_a_closed_database_is_one_file(chat: Chat, folder: Path) -> None:
    assert chat.store.prepared(PATIENCE_S)
    chat.exchange("Why?", "Because.")
    chat.store.close()
    assert [path.name for path in folder.glob("tui-chat.db*")] == ["tui-chat.db"]


def test_closing_waits_for_what_is_queued(chat: Chat) -> None:
    gate = threading.Event()
    chat.store._writer.submit(lambda _: gate.wait(PATIENCE_S))
    soon = threading.Timer(0.1, gate.set)
    soon.start()
    assert chat.store.close(PATIENCE_S)
    soon.join()
    assert chat.problems == []
