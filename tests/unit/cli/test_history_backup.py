"""`history backup` and `history restore` on the command line."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from tests.unit.cli.conftest import Runner


def test_a_backup_brings_back_what_was_deleted(command: Runner, talks: list[str], tmp_path: Path) -> None:
    target = tmp_path / "b.db"
    assert command("history", "backup", str(target)).err == f"2 conversations and 0 files in {target}.\n"
    command("history", "delete", "--yes", talks[0])
    done = command("history", "restore", "--yes", str(target))
    assert done.err.startswith("2 conversations and 0 files restored. What was there before is in ")
    assert command("history", "show", talks[0]).status == 0


def test_a_folder_gets_a_dated_file(command: Runner, talks: list[str], tmp_path: Path) -> None:
    days = [date.today()]
    command("history", "backup", str(tmp_path))
    days.append(date.today())  # it may be past midnight now
    assert any((tmp_path / f"tui-chat-{day}.db").exists() for day in days)


def test_nothing_is_replaced_without_a_word(command: Runner, talks: list[str], tmp_path: Path) -> None:
    target = tmp_path / "b.db"
    target.write_text("mine")
    for name in ("backup", "restore"):
        done = command("history", name, str(target))
        assert (done.status, "--yes" in done.err) == (2, True)
    assert target.read_text() == "mine"


def test_a_backup_that_cannot_be_is_a_sentence(command: Runner, tmp_path: Path) -> None:
    done = command("history", "backup", str(tmp_path / "b.db"))
    assert (done.status, done.err) == (1, f"tui-chat: There is no history in {tmp_path / 'data'}.\n")
    done = command("history", "restore", "--yes", str(tmp_path / "none.db"))
    assert (done.status, "none.db cannot be used: no such file" in done.err) == (1, True)
