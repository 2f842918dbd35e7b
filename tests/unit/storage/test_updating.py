"""The word about a database that takes a while to be brought to this version."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tui_chat.storage import updating
from tui_chat.storage.location import NAME
from tui_chat.storage.migrations import LATEST


@pytest.mark.parametrize(
    ("version", "least_bytes", "takes_a_while"),
    [(LATEST - 1, 0, True), (LATEST, 0, False), (LATEST + 1, 0, False), (0, 0, False), (LATEST - 1, 10**8, False)],
)
def test_only_a_large_database_of_an_earlier_version_takes_a_while(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: int, least_bytes: int, takes_a_while: bool
) -> None:
    monkeypatch.setattr(updating, "LARGE_BYTES", least_bytes)
    with closing(sqlite3.connect(tmp_path / NAME)) as connection:
        connection.execute("CREATE TABLE messages (id TEXT)")
        connection.execute(f"PRAGMA user_version = {version}")
    assert updating.update_takes_a_while(tmp_path) is takes_a_while


def test_what_is_no_database_is_for_whoever_opens_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(updating, "LARGE_BYTES", 0)
    assert not updating.update_takes_a_while(tmp_path)
    (tmp_path / NAME).write_bytes(b"no database at all" * 100)
    assert not updating.update_takes_a_while(tmp_path)
