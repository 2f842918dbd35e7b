"""Backups: the whole history in one file, taken while the program runs, and put back in the place of another.

A backup is a database like the one it was taken of, with the files of its prompts in a table of their own.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from tui_chat.atomic_files import write_atomically
from tui_chat.private_files import make_private_folder, open_private
from tui_chat.records import dataclass
from tui_chat.storage import problems
from tui_chat.storage.connecting import connected, prepare
from tui_chat.storage.files import files_folder, read_file
from tui_chat.storage.location import NAME, free_name, set_aside
from tui_chat.storage.migrations import LATEST, MIGRATIONS, version_of
from tui_chat.storage.owners import others_alive

PATIENCE_S = 10.0
"""Seconds for which another program may hold the database."""
_STEP_PAGES = 4096
_FILES = "CREATE TABLE backup_files (sha256 TEXT PRIMARY KEY, content BLOB NOT NULL)"
_HEADER = b"SQLite format 3\0"


class BackupError(Exception):
    """A sentence that says why there is no backup, or why it cannot be used."""


@dataclass(frozen=True, slots=True)
class Backup:
    """The extent of a backup."""

    path: Path
    conversations: int
    files: int


def back_up(folder: Path, target: Path) -> Backup:
    """Write the history of a data folder to `target`; a file that is there is replaced once the new one is whole."""
    source = folder / NAME
    if not source.exists():
        raise BackupError(f"There is no history in {folder}.")
    with _told(target):
        return _written(source, target)


def restore(folder: Path, source: Path) -> tuple[Backup, Path | None]:
    """Put a backup in the place of the history of a data folder; return it, and where what was there before is kept."""
    live_path = folder / NAME
    with _told(source), closing(_opened(source)) as backup:
        _check(source, backup)
        if others_alive(folder):
            raise BackupError("tui-chat is open on this history. Close it, then try again.")
        make_private_folder(folder)
        kept = _set_aside(live_path)
        with suppress(FileExistsError):
            os.close(open_private(live_path, os.O_CREAT | os.O_EXCL | os.O_RDWR))
        count = _put_files(backup, files_folder(live_path))
        with closing(connected(live_path.as_uri())) as live:
            _copy(backup, live)
            live.execute("DROP TABLE IF EXISTS backup_files")
            prepare(live)
            return Backup(source, _conversations(live), count), kept


def _written(source: Path, target: Path) -> Backup:
    fresh = target.with_name(f".{target.name}.{os.urandom(4).hex()}.tmp")
    try:
        os.close(open_private(fresh, os.O_CREAT | os.O_EXCL | os.O_RDWR))
        with closing(connected(source.as_uri())) as live, closing(connected(fresh.absolute().as_uri())) as copy:
            _copy(live, copy)
            copy.execute("PRAGMA journal_mode = DELETE")  # one file, with nothing beside it
            backup = Backup(target, _conversations(copy), _take_files(copy, files_folder(source)))
        fresh.replace(target)
    finally:
        fresh.unlink(missing_ok=True)
    return backup


def _set_aside(live: Path) -> Path | None:
    """Keep what is about to be replaced, as a backup, or as it is if it is damaged; return where."""
    if not live.exists():
        return None
    kept = free_name(live, "before-restore")
    try:
        _written(live, kept)
    except sqlite3.DatabaseError as error:
        if not problems.is_damage(error):
            raise
        return set_aside(live)
    return kept


def _opened(source: Path) -> sqlite3.Connection:
    """Return a connection to a backup that changes nothing of it."""
    with source.open("rb") as file:
        if file.read(len(_HEADER)) != _HEADER:
            raise BackupError(f"{source} is not a backup of tui-chat.")
    connection = connected(f"{source.absolute().as_uri()}?mode=ro")
    connection.execute("PRAGMA trusted_schema = OFF")
    return connection


def _check(source: Path, backup: sqlite3.Connection) -> None:
    """Raise unless this is a sound database of this program, and has nothing in it that acts by itself but ours."""
    if (version := version_of(backup)) > LATEST:
        raise BackupError(f"{source} was made by a newer version of tui-chat. Update tui-chat, then try again.")
    extra = _schema(backup) - _schema_of(version) - {_FILES}
    if not version or any(" TRIGGER " in sql or " VIEW " in sql for sql in extra):
        raise BackupError(f"{source} is not a backup of tui-chat.")
    if [row[0] for row in backup.execute("PRAGMA quick_check")] != ["ok"]:
        raise BackupError(f"{source} is damaged. Nothing was changed.")


def _schema(connection: sqlite3.Connection) -> set[str]:
    return {row["sql"] for row in connection.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")}


def _schema_of(version: int) -> set[str]:
    with closing(connected(":memory:")) as fresh:
        for step in MIGRATIONS[:version]:
            step(fresh)
        return _schema(fresh)


def _copy(source: sqlite3.Connection, target: sqlite3.Connection) -> None:
    """Copy a whole database as it is at one moment; whoever writes meanwhile is waited for."""
    deadline = time.monotonic() + PATIENCE_S

    def waited(status: int, _remaining: int, _total: int) -> None:
        if status & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED) and time.monotonic() > deadline:
            raise BackupError("Another program holds the database. Close it or wait, then try again.")

    source.backup(target, pages=_STEP_PAGES, progress=waited)


def _conversations(connection: sqlite3.Connection) -> int:
    counted = "SELECT COUNT(*) FROM conversations WHERE deleted_at IS NULL AND leaf_id IS NOT NULL"
    count: int = connection.execute(counted).fetchone()[0]
    return count


def _take_files(copy: sqlite3.Connection, folder: Path) -> int:
    """Put the files beside a database into its backup."""
    copy.execute("DROP TABLE IF EXISTS backup_files")
    copy.execute(_FILES)
    count = 0
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        with suppress(OSError):
            content = read_file(path)
            if hashlib.sha256(content).hexdigest() == path.name:
                copy.execute("INSERT INTO backup_files VALUES (?, ?)", (path.name, content))
                count += 1
    return count


def _put_files(backup: sqlite3.Connection, folder: Path) -> int:
    """Write the files of a backup beside a database; one whose name does not stand for its content is left out."""
    count = 0
    for sha256, content in _files(backup):
        if isinstance(content, bytes) and hashlib.sha256(content).hexdigest() == sha256:
            write_atomically(folder / sha256, content)
            count += 1
    return count


def _files(backup: sqlite3.Connection) -> Iterator[tuple[object, object]]:
    with suppress(sqlite3.OperationalError):  # a copy of the database alone has no such table
        for row in backup.execute("SELECT sha256, content FROM backup_files"):
            yield row["sha256"], row["content"]


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Say in a sentence what fails."""
    try:
        yield
    except sqlite3.Error as error:
        what = "is damaged" if problems.is_damage(error) else f"cannot be used: {problems.reason(error)}"
        raise BackupError(f"{path} {what}. Nothing was changed.") from error
    except OSError as error:
        raise BackupError(f"{path} cannot be used: {problems.reason(error)}. Nothing was changed.") from error
