"""A file of JSON cut into its conversations, without ever having more than one of them in memory."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Protocol

from tui_chat.text.limits import LARGEST_IMPORT_BYTES

CHUNK_BYTES = 1 << 18
_BOM = b"\xef\xbb\xbf"
_STRUCTURE = re.compile(rb'["{}\[\]]')
_REST_OF_TEXT = re.compile(rb'(?:[^"\\]++|\\.)*+', re.DOTALL)
"""The rest of a string, up to its end, the chunk's end, or a backslash that is cut off from what it escapes."""


class ByteSource(Protocol):
    """Something that bytes are read from."""

    def read(self, size: int, /) -> bytes:
        """Return so many bytes, or fewer at the end."""


class TooLarge(Exception):
    """One conversation is larger than any is."""


class JsonSplitter:
    """Finds where the objects at the top of a JSON text, or of the lists at its top, begin and end.

    It only counts brackets: what an object is worth is found out by whoever parses it, and one that is
    invalid, or too large, costs no other.
    """

    def __init__(self, largest: int = LARGEST_IMPORT_BYTES) -> None:
        self._largest = largest
        self._held = bytearray()
        """The beginning of the object that is being read."""
        self._open: list[int] = []
        """The brackets around the present place that are not in that object: at most one, a list's."""
        self._depth = 0
        """The depth in that object; 0 between two."""
        self._in_text = False
        self._escapes = False
        self._too_large = False

    @property
    def ended(self) -> bool:
        """True if every bracket that was opened has been closed."""
        return not (self._open or self._depth or self._in_text)

    def feed(self, chunk: bytes) -> Iterator[bytes | TooLarge]:
        """Yield the objects that end in this chunk."""
        begin = at = 0
        while at < len(chunk):
            if self._in_text:
                at = self._skip_text(chunk, at)
                continue
            found = _STRUCTURE.search(chunk, at)
            if found is None:
                break
            at = found.end()
            match found[0]:
                case b'"':
                    self._in_text = True
                case b"[" if not (self._depth or self._open):
                    self._open.append(1)
                case b"[" | b"{":
                    if not self._depth:
                        begin = at - 1
                    self._depth += 1
                case _ if self._depth:
                    self._depth -= 1
                    if not self._depth:
                        self._hold(chunk[begin:at])
                        yield self._taken()
                case _ if self._open:
                    self._open.pop()
        if self._depth:
            self._hold(chunk[begin:])

    def _skip_text(self, chunk: bytes, at: int) -> int:
        """Return the place behind a string, or behind the chunk if it goes on."""
        if self._escapes:
            self._escapes, at = False, at + 1
        rest = _REST_OF_TEXT.match(chunk, at)
        at = rest.end() if rest else at
        if at < len(chunk):
            self._in_text = chunk[at : at + 1] != b'"'
            self._escapes = self._in_text
            at += 1
        return at

    def _hold(self, piece: bytes) -> None:
        self._too_large = self._too_large or len(self._held) + len(piece) > self._largest
        if self._too_large:
            self._held.clear()
        else:
            self._held += piece

    def _taken(self) -> bytes | TooLarge:
        found: bytes | TooLarge = TooLarge() if self._too_large else bytes(self._held)
        self._held.clear()
        self._too_large = False
        return found


def split_json(stream: ByteSource, largest: int = LARGEST_IMPORT_BYTES) -> Iterator[bytes | TooLarge]:
    """Yield the objects in a file of JSON, or in the list that it is; ValueError if it ends in the middle of one."""
    splitter = JsonSplitter(largest)
    chunk = stream.read(CHUNK_BYTES).removeprefix(_BOM)
    while chunk:
        yield from splitter.feed(chunk)
        chunk = stream.read(CHUNK_BYTES)
    if not splitter.ended:
        raise ValueError("It ends in the middle: the file is not whole.")
