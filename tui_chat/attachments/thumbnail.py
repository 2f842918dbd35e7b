"""Pictures made small enough to be drawn in a conversation: by the terminal, or with two points in each cell."""

from __future__ import annotations

import base64
import threading
from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from io import BytesIO
from math import ceil
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from tui_chat.attachments.picture_size import picture_size
from tui_chat.attachments.pictures import FORMATS
from tui_chat.chat.parts import FilePart
from tui_chat.text.limits import MOST_PIXELS

if TYPE_CHECKING:
    from PIL.Image import Image

Colour: TypeAlias = tuple[int, int, int]
Cells: TypeAlias = Sequence[Sequence[tuple[Colour, Colour]]]
"""Rows of cells, each with its upper and its lower point."""

MOST_COLUMNS, MOST_ROWS = 32, 8
_CELL = (16, 32)
"""Pixels of a cell, where a terminal draws a picture: a large font's, so that it is sharp in any."""
_BEGINNING = 64_000
"""Characters of base64 that nearly always say how large a picture is."""
_ONE_AT_A_TIME = threading.Lock()
"""Decoding takes memory, and a conversation may have many pictures."""


@cache
def can_draw() -> bool:
    """Return True if there is something to decode pictures with."""
    return find_spec("PIL") is not None


def rows_of(file: FilePart, columns: int) -> int:
    """Return the number of rows that a picture is drawn in, by its beginning alone; 0 if it is not drawn."""
    if file.media_type not in FORMATS or file.lost:
        return 0
    try:
        size = picture_size(base64.b64decode(file.data[:_BEGINNING]), file.media_type)
    except ValueError:
        return 0
    if size is None or 0 in size or size[0] * size[1] > MOST_PIXELS:
        return 0
    width, height = size
    scale = min(1.0, min(columns, MOST_COLUMNS) / width, 2 * MOST_ROWS / height)
    return max(1, ceil(height * scale / 2))


def thumbnail(file: FilePart, columns: int, rows: int, ground: Colour) -> Cells:
    """Return the picture in at most so many cells, with this ground behind it; nothing if it cannot be decoded."""
    small = _decoded(file, (min(columns, MOST_COLUMNS), 2 * rows))
    if small is None:
        return ()
    whole = _blank("RGB", (small.width, small.height + small.height % 2), ground)
    whole.paste(small, mask=small.getchannel("A"))
    lines = [_points(whole.crop((0, y, whole.width, y + 1)).tobytes()) for y in range(whole.height)]
    return [list(zip(upper, lower, strict=True)) for upper, lower in zip(lines[::2], lines[1::2], strict=True)]


class SmallPicture(NamedTuple):
    """A picture of a few cells, for a terminal that draws it itself; encoded here, with nothing but its pixels."""

    columns: int
    rows: int
    png: bytes


def small_picture(file: FilePart, columns: int, rows: int) -> SmallPicture | None:
    """Return the picture in at most so many cells; None if it cannot be decoded."""
    columns = min(columns, MOST_COLUMNS)
    small = _decoded(file, (columns * _CELL[0], rows * _CELL[1]))
    if small is None:
        return None
    plain = _blank("RGBA", small.size, 0)
    plain.paste(small)  # a profile or a comment of the file's stays behind
    out = BytesIO()
    plain.save(out, "PNG")
    scale = min(columns / small.width, 2 * rows / small.height)
    return SmallPicture(max(1, round(small.width * scale)), ceil(small.height * scale / 2), out.getvalue())


def _decoded(file: FilePart, box: tuple[int, int]) -> Image | None:
    """Return the picture upright, in a box of so many pixels, with its transparency; None if it cannot be decoded."""
    from PIL import Image, ImageOps

    try:
        with _ONE_AT_A_TIME, Image.open(BytesIO(file.content), formats=[FORMATS[file.media_type]]) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                return None
            picture.draft("RGB", box)
            small = ImageOps.exif_transpose(picture).convert("RGBA")
            small.thumbnail(box)
            return small
    except Exception:  # noqa: BLE001 - its decoders promise no kind of error for what is damaged
        return None


def _blank(mode: str, size: tuple[int, int], ground: Colour | int) -> Image:
    from PIL import Image

    return Image.new(mode, size, ground)


def _points(line: bytes) -> Sequence[Colour]:
    """Return the points of a line, from a byte for each of red, green and blue."""
    return list(zip(line[::3], line[1::3], line[2::3], strict=True))
