"""Backups: all of the history in one file, and back, whatever stands in the way."""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.unit.storage.conftest import ABOUT, now
from tui_chat.chat import exchange
from tui_chat.chat.message import Conversation
from tui_chat.chat.parts import FilePart, files_of
from tui_chat.chat.prompt import Prompt
from tui_chat.storage import Store
from tui_chat.storage.backup import BackupError, back_up, restore
from tui_chat.storage.files import files_folder
from tui_chat.storage.location import NAME
from tui_chat.storage.migrations import LATEST, MIGRATIONS
from tui_chat.storage.owners import FOLDER, Owner, machine_elsewhere

if TYPE_CHECKING:
    from tests.unit.storage.conftest import Chat

NOTES = FilePart("notes.txt", "text/plain", "Some notes.")


@pytest.fixture
def talk(chat: Chat) -> Conversation:
    """A conversation whose prompt has a file."""
    pending = chat.begin(exchange.send(Conversation(), Prompt("Why?", files=(NOTES,)), ABOUT, now()))
    return chat.finish(pending, "Therefore.")


def _titles(folder: Path) -> list[str]:
    store = Store.open(folder, on_problem=pytest.fail)
    try:
        return [summary.title for summary in store.conversations()]
    finally:
        store.close()


def test_a_backup_is_one_private_file_taken_while_the_program_runs(
    chat: Chat, talk: Conversation, folder: Path, tmp_path: Path
) -> None:
    target = tmp_path / "safe" / "b.db"
    target.parent.mkdir()
    backup = back_up(folder, target)
    assert (backup.conversations, backup.files) == (1, 1)
    assert [path.name for path in target.parent.iterdir()] == ["b.db"]
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert target.read_bytes()[18:20] == b"\x01\x01", "it is read without a log beside it, from a disk of whatever kind"


def test_a_new_machine_has_all_of_it_files_too(chat: Chat, talk: Conversation, folder: Path, tmp_path: Path) -> None:
    back_up(folder, tmp_path / "b.db")
    elsewhere = tmp_path / "elsewhere"
    restored, kept = restore(elsewhere, tmp_path / "b.db")
    assert (restored.conversations, restored.files, kept) == (1, 1, None)
    assert stat.S_IMODE((elsewhere / "tui-chat.db").stat().st_mode) == 0o600
    store = Store.open(elsewhere, on_problem=pytest.fail)
    found = store.conversation(talk.id)
    store.close()
    assert found is not None
    assert [message.text for message in found.messages] == ["Why?", "Therefore."]
    assert [file.content for file in files_of(found.messages[0].parts)] == [b"Some notes."]


def test_what_was_there_before_is_kept_and_can_be_restored_itself(
    chat: Chat, talk: Conversation, folder: Path, tmp_path: Path
) -> None:
    back_up(folder, tmp_path / "b.db")
    chat.finish(chat.send("Later"), "Yes.")
    chat.store.close()
    _, kept = restore(folder, tmp_path / "b.db")
    assert _titles(folder) == ["Why?"]
    assert kept is not None
    assert "before-restore" in kept.name
    restore(folder, kept)
    assert sorted(_titles(folder)) == ["Later", "Why?"]


def test_a_backup_of_an_earlier_version_is_brought_up_to_date(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "old.db", isolation_level=None)) as old:
        MIGRATIONS[0](old)
        old.execute("PRAGMA user_version = 1")
    restore(tmp_path / "data", tmp_path / "old.db")
    with closing(sqlite3.connect(tmp_path / "data" / NAME)) as live:
        assert live.execute("PRAGMA user_version").fetchone() == (LATEST,)


def test_a_damaged_history_gives_way_and_is_kept_as_it_is(
    chat: Chat, talk: Conversation, folder: Path, tmp_path: Path
) -> None:
    back_up(folder, tmp_path / "b.db")
    chat.store.close()
    (folder / NAME).write_bytes(b"no database any more" * 1000)
    _, kept = restore(folder, tmp_path / "b.db")
    assert kept is not None
    assert kept.read_bytes().startswith(b"no database")
    assert _titles(folder) == ["Why?"]


def _text(path: Path) -> None:
    path.write_text("Dear diary")


def _foreign(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE notes (text)")


def _newer(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE notes (text)")
        connection.execute(f"PRAGMA user_version = {LATEST + 1}")


def _armed(path: Path) -> None:
    """Make a database of this program's that acts by itself."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for step in MIGRATIONS:
            step(connection)
        connection.execute(f"PRAGMA user_version = {LATEST}")
        connection.execute("CREATE TRIGGER evil AFTER INSERT ON messages BEGIN DELETE FROM conversations; END")


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (_text, "is not a backup"),
        (_foreign, "is not a backup"),
        (_armed, "is not a backup"),
        (_newer, "newer version"),
        (Path.mkdir, "cannot be used"),
        (lambda path: None, "cannot be used"),
    ],
)
def test_what_is_no_backup_is_refused_and_nothing_is_changed(
    chat: Chat, talk: Conversation, folder: Path, tmp_path: Path, make: Callable[[Path], object], sentence: str
) -> None:
    chat.store.close()
    make(tmp_path / "b.db")
    with pytest.raises(BackupError, match=sentence):
        restore(folder, tmp_path / "b.db")
    assert _titles(folder) == ["Why?"]


def test_a_damaged_backup_is_refused(chat: Chat, folder: Path, tmp_path: Path) -> None:
    for number in range(40):
        chat.finish(chat.send(f"Prompt {number} {'words ' * 100}"), "Answer. " * 200)
    target = tmp_path / "b.db"
    back_up(folder, target)
    content = bytearray(target.read_bytes())
    content[4096 * 3 : 4096 * 12] = b"\xa5" * (4096 * 9)
    target.write_bytes(content)
    with pytest.raises(BackupError, match="is damaged"):
        restore(tmp_path / "elsewhere", target)


def test_nothing_is_put_in_the_place_of_what_is_in_use(
    chat: Chat, talk: Conversation, folder: Path, tmp_path: Path
) -> None:
    back_up(folder, tmp_path / "b.db")
    with pytest.raises(BackupError, match="tui-chat is open"):
        restore(folder, tmp_path / "b.db")


def test_a_disk_that_refuses_leaves_the_earlier_backup(
    chat: Chat, talk: Conversation, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "b.db"
    back_up(folder, target)
    before = target.read_bytes()

    def refuse(*_: object) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(BackupError, match="the disk is full"):
        back_up(folder, target)
    assert target.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir() if "b.db" in path.name] == ["b.db"]


def test_files_that_are_not_what_their_name_says_are_left_out(
    chat: Chat, talk: Conversation, folder: Path, tmp_path: Path
) -> None:
    stray = files_folder(folder / NAME) / ("0" * 64)
    stray.write_text("something else")
    assert back_up(folder, tmp_path / "b.db").files == 1
    with closing(sqlite3.connect(tmp_path / "b.db")) as connection, connection:
        connection.execute("UPDATE backup_files SET content = x'00'")
    restored, _ = restore(tmp_path / "elsewhere", tmp_path / "b.db")
    assert restored.files == 0


def test_another_machine_that_uses_the_folder_is_named(tmp_path: Path) -> None:
    owner = Owner(tmp_path)
    owner.claim()
    assert machine_elsewhere(tmp_path) == ""
    (tmp_path / FOLDER / owner.name).write_text("workshop\x1b[31m")
    assert machine_elsewhere(tmp_path).startswith("workshop")
    assert "\x1b" not in machine_elsewhere(tmp_path)
    owner.release()
    assert machine_elsewhere(tmp_path) == ""
