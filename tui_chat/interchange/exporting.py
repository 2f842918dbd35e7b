"""An export: conversations read one by one, and written one by one, to a file that is there only once it is whole."""

from __future__ import annotations

import errno
import os
import re
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from tui_chat.atomic_files import replacing
from tui_chat.chat.message import Conversation
from tui_chat.records import dataclass
from tui_chat.storage import Store
from tui_chat.text import clean_line
from tui_chat.text.plain_json import as_json


class ExportFormat(StrEnum):
    """The forms of an export."""

    JSON = "json"
    MARKDOWN = "markdown"
    HTML = "html"
    TEXT = "text"
    ZIP = "zip"


Read = TypeVar("Read")

LONGEST_NAME = 50
"""Characters of a title in a file's name, which may have 255 bytes."""
TEXT_FORMATS = tuple(format for format in ExportFormat if format is not ExportFormat.ZIP)
"""The forms that can be printed."""
SUFFIXES = {
    ExportFormat.JSON: ".json",
    ExportFormat.MARKDOWN: ".md",
    ExportFormat.HTML: ".html",
    ExportFormat.TEXT: ".txt",
    ExportFormat.ZIP: ".zip",
}


def file_name(title: str, day: date, format: ExportFormat) -> str:
    """Return a name for the file, which any file system takes."""
    words = re.sub(r'[\\/:*?"<>|\s\ufffd]+', " ", clean_line(title))[:LONGEST_NAME].strip(" .-~")
    return f"{day:%Y-%m-%d} {words or 'Conversation'}{SUFFIXES[format]}"


class ExportStopped(Exception):
    """The export was ended before its end."""


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """The form in which conversations are written."""

    format: ExportFormat = ExportFormat.JSON
    thinking: bool = False
    """True to write the thinking, too; JSON always has it."""


class Export:
    """Writes conversations; one that was deleted meanwhile is left out."""

    def __init__(
        self,
        store: Store,
        ids: Sequence[str],
        options: ExportOptions,
        on_progress: Callable[[int], None] = lambda _: None,
    ) -> None:
        """`on_progress` is told how many are written, in the thread that exports."""
        self._store = store
        self._ids = ids
        self._options = options
        self._on_progress = on_progress
        self._stop = threading.Event()
        self.written = 0
        """The number of conversations that have been written."""

    def stop(self) -> None:
        """End after the present conversation, and write nothing. Thread-safe."""
        self._stop.set()

    @property
    def stopping(self) -> bool:
        """True if it is to end."""
        return self._stop.is_set()

    def save(self, path: Path) -> None:
        """Write the file; OSError if that cannot be done, `ExportStopped` if it was stopped: nothing is there then."""
        if not path.parent.is_dir():
            raise FileNotFoundError(errno.ENOENT, f"there is no folder {path.parent}")
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        with replacing(path) as file:
            if self._options.format is ExportFormat.ZIP:
                from tui_chat.interchange.archive import write_archive

                write_archive(file, self._exports())
            else:
                for piece in self.pieces():
                    file.write(f"{piece}\n".encode("utf-8", "replace"))
            if not self.written:
                raise FileNotFoundError(errno.ENOENT, "what was to be exported is not there any more")

    def pieces(self) -> Iterator[str]:
        """Yield the text of a form that can be printed, some whole lines at a time, without the end of the last."""
        match self._options.format:
            case ExportFormat.HTML:
                yield from self._html()
            case ExportFormat.MARKDOWN:
                from tui_chat.interchange.markdown import as_markdown

                yield from self._one_after_another(as_markdown)
            case ExportFormat.TEXT:
                from tui_chat.interchange.plain_text import as_text

                yield from self._one_after_another(as_text)
            case _:
                yield from self._json()

    def _json(self) -> Iterator[str]:
        """Yield one conversation, or several as a list."""
        if len(self._ids) == 1:
            yield from (as_json(export, indent=2) for export in self._exports())
            return
        last = "["
        for export in self._exports():
            yield last
            last = f"{as_json(export, indent=2)},"
        yield last.removesuffix(",")
        yield "]"

    def _one_after_another(self, write: Callable[..., str]) -> Iterator[str]:
        for number, conversation in enumerate(self._conversations()):
            text = write(conversation, thinking=self._options.thinking)
            yield f"\n{text}" if number else text

    def _html(self) -> Iterator[str]:
        from tui_chat.interchange.headings import title
        from tui_chat.interchange.html_page import html_page

        name = f"{len(self._ids):,} conversations"
        if len(self._ids) == 1 and (only := self._store.conversation(self._ids[0])) is not None:
            name = title(only)
        yield from html_page(self._conversations(), name, thinking=self._options.thinking)

    def _exports(self) -> Iterator[dict[str, object]]:
        return self._each(self._store.export)

    def _conversations(self) -> Iterator[Conversation]:
        return self._each(self._store.conversation)

    def _each(self, read: Callable[[str], Read | None]) -> Iterator[Read]:
        """Yield what is read of each conversation, and tell of each that is done with."""
        for id in self._ids:
            if self._stop.is_set():
                raise ExportStopped
            found = None
            with suppress(LookupError):  # it was deleted meanwhile
                found = read(id)
            if found is not None:
                yield found
                self.written += 1
                self._on_progress(self.written)
