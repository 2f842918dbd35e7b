"""The sentences about trouble with the database."""

from __future__ import annotations

import errno
import sqlite3
from pathlib import Path

import pytest

from tui_chat.storage import problems

PATH = Path("/data/tui-chat.db")


def failure(code: int) -> sqlite3.OperationalError:
    """Return an error of SQLite's."""
    error = sqlite3.OperationalError("what SQLite says")
    error.sqlite_errorcode = code
    return error


def test_a_read_that_fails_says_why_and_who_holds_the_database() -> None:
    full, busy = failure(sqlite3.SQLITE_FULL), failure(sqlite3.SQLITE_BUSY)
    assert problems.unreadable(PATH, full) == (
        "The conversations cannot be read just now: the disk is full (/data/tui-chat.db). Try again."
    )
    assert problems.unreadable(PATH, busy).startswith("Another program holds the database /data/tui-chat.db.")
    assert problems.unreadable(PATH, busy, "atlas").startswith("tui-chat on atlas holds the database")


@pytest.mark.parametrize(
    ("rescued", "said"),
    [
        (0, "none of its conversations could be read"),
        (1, "1 conversation could be read"),
        (2, "2 conversations could be read"),
    ],
)
def test_a_damaged_database_says_how_much_of_it_was_rescued(rescued: int, said: str) -> None:
    assert f"It is kept as {PATH}; {said} and copied" in problems.damaged(PATH, rescued)


def test_a_file_system_without_locks_has_a_remedy() -> None:
    sentence = problems.unsaved(PATH.parent, OSError(errno.ENOLCK, "No locks available"))
    assert "its file system has no file locks" in sentence
    assert "another disk" in sentence
