"""Files and folders that only their user can read, whatever the umask; no link leads them elsewhere."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path

NAME = "tui-chat"
"""The name of a folder that holds nothing but the program's files."""

_OURS = (
    *(NAME, "config.toml", ".config.toml", "personas", "templates"),
    *("models", "running", "state", "cache", "editing", "opening"),
)
"""The beginnings of the names of our files and folders."""
_OTHERS = 0o077


def make_private_folder(folder: Path) -> None:
    """Make a folder, and those above it that are missing; one that is there stays as it is."""
    if not folder.parent.exists():
        make_private_folder(folder.parent)
    try:
        folder.mkdir(0o700)
    except FileExistsError:
        if not folder.is_dir():
            raise
    else:
        folder.chmod(0o700)  # the umask may have removed too much


def open_private(path: Path, flags: int) -> int:
    """Open a file, and create it if the flags say so; raise OSError if its path is a link."""
    descriptor = os.open(path, flags | os.O_NOFOLLOW, 0o600)
    if flags & os.O_CREAT:
        with suppress(OSError):  # another user's, or on a file system without modes
            os.fchmod(descriptor, 0o600)
    return descriptor


def close_to_others(folder: Path) -> None:
    """Remove other users' rights to a folder of the program's and its content, where an earlier version gave any.

    A folder that has anything else in it is not ours alone, and is left as it is: it may be the user's home.
    """
    with suppress(OSError):
        entries = [Path(entry.path) for entry in os.scandir(folder)]
        ours = [entry for entry in entries if entry.name.startswith(_OURS)]
        if folder.name == NAME or ours == entries:
            _narrow(folder.resolve())
        for entry in ours:
            _narrow(entry)


def _narrow(path: Path) -> None:
    with suppress(OSError):
        found = path.lstat()
        plain = stat.S_ISREG(found.st_mode) or stat.S_ISDIR(found.st_mode)
        if plain and found.st_uid == os.geteuid() and found.st_mode & _OTHERS and not found.st_mode & stat.S_ISVTX:
            path.chmod(stat.S_IMODE(found.st_mode) & ~_OTHERS)
