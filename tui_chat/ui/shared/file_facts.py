"""The facts of a file, as the screen says them."""

from __future__ import annotations

from rich.filesize import decimal

from tui_chat.chat.parts import FilePart
from tui_chat.text import clean_line

_KINDS = {
    "text/plain": "text",
    "image/png": "PNG",
    "image/jpeg": "JPEG",
    "image/gif": "GIF",
    "image/webp": "WebP",
    "application/pdf": "PDF",
}


def kind_and_size(file: FilePart) -> str:
    """Return what kind of file this is, and its size; of one that is lost, that it is."""
    kind = clean_line(_KINDS.get(file.media_type, file.media_type))
    return " · ".join([kind, decimal(file.size), *(["lost"] if file.lost else [])])
