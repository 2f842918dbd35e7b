"""A mark on the conversation that is being opened: if the program crashes over it, it is not reopened by itself."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from tui_chat.private_files import open_private

NAME = "opening"
_LONGEST = 1000


class OpeningMark:
    """One small file in the data folder; where it cannot be written, nothing is marked."""

    def __init__(self, folder: Path | None) -> None:
        self._path = folder / NAME if folder else None

    def set(self, conversation_id: str) -> None:
        """Mark the conversation as being opened."""
        if self._path is not None:
            with suppress(OSError), os.fdopen(self._open(os.O_WRONLY | os.O_CREAT | os.O_TRUNC), "wb") as file:
                file.write(conversation_id.encode())

    def clear(self) -> None:
        """Remove the mark: the conversation is open."""
        if self._path is not None:
            with suppress(OSError):
                self._path.unlink()

    def take(self) -> str:
        """Return the id of the conversation whose opening never ended, if there is one, and remove the mark."""
        marked = b""
        if self._path is not None:
            with suppress(OSError), os.fdopen(self._open(os.O_RDONLY | os.O_NONBLOCK), "rb") as file:
                marked = file.read(_LONGEST)
        self.clear()
        return marked.decode("utf-8", "replace")

    def _open(self, flags: int) -> int:
        assert self._path is not None
        return open_private(self._path, flags)
