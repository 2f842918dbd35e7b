"""The size of a picture, by its beginning alone: nothing of it is decoded."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

Size: TypeAlias = tuple[int, int]

_NO_LENGTH = {0x01, *range(0xD0, 0xDA)}
"""Markers of a JPEG that stand alone."""
_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
"""Those of its frame, which says how large it is."""


def picture_size(content: bytes, media_type: str) -> Size | None:
    """Return width and height in pixels; None where the beginning does not say."""
    return _READERS[media_type](content)


def _png(content: bytes) -> Size | None:
    return (_big(content, 16, 4), _big(content, 20, 4)) if content[12:16] == b"IHDR" and len(content) >= 24 else None


def _gif(content: bytes) -> Size | None:
    return (_little(content, 6, 2), _little(content, 8, 2)) if len(content) >= 10 else None


def _jpeg(content: bytes) -> Size | None:
    at = 2
    while at + 9 <= len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if marker in _FRAMES:
            return _big(content, at + 7, 2), _big(content, at + 5, 2)
        if marker == 0xFF:  # padding
            at += 1
        else:
            at += 2 if marker in _NO_LENGTH else 2 + _big(content, at + 2, 2)
    return None


def _webp(content: bytes) -> Size | None:
    if len(content) < 30:
        return None
    match content[12:16]:
        case b"VP8X":
            return _little(content, 24, 3) + 1, _little(content, 27, 3) + 1
        case b"VP8L":
            bits = _little(content, 21, 4)
            return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        case b"VP8 ":
            return _little(content, 26, 2) & 0x3FFF, _little(content, 28, 2) & 0x3FFF
    return None


def _big(content: bytes, at: int, count: int) -> int:
    return int.from_bytes(content[at : at + count], "big")


def _little(content: bytes, at: int, count: int) -> int:
    return int.from_bytes(content[at : at + count], "little")


_READERS: Mapping[str, Callable[[bytes], Size | None]] = {
    "image/png": _png,
    "image/gif": _gif,
    "image/jpeg": _jpeg,
    "image/webp": _webp,
}
