"""Files that go with a prompt: text, images and PDFs, told apart by what is in them."""

from __future__ import annotations

import base64

from tui_chat.chat.parts import FilePart

PDF = "application/pdf"
TEXT = "text/plain"
LARGEST_FILE = 20_000_000
"""Bytes. With what base64 adds, more does not go into one request."""
_BEGINNINGS = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF87a": "image/gif",
    b"GIF89a": "image/gif",
    b"%PDF-": PDF,
}


def file_part(name: str, content: bytes) -> FilePart:
    """Return a file as a part of a prompt; a ValueError says why it cannot be one."""
    if not content:
        raise ValueError(f"{name} is empty")
    if len(content) > LARGEST_FILE:
        raise ValueError(f"{name} is too large: at most {LARGEST_FILE // 1_000_000} MB can be sent")
    if (media_type := _media_type(content)) is not None:
        return FilePart(name, media_type, base64.b64encode(content).decode("ascii"))
    try:
        return FilePart(name, TEXT, content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise ValueError(f"{name} is neither text in UTF-8 nor a PNG, JPEG, GIF, WebP or PDF file") from None


def _media_type(content: bytes) -> str | None:
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for beginning, kind in _BEGINNINGS.items() if content.startswith(beginning)), None)
