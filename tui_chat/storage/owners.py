"""Which processes are alive: each holds a lock on a file of its own, and the system lets go of it at any death.

A reply under way names its owner. Where the owner's file can be locked, or is gone, nobody is fetching that reply any
more. Process ids alone would not do: they are given out again.
"""

from __future__ import annotations

import os
import sys
import uuid
from pathlib import Path

FOLDER = "running"

if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> bool:
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
else:
    import fcntl

    def _lock(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True


class Owner:
    """The mark of the present process, made when it is first needed."""

    def __init__(self, folder: Path | None) -> None:
        """Without a folder the conversations are this process's alone, and nobody has to know of it."""
        self.name = f"{os.getpid()}-{uuid.uuid4().hex}"
        self._folder = folder / FOLDER if folder else None
        self._descriptor: int | None = None

    @property
    def claimed(self) -> bool:
        """Whether the mark is held."""
        return self._descriptor is not None

    def claim(self) -> str:
        """Hold the mark from now on; returns its name. Marks of processes that died are cleared away."""
        if self._descriptor is None and self._folder:
            self._folder.mkdir(mode=0o700, exist_ok=True)
            for other in self._folder.iterdir():
                _clear_if_dead(other)
            self._descriptor = _held(self._folder / self.name)
        return self.name

    def is_alive(self, name: str) -> bool:
        """Whether the process that claimed this name still runs."""
        if name == self.name:
            return True
        if self._folder is None or Path(name).name != name:
            return False
        return not _clear_if_dead(self._folder / name)

    def release(self) -> None:
        """Give up the mark."""
        if self._descriptor is not None and self._folder:
            (self._folder / self.name).unlink(missing_ok=True)
            os.close(self._descriptor)
            self._descriptor = None


def _held(path: Path) -> int:
    """A descriptor that holds the lock of a file that still has its name, whoever may be clearing up meanwhile."""
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        if _lock(descriptor) and os.fstat(descriptor).st_nlink:
            return descriptor
        os.close(descriptor)


def _clear_if_dead(path: Path) -> bool:
    """Whether no process holds this mark; if so, it is removed while its lock is held here."""
    try:
        descriptor = os.open(path, os.O_RDWR)
    except FileNotFoundError:
        return True
    try:
        dead = _lock(descriptor)
        if dead:
            path.unlink(missing_ok=True)
        return dead
    finally:
        os.close(descriptor)
