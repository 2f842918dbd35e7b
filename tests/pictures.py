"""The smallest pictures of each kind that programs take for pictures, and one that says it is larger than it is."""

from __future__ import annotations

import struct
import zlib


def png(width: int, height: int, *, whole: bool = True) -> bytes:
    """A grey picture; of one that is not whole, the beginning alone says how large it is."""
    rows = b"".join(b"\0" + b"\x80" * width for _ in range(height)) if whole else b""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunks = _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(rows)) + _chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


PNG = png(2, 2)
GIF = b"GIF89a\x03\x00\x02\x00\x00\x00\x00;"
JPEG = bytes.fromhex("ffd8ffe000044a46ffc0000b080002000301011100ffd9")
"""Its frame says three pixels by two."""
WEBP = b"RIFF\x1e\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x00\x00\x00\x00\x02\x00\x00\x01\x00\x00"
"""Three pixels by two."""
