"""The rows of a database as conversations, each within its limits."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import groupby
from typing import TypeAlias

from tui_chat.attachments import FileRefused, file_part
from tui_chat.chat.parts import FilePart, Part
from tui_chat.interchange.importing.source import ImportProblem, SourceConversation, lost_file, text_parts
from tui_chat.text.limits import LARGEST_IMPORT_BYTES

Row: TypeAlias = Mapping[str, object]


class Room:
    """The room that one conversation has: its texts have to fit, and of its files those that do come with it."""

    def __init__(self, size: int = LARGEST_IMPORT_BYTES) -> None:
        self._left = size

    def text(self, value: object) -> tuple[Part, ...]:
        """Return the part that a text is; ValueError if there is no room for it."""
        parts = text_parts(value)
        self._left -= len(value) if isinstance(value, str) else 0
        if self._left < 0:
            raise ValueError(f"It is larger than {LARGEST_IMPORT_BYTES // 1_000_000} MB.")
        return parts

    def file(self, file_name: str, content: bytes) -> FilePart:
        """Return a file; only its name if no prompt can have it, or there is no room for it."""
        if len(content) <= self._left:
            try:
                file = file_part(file_name, content)
            except FileRefused:
                pass
            else:
                self._left -= len(content)
                return file
        return lost_file(file_name, hashlib.sha256(content).hexdigest())


def in_groups(
    rows: Iterable[Row], key: str, make: Callable[[Iterator[Row], Room], SourceConversation]
) -> Iterator[SourceConversation | ImportProblem]:
    """Yield the conversation that each group of rows makes, one in memory at a time."""
    for id, group in groupby(rows, lambda row: row[key]):
        try:
            yield make(group, Room())
        except ValueError as error:
            yield ImportProblem(f"conversation {id}"[:100], str(error))
