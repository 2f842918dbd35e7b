"""Problems with the disk or the database, in the user's words."""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeAlias

Report: TypeAlias = Callable[[str], None]
"""Tells the user a sentence."""

_FULL = "the disk is full"
_READ_ONLY = "it cannot be written"
_NO_LOCKS = "its file system has no file locks"
_REASONS = {
    sqlite3.SQLITE_FULL: _FULL,
    sqlite3.SQLITE_READONLY: _READ_ONLY,
    sqlite3.SQLITE_PERM: _READ_ONLY,
    sqlite3.SQLITE_CANTOPEN: "its database cannot be opened",
    sqlite3.SQLITE_IOERR: "the disk reports an error",
}
_SYSTEM_REASONS = {errno.ENOSPC: _FULL, errno.EDQUOT: _FULL, errno.EFBIG: _FULL, errno.ENOLCK: _NO_LOCKS}
SAVED_AGAIN = "Saving works again, and nothing is missing."


def is_damage(error: sqlite3.Error) -> bool:
    """True if the database itself is broken, so that waiting cannot help."""
    return _code(error) in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def is_busy(error: sqlite3.Error) -> bool:
    """True if another process holds the database."""
    return _code(error) in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL)


def may_pass(error: sqlite3.Error) -> bool:
    """True if the same write may succeed later: the disk or another process is in the way, not the write at fault."""
    return is_busy(error) or _code(error) in _REASONS


def unsaved(folder: Path, error: OSError | sqlite3.Error) -> str:
    """Return the sentence for a data folder that cannot be used: nothing of this session will be kept."""
    why = reason(error)
    remedy = {
        _FULL: "Make room, or choose another folder with --data-dir, and start again.",
        _NO_LOCKS: "Choose a folder on another disk with --data-dir, and start again.",
    }.get(why, "Make the folder writable, or choose another with --data-dir, and start again.")
    return f"Conversations cannot be saved in {folder}: {why}. The chat goes on unsaved. {remedy}"


def waiting(path: Path | None, error: sqlite3.Error, machine: str = "") -> str:
    """Return the sentence for a write that has to wait for the disk or for another process."""
    if is_busy(error):
        return (
            f"{_holder(machine)} holds the database {path}. Saving waits for it; nothing is lost "
            "as long as this program stays open."
        )
    return (
        f"The chat cannot be saved just now: {reason(error)} ({path}). Saving is tried again and again; nothing is "
        "lost as long as this program stays open."
    )


def given_up() -> str:
    """Return the sentence for the end of the program when what waited could not be written."""
    return "The last changes could not be saved before the end."


def not_saved() -> str:
    """Return the sentence for a write that failed for good, which is a fault of the program."""
    return "A part of this conversation could not be saved. The chat goes on."


def unreadable(path: Path | None, error: sqlite3.Error, machine: str = "") -> str:
    """Return the sentence for a read that failed for a reason that may pass."""
    if is_busy(error):
        return f"{_holder(machine)} holds the database {path}. Close it or wait, then try again."
    return f"The conversations cannot be read just now: {reason(error)} ({path}). Try again."


def damaged(kept: Path, rescued: int) -> str:
    """Return the sentence for a damaged database that a new one has replaced."""
    copied = {0: "none of its conversations could be read", 1: "1 conversation could be read"}.get(
        rescued, f"{rescued} conversations could be read"
    )
    return f"The database of conversations is damaged. It is kept as {kept}; {copied} and copied to a new one."


def moved(path: Path) -> str:
    """Return the sentence for a database file that is no longer where it was."""
    return f"The database {path} was moved or removed while it was in use. What comes from now on goes to a new one."


def newer(path: Path, own: Path) -> str:
    """Return the sentence for a database that a later version of the program wrote."""
    return (
        f"The database {path} was made by a newer version of tui-chat and is left as it is. "
        f"This version keeps its conversations in {own}; update tui-chat to see the others."
    )


def reason(error: OSError | sqlite3.Error) -> str:
    """Return why the system or SQLite refuses something, as the end of a sentence."""
    if isinstance(error, OSError):
        if error.errno in _SYSTEM_REASONS:
            return _SYSTEM_REASONS[error.errno]
        return (os.strerror(error.errno) if error.errno else "it cannot be used").lower()
    return _REASONS.get(_code(error), str(error))


def _holder(machine: str) -> str:
    return f"tui-chat on {machine}" if machine else "Another program"


def _code(error: sqlite3.Error) -> int:
    """Return the primary result code; SQLite's extended codes carry it in their low byte."""
    return getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF


def reported_once(on_problem: Report) -> Report:
    """Return a `report` that says nothing twice in a row, and whose failure keeps nothing from being saved."""
    last = ""

    def report(sentence: str) -> None:
        nonlocal last
        said, last = last, sentence
        if sentence != said:
            with suppress(Exception):
                on_problem(sentence)

    return report
