"""The files of prompts: each content once, under its SHA-256, in a folder beside the database.

All that is written or removed here is so in the writer's transactions: no process removes what another one is about to
refer to. Where a file cannot be kept, its content stays in the row that it belongs to.
"""

from __future__ import annotations

import logging
import os
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from weakref import WeakValueDictionary

from tui_chat.atomic_files import write_atomically
from tui_chat.chat.message import Conversation, Message
from tui_chat.chat.parts import FilePart, Part
from tui_chat.patterns import pattern
from tui_chat.private_files import open_private
from tui_chat.records import replace
from tui_chat.storage.database import Database
from tui_chat.storage.location import NAME
from tui_chat.storage.rows import from_column
from tui_chat.text.limits import LARGEST_FILE_BYTES

log = logging.getLogger(__name__)

SUFFIX = ".files"
_REFERENCE = pattern(r'"sha256": ?"([0-9a-f]{64})"')
_MENTIONS = """
SELECT parts AS text FROM messages WHERE role = 'user' AND parts IS NOT NULL
UNION ALL SELECT draft FROM conversations WHERE draft != ''
"""


class FileStore:
    """The files of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._at_hand: WeakValueDictionary[tuple[str, bool], FilePart] = WeakValueDictionary()
        """The files that somebody holds: a conversation that is read again shares their content."""

    def put_away(self, message: Message) -> Message:
        """Keep the files of a message, and return it as its row is to have it."""
        return _with_files(message, self.keep)

    def fetched(self, message: Message) -> Message:
        """Return a message that was read from its row, with its files' contents."""
        return _with_files(message, self.load)

    def fetched_all(self, conversation: Conversation) -> Conversation:
        """Return a conversation that was read, with the contents of all its files."""
        return replace(conversation, messages=tuple(map(self.fetched, conversation.messages)))

    def keep(self, file: FilePart) -> FilePart:
        """Keep a file, and return the reference to it; the file itself where it cannot be kept."""
        folder = self._folder
        if folder is None or file.lost:
            return file
        path = folder / file.sha256
        try:
            if not _is_whole(path, file):
                write_atomically(path, file.content)
        except OSError as error:
            log.warning("a file could not be kept beside the database: %s", error.strerror)
            return file
        return file.reference()

    def load(self, file: FilePart) -> FilePart:
        """Return the file that a reference stands for; the reference itself if the file is lost."""
        if not file.lost:
            return file
        key = (file.sha256, file.is_text)
        held = self._at_hand.get(key)
        found = replace(file, data=held.data) if held is not None else self._read(file)
        if not found.lost:
            self._at_hand[key] = found
        return found

    def sweep(self, connection: sqlite3.Connection) -> None:
        """Remove the files that nothing refers to any more."""
        folder = self._folder
        if folder is None or not folder.is_dir() or _is_needed_elsewhere(folder):
            return
        kept = references_in(from_column(row["text"]) for row in connection.execute(_MENTIONS))
        with suppress(OSError):
            for path in folder.iterdir():
                if path.name not in kept:
                    path.unlink(missing_ok=True)

    @property
    def _folder(self) -> Path | None:
        """The folder that files are kept in; None while the database is in memory."""
        path = self._database.path
        return files_folder(path) if path else None

    def _read(self, file: FilePart) -> FilePart:
        folder = self._folder or (self._database.folder and files_folder(self._database.folder / NAME))
        if folder is not None:
            with suppress(OSError, UnicodeError):
                import hashlib

                content = read_file(folder / file.sha256)
                if hashlib.sha256(content).hexdigest() == file.sha256:
                    return file.with_content(content)
        return file


def files_folder(database: Path) -> Path:
    """Return the folder for the files beside a database."""
    return database.with_suffix(SUFFIX)


def read_file(path: Path) -> bytes:
    """Return the content of a file that was kept, as far as one may be long."""
    with os.fdopen(open_private(path, os.O_RDONLY | os.O_NONBLOCK), "rb") as file:
        return file.read(LARGEST_FILE_BYTES + 1)


def references_in(texts: Iterable[str]) -> set[str]:
    """Return the SHA-256 of every file that rows or drafts refer to."""
    return {sha256 for text in texts for sha256 in _REFERENCE.findall(text)}


def _with_files(message: Message, change: Callable[[FilePart], FilePart]) -> Message:
    if not any(isinstance(part, FilePart) for part in message.parts):
        return message
    parts: tuple[Part, ...] = tuple(change(part) if isinstance(part, FilePart) else part for part in message.parts)
    return replace(message, parts=parts)


def _is_whole(path: Path, file: FilePart) -> bool:
    try:
        return path.stat().st_size == file.size
    except FileNotFoundError:
        return False


def _is_needed_elsewhere(folder: Path) -> bool:
    """True if a damaged database was set aside that may refer to files which this one knows nothing of."""
    return any(folder.parent.glob(f"{folder.stem}.damaged-*"))
