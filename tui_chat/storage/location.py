"""The place of the database: a file in the data folder; another beside a damaged or newer one; else memory."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path
from typing import TypeAlias

from tui_chat.private_files import make_private_folder, open_private
from tui_chat.records import dataclass
from tui_chat.storage import problems
from tui_chat.storage.connecting import connected, prepare
from tui_chat.storage.locks import alone, require_usable
from tui_chat.storage.migrations import LATEST, version_of
from tui_chat.storage.problems import Report
from tui_chat.storage.rescue import rescue

NAME = "tui-chat.db"

Identity: TypeAlias = tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class StoreLocation:
    """A database that can be used."""

    uri: str
    path: Path | None = None
    """The file; None for a database in memory."""
    identity: Identity = None
    """The file itself, whatever its name comes to mean."""
    prepared: bool = True
    """True if the schema is up to date; if not, another process holds the database, and the writer waits for it."""


def find_place(folder: Path | None, report: Report, damaged: StoreLocation | None = None) -> StoreLocation:
    """Return the place for the conversations of `folder`; if it is not the usual one, `report` gets the reason.

    Without a folder nothing is to be kept. `damaged` is the place so far, if it turned out to be damaged while it was
    in use.
    """
    if folder is None:
        return _memory()
    try:
        make_private_folder(folder)
        require_usable(folder / f"{NAME}.probe-{os.getpid()}")
        if damaged and damaged.path:
            _replace(damaged.path, damaged.identity, report)
        return _usable(folder / NAME, report)
    except (OSError, sqlite3.Error) as error:
        report(problems.unsaved(folder, error))
        return _memory()


def identity_of(path: Path) -> Identity:
    """Return the identity of the file that is at `path` now; None if there is none."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def is_emptied(path: Path) -> bool:
    """True if the file has nothing in it: SQLite would go on as if nothing were missing."""
    try:
        return path.stat().st_size == 0
    except OSError:
        return False


def filled_memory(uri: str, folder: Path | None) -> sqlite3.Connection:
    """Return a database in memory; it begins as a copy of the folder's, if that can still be read."""
    memory = connected(uri)
    prepare(memory)
    if folder is not None:
        rescue(folder / NAME, memory)
    return memory


def _memory() -> StoreLocation:
    return StoreLocation(f"file:/tui-chat-{os.urandom(16).hex()}?vfs=memdb")


def _usable(path: Path, report: Report) -> StoreLocation:
    """Return the file at `path`, or what takes its place if it is damaged or from a newer version."""
    _create(path)
    identity = identity_of(path)
    try:
        version, prepared = _inspected(path)
    except sqlite3.DatabaseError as error:
        if not problems.is_damage(error):
            raise
        _replace(path, identity, report)
        return _usable(path, report)
    own = path.with_name(f"tui-chat.v{LATEST}.db")
    if version <= LATEST or path == own:
        return StoreLocation(path.as_uri(), path, identity, prepared)
    report(problems.newer(path, own))
    return _usable(own, report)


def _inspected(path: Path) -> tuple[int, bool]:
    """Return the version that a database had, and whether it is ready; raise if it is damaged or cannot be written."""
    version = 0
    with closing(connected(path.as_uri())) as connection:
        try:
            version = version_of(connection)
            if version <= LATEST:
                connection.execute("BEGIN IMMEDIATE")
                connection.execute(f"PRAGMA user_version = {version}")  # only a write shows whether writing is allowed
                connection.execute("ROLLBACK")
            if version < LATEST:
                prepare(connection)
        except sqlite3.OperationalError as error:
            if not problems.is_busy(error):
                raise
            return version, version >= LATEST
    return version, True


def _create(path: Path) -> None:
    """Make a file that only its user can read before SQLite does; one that exists is never opened here.

    To close any descriptor of a database drops all locks that this process has on it.
    """
    try:
        os.close(open_private(path, os.O_CREAT | os.O_EXCL | os.O_RDWR))
    except FileExistsError:
        if not path.exists():
            raise  # SQLite would create the file that this link points to


def _replace(path: Path, identity: Identity, report: Report) -> None:
    """Begin anew in the place of a damaged database, with what can still be read of it."""
    with alone(path.with_name(f"{path.name}.lock")):
        if identity_of(path) != identity:
            return  # another process was faster
        kept = set_aside(path)
        _create(path)
        with closing(connected(path.as_uri())) as connection:
            prepare(connection)
            rescued = rescue(kept, connection)
    report(problems.damaged(kept, rescued))


def set_aside(path: Path) -> Path:
    """Keep a damaged database, and what SQLite keeps beside it, under a name that nothing here writes to."""
    kept = free_name(path, "damaged")
    for suffix in ("", "-wal", "-shm"):
        with suppress(FileNotFoundError):
            path.with_name(path.name + suffix).rename(kept.with_name(kept.name + suffix))
    return kept


def free_name(path: Path, why: str) -> Path:
    """Return a dated name for what a database was, that nothing has taken."""
    stem = f"{path.stem}.{why}-{datetime.now().astimezone():%Y-%m-%d-%H%M%S}"
    kept, number = path.with_name(f"{stem}.db"), 1
    while kept.exists():
        number += 1
        kept = path.with_name(f"{stem}-{number}.db")
    return kept
