"""Files to import: what each is, by what is in it, and the conversations that it has."""

from __future__ import annotations

import os
import re
import zipfile
from collections.abc import Callable, Generator, Iterator, Mapping
from functools import partial
from pathlib import Path, PurePosixPath
from typing import BinaryIO, TypeAlias

from tui_chat.chat.imported import ImportedConversation
from tui_chat.interchange.archive import with_contents
from tui_chat.interchange.importing.archived import ZIP_ERRORS, ArchivedFiles
from tui_chat.interchange.importing.chatgpt import chatgpt_conversation, is_chatgpt
from tui_chat.interchange.importing.claude import claude_conversation, is_claude
from tui_chat.interchange.importing.databases import database_conversations
from tui_chat.interchange.importing.markdown import markdown_conversation
from tui_chat.interchange.importing.source import EmptyConversationError, ImportProblem, SourceConversation
from tui_chat.interchange.importing.splitting import ByteSource, TooLarge, split_json
from tui_chat.storage.foreign import SQLITE_HEADER
from tui_chat.storage.interchange import imported
from tui_chat.text.limits import LARGEST_ARCHIVE_BYTES, LARGEST_IMPORT_BYTES, LARGEST_TRANSCRIPT_BYTES
from tui_chat.text.reading import mapping, name, parsed, sentence

Found: TypeAlias = ImportedConversation | ImportProblem | None
"""A conversation, or one that cannot be read; None is one that is empty."""
Kind: TypeAlias = tuple[Callable[[Mapping[str, object]], bool], Callable[[Mapping[str, object]], ImportedConversation]]

MARKDOWN = "markdown"
_PEEKED = 1_000
_ZIP_HEADER = b"PK\x03\x04"
_CONVERSATIONS = re.compile(r"conversations(?:-\d+)?\.json")
"""The names, in a vendor's .zip, of the files that are conversations; the others are about the account."""
_NOTHING = "There is no conversation in it."


class Reading:
    """Reads files that are imported, and tells how far it is."""

    def __init__(self, format: str = "", stopped: Callable[[], bool] = lambda: False) -> None:
        """Take a format that is known; "" finds out. `stopped` ends the reading of what may take long, or never end."""
        self._format = format
        self._stopped = stopped
        self._read = self._size = 0
        self._archive = ArchivedFiles()
        self._kinds: Mapping[str, Kind] = {
            "claude": (is_claude, claude_conversation),
            "chatgpt": (is_chatgpt, lambda data: chatgpt_conversation(data, self._archive.find)),
            "tui-chat": (
                lambda data: "messages" in data,
                lambda data: imported(with_contents(data, self._archive.find)),
            ),
        }
        """The formats of a conversation in JSON, how each of these is known, and how it is read."""

    @property
    def fraction(self) -> float | None:
        """The part of the file that has been read; None where that is not known."""
        return min(self._read / self._size, 1.0) if self._size else None

    def conversations(self, path: Path) -> Generator[Found, None, None]:
        """Yield the conversations of a file, and what cannot be read of it; OSError if that is the whole file."""
        self._read = self._size = 0
        self._archive = ArchivedFiles()
        with path.open("rb") as file:
            head = file.read(len(SQLITE_HEADER))
            file.seek(0)
            if head == SQLITE_HEADER:
                yield from self._in_database(path)
            elif head.startswith(_ZIP_HEADER):
                yield from self._in_zip(path, file)
            else:
                yield from self._in_text(path.name, file, os.fstat(file.fileno()).st_size)

    def _in_database(self, path: Path) -> Iterator[Found]:
        for found in database_conversations(path, self._format, self._stopped):
            yield _made(found.title, found.imported) if isinstance(found, SourceConversation) else found

    def _in_zip(self, path: Path, file: BinaryIO) -> Iterator[Found]:
        try:
            with zipfile.ZipFile(file) as archive:
                members = [member for member in archive.infolist() if not member.is_dir()]
                usual = [one for one in members if _CONVERSATIONS.fullmatch(PurePosixPath(one.filename).name)]
                others = [one for one in members if PurePosixPath(one.filename).suffix.lower() in (".json", ".md")]
                if not (chosen := usual or others):
                    yield ImportProblem(path.name, _NOTHING)
                self._archive = ArchivedFiles(archive)
                self._size = sum(member.file_size for member in chosen)
                for member in chosen:
                    with archive.open(member) as unpacked:
                        yield from self._in_text(name(member.filename), unpacked, 0)
        except ZIP_ERRORS:
            yield ImportProblem(path.name, "The .zip file is damaged, or has a password.")

    def _in_text(self, name: str, file: ByteSource, size: int) -> Iterator[Found]:
        self._size = size or self._size
        counted = _Counted(file, self._count)
        head = counted.peek()
        if self._format == MARKDOWN or (head and head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] not in (b"{", b"[")):
            yield self._in_markdown(name, counted)
        else:
            yield from self._in_json(name, counted)

    def _in_markdown(self, name: str, file: ByteSource) -> Found:
        content = file.read(LARGEST_TRANSCRIPT_BYTES + 1)
        if len(content) > LARGEST_TRANSCRIPT_BYTES:
            return ImportProblem(name, f"It is larger than {LARGEST_TRANSCRIPT_BYTES // 1_000_000} MB.")
        title = Path(name).stem

        def conversation() -> ImportedConversation:
            return markdown_conversation(content.decode("utf-8-sig"), title).imported()

        return _made(name, conversation)

    def _in_json(self, name: str, file: ByteSource) -> Iterator[Found]:
        number = 0
        try:
            for number, piece in enumerate(split_json(file), start=1):
                yield self._conversation(f"{name}, conversation {number}", piece)
        except ValueError as error:
            yield ImportProblem(name, str(error))
        else:
            if not number:
                yield ImportProblem(name, _NOTHING)

    def _conversation(self, place: str, piece: bytes | TooLarge) -> Found:
        """Return what a piece of JSON is."""
        if isinstance(piece, TooLarge):
            return ImportProblem(
                place, f"It is larger than {LARGEST_IMPORT_BYTES // 1_000_000} MB: no conversation is."
            )
        try:
            data = mapping(parsed(piece))
        except ValueError:
            return ImportProblem(place, "It is not valid JSON.")
        title = data.get("title") or data.get("name")
        for format, (is_its, read) in self._kinds.items():
            if self._format == format or (not self._format and is_its(data)):
                return _made(name(title) or place, partial(read, data))
        return ImportProblem(name(title) or place, "It is not a conversation of any format that is known.")

    def _count(self, count: int) -> None:
        self._read += count
        if self._stopped():
            raise ValueError("It was stopped.")
        if self._read > LARGEST_ARCHIVE_BYTES:
            raise ValueError(f"It is larger than {LARGEST_ARCHIVE_BYTES // 1_000_000_000} GB, unpacked.")


class _Counted:
    """A file that tells how much of it is read."""

    def __init__(self, file: ByteSource, count: Callable[[int], None]) -> None:
        self._file = file
        self._count = count
        self._begin = b""

    def peek(self) -> bytes:
        """Return the beginning of the file, which is read again."""
        self._begin = self._file.read(_PEEKED)
        return self._begin

    def read(self, size: int, /) -> bytes:
        """Return the next part of the file."""
        found = self._begin + self._file.read(size - len(self._begin))
        self._begin = b""
        self._count(len(found))
        return found


def _ours(data: Mapping[str, object], archive: ArchivedFiles) -> ImportedConversation:
    """Return a conversation of this program, with the files that are beside it."""
    return imported(with_contents(data, archive.find))


def _made(what: str, make: Callable[[], ImportedConversation]) -> Found:
    """Return a conversation, or why it cannot be one: what others' files have in them is of any kind."""
    try:
        return make()
    except EmptyConversationError:
        return None
    except UnicodeDecodeError:
        return ImportProblem(what, "It is not text in UTF-8.")
    except (ValueError, TypeError) as error:
        return ImportProblem(what, sentence(str(error)))
