"""Deleting what is old: found first, removed for good only when someone has agreed to it."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from tui_chat.private_files import open_private
from tui_chat.storage.marks import Read
from tui_chat.storage.rows import time_to_column
from tui_chat.storage.writer import Job

AGREED = "retention"
_LONGEST = 20
"""Bytes of a number of days."""

_OLD = """
SELECT id, leaf_id FROM conversations
WHERE updated_at < :before AND (:pinned OR pinned_at IS NULL) AND (leaf_id IS NOT NULL OR draft = '')
    AND deleted_at IS NULL
    AND NOT EXISTS (SELECT 1 FROM messages WHERE conversation_id = conversations.id AND owner IS NOT NULL)
"""


class Retention:
    """Finds and removes what has not changed for long; a reply under way and an unsent prompt are spared.

    What is pinned is spared, too, unless it is said that it goes.
    """

    def __init__(self, read: Read, write: Callable[[Job[int]], Future[int]], sweep: Callable[[], None]) -> None:
        """Keep `sweep`, which removes the files that no conversation refers to any more."""
        self._read = read
        self._write = write
        self._sweep = sweep

    def old(self, before: datetime, *, pinned: bool = False) -> list[str]:
        """Return the ids of the conversations that were last changed before then."""
        none: list[str] = []
        return self._read(
            lambda connection: [id for id, shown in _old(connection, before, pinned) if shown], otherwise=none
        )

    def remove(self, before: datetime, *, pinned: bool = False) -> Future[int]:
        """Remove for good what was last changed before then, and tell how many conversations that were."""

        def job(connection: sqlite3.Connection) -> int:
            found = _old(connection, before, pinned)
            connection.executemany("DELETE FROM conversations WHERE id = ?", [(id,) for id, _ in found])
            if found:
                self._sweep()
            return sum(shown for _, shown in found)

        return self._write(job)


def _old(connection: sqlite3.Connection, before: datetime, pinned: bool) -> list[tuple[str, bool]]:
    """Return the ids of what is old, and whether there is something of it to show."""
    rows = connection.execute(_OLD, {"before": time_to_column(before), "pinned": pinned})
    return [(row["id"], row["leaf_id"] is not None) for row in rows]


class RetentionAgreement:
    """The number of days that the user has agreed to, in a small file of the data folder: fewer need a new consent."""

    def __init__(self, folder: Path | None) -> None:
        self._path = folder / AGREED if folder else None

    def covers(self, days: int) -> bool:
        """True if what is older than so many days may be deleted without a question."""
        agreed = ""
        if self._path is not None:
            with suppress(OSError), os.fdopen(open_private(self._path, os.O_RDONLY | os.O_NONBLOCK), "rb") as file:
                agreed = file.read(_LONGEST).decode("ascii", "replace")
        return agreed.isdecimal() and days >= int(agreed)

    def give(self, days: int) -> None:
        """Keep that the user has agreed."""
        if self._path is not None:
            flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
            with suppress(OSError), os.fdopen(open_private(self._path, flags), "wb") as file:
                file.write(str(days).encode())

    def withdraw(self) -> None:
        """Forget it: nothing is to be deleted any more."""
        if self._path is not None:
            with suppress(OSError):
                self._path.unlink()
