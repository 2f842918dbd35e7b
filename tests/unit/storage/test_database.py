"""Connections to the database of a folder."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from tui_chat.storage.database import Database
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
