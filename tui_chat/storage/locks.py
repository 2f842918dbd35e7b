"""Lock files: held by one process at a time, and let go of by the system however that process ends."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tui_chat.private_files import open_private

if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int, *, wait: bool) -> bool:
        try:
            msvcrt.locking(descriptor, msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
else:
    import fcntl

    def _lock(descriptor: int, *, wait: bool) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            return False
        return True


_PAGE = 4096


def hold(path: Path) -> int:
    """Make a lock file and hold it; the descriptor returned is what holds it."""
    while True:
        descriptor = open_private(path, os.O_RDWR | os.O_CREAT)
        if _lock(descriptor, wait=True) and os.fstat(descriptor).st_nlink:
            return descriptor
        os.close(descriptor)  # somebody held it, and took it away in the end


def let_go(path: Path, descriptor: int) -> None:
    """Remove a lock file that is held here."""
    with suppress(OSError):  # an empty file left behind does no harm
        path.unlink()
    os.close(descriptor)


def clear_if_free(path: Path) -> bool:
    """True if nobody holds this lock file, which is then removed while it is held here; False if one cannot know."""
    try:
        descriptor = open_private(path, os.O_RDWR)
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    free = _lock(descriptor, wait=False)
    if free:
        let_go(path, descriptor)
    else:
        os.close(descriptor)
    return free


def require_usable(path: Path) -> None:
    """Write and lock a file of this name for a moment; OSError says what the file system refuses.

    SQLite would take missing locks (ENOLCK) for another program that holds the database, and wait for ever; what
    it says of a full disk depends on where it meets it.
    """
    descriptor = open_private(path, os.O_RDWR | os.O_CREAT)
    try:
        os.write(descriptor, bytes(_PAGE))
        _require_lock(descriptor)
    finally:
        let_go(path, descriptor)


def _require_lock(descriptor: int) -> None:
    try:
        _lock(descriptor, wait=False)
    except OSError as error:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK)) from error


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Let in one process, and one thread, at a time."""
    descriptor = hold(path)
    try:
        yield
    finally:
        let_go(path, descriptor)
