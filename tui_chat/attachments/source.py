"""A file on the disk: read whole, unless it is none, or too large; nothing here ever waits for a pipe."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

from tui_chat.attachments.content import file_part
from tui_chat.attachments.refusal import FileRefused, megabytes
from tui_chat.chat.parts import FilePart
from tui_chat.text.limits import LARGEST_FILE_BYTES

_REASONS = {
    errno.ENOENT: "is not there",
    errno.ENOTDIR: "is not there",
    errno.EACCES: "cannot be read: you have no permission to",
    errno.EISDIR: "is a folder; choose the files in it",
    errno.ENXIO: "is a socket, not a file",
}


def read_file(path: Path) -> FilePart:
    """Return a file as a part of a prompt; `FileRefused` says why it cannot be one."""
    name = path.name or str(path)
    try:
        return file_part(name, _content(path, name))
    except OSError as error:
        reason = _REASONS.get(error.errno or 0) or f"cannot be read: {error.strerror or error}"
        raise FileRefused(name, reason) from None
    except ValueError:  # a path with a NUL
        raise FileRefused(name, _REASONS[errno.ENOENT]) from None


def _content(path: Path, name: str) -> bytes:
    # Without O_NONBLOCK, opening a pipe waits for somebody to write to it.
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY), "rb") as file:
        _check(os.fstat(file.fileno()), name)
        content = file.read(LARGEST_FILE_BYTES + 1)
    if len(content) > LARGEST_FILE_BYTES:  # it has grown
        raise _too_large(name)
    return content


def _check(found: os.stat_result, name: str) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise FileRefused(name, "is a pipe or a device, not a file")
    if found.st_size > LARGEST_FILE_BYTES:
        raise _too_large(name)


def _too_large(name: str) -> FileRefused:
    return FileRefused(name, f"is too large: a file may have {megabytes(LARGEST_FILE_BYTES)}")
