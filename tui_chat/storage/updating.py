"""The step from an earlier version of the program to this one, where it takes a while."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from tui_chat.storage.connecting import connected
from tui_chat.storage.location import NAME
from tui_chat.storage.migrations import LATEST, version_of

LARGE_BYTES = 100_000_000
"""A database of this size takes about a second, and more where the disk has to be read."""


def update_takes_a_while(folder: Path) -> bool:
    """True if the database of a folder is large, and of an earlier version of the program."""
    path = folder.absolute() / NAME
    try:
        if path.stat().st_size < LARGE_BYTES:
            return False
        with closing(connected(f"{path.as_uri()}?mode=ro")) as connection:
            return 0 < version_of(connection) < LATEST
    except (OSError, sqlite3.Error):
        return False  # whoever opens it will say so
