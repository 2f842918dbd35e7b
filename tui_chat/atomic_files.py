"""Files that are never half written, and one writer at a time."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import stat
import time
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from tui_chat.private_files import make_private_folder, open_private


def write_atomically(path: Path, content: bytes) -> None:
    """Put `content` in the place of the file's: after a crash at any moment it holds the old content or the new."""
    with replacing(path) as file:
        file.write(content)


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """Give a file that takes the place of the one of this name once it is whole; an exception leaves that as it is.

    A symlink stays one, and the file that it names is replaced. The file keeps its mode; a new one is the user's alone.
    """
    target = Path(os.path.realpath(path))
    make_private_folder(target.parent)
    fresh = target.with_name(f".{target.name}.{os.urandom(4).hex()}.tmp")
    mode = _mode(target)
    try:
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
            os.fchmod(file.fileno(), mode)
            yield file
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(target)
    except BaseException:  # whatever it is, it goes on to the caller: nothing may be left behind
        fresh.unlink(missing_ok=True)
        raise
    _sync_folder(target.parent)


def _mode(target: Path) -> int:
    try:
        found = target.stat().st_mode
    except FileNotFoundError:
        return 0o600
    if not stat.S_ISREG(found):
        raise OSError("it is not an ordinary file")
    if not os.access(target, os.W_OK, effective_ids=os.access in os.supports_effective_ids):
        # Its folder may allow replacing it, but somebody does not want it changed.
        raise PermissionError(errno.EACCES, "it is read-only")
    return stat.S_IMODE(found)


def _sync_folder(folder: Path) -> None:
    """Make the new name last; some file systems cannot, and then the file is there all the same."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        with contextlib.suppress(OSError):
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def locked(path: Path, *, timeout_s: float = 3.0) -> Iterator[None]:
    """Keep other writers of this file out, threads and processes; `TimeoutError` when they do not let go."""
    make_private_folder(path.parent)
    with os.fdopen(open_private(path.with_name(f".{path.name}.lock"), os.O_WRONLY | os.O_CREAT), "wb") as lock:
        give_up = time.monotonic() + timeout_s
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > give_up:
                    raise TimeoutError("another program is writing it") from None
                time.sleep(0.01)  # flock has no time limit of its own
        yield
