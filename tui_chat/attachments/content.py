"""The kind of a file by what is in it, whatever its name says: text, a picture or a PDF."""

from __future__ import annotations

import base64
import codecs

from tui_chat.attachments.pictures import fitted
from tui_chat.attachments.refusal import FileRefused, megabytes
from tui_chat.chat.parts import FilePart
from tui_chat.patterns import pattern
from tui_chat.text.limits import LARGEST_FILE_BYTES, LARGEST_TEXT_BYTES

PDF = "application/pdf"
TEXT = "text/plain"
_BEGINNINGS = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF87a": "image/gif",
    b"GIF89a": "image/gif",
    b"%PDF-": PDF,
}
_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",  # before UTF-16, whose mark this one begins with
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_NO_TEXT = pattern(r"[\x00-\x07\x0e-\x1a\x1c-\x1f]")
"""Control characters that no text has, but nearly every file that is none."""
_SAMPLE = 1_000
"""Bytes that tell which half of each character of UTF-16 is empty."""


def file_part(name: str, content: bytes) -> FilePart:
    """Return a file as a part of a prompt; `FileRefused` says why it cannot be one."""
    if not content:
        raise FileRefused(name, "is empty")
    if len(content) > LARGEST_FILE_BYTES:
        raise FileRefused(name, f"is too large: a file may have {megabytes(LARGEST_FILE_BYTES)}")
    media_type = _media_type(content)
    if media_type is None:
        return FilePart(name, TEXT, _text(name, content))
    if media_type != PDF:
        content, media_type = fitted(name, content, media_type)
    return FilePart(name, media_type, base64.b64encode(content).decode("ascii"))


def is_picture(content: bytes) -> bool:
    """True if it begins as a picture does that can go with a prompt."""
    return (_media_type(content) or "").startswith("image/")


def _media_type(content: bytes) -> str | None:
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for beginning, kind in _BEGINNINGS.items() if content.startswith(beginning)), None)


def _text(name: str, content: bytes) -> str:
    text = _decoded(content)
    if text is None:
        raise FileRefused(name, "is neither text nor a PNG, JPEG, GIF, WebP or PDF file")
    if len(content) > LARGEST_TEXT_BYTES:
        raise FileRefused(name, f"is too large: a text may have {megabytes(LARGEST_TEXT_BYTES)}")
    return text


def _decoded(content: bytes) -> str | None:
    """Return the text; None if it is none. What is not Unicode is taken for the Western European of old."""
    for encoding in _encodings(content):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if _NO_TEXT.search(text) else text
    return None


def _encodings(content: bytes) -> tuple[str, ...]:
    for mark, encoding in _MARKS.items():
        if content.startswith(mark):
            return (encoding,)
    even, odd = content[:_SAMPLE:2], content[1:_SAMPLE:2]
    if b"\0" in odd and b"\0" not in even:
        return ("utf-16-le",)
    if b"\0" in even and b"\0" not in odd:
        return ("utf-16-be",)
    return ("utf-8", "cp1252", "latin-1")
