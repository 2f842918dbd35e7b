"""Pictures made small enough to be drawn in a conversation."""

from __future__ import annotations

import base64
from io import BytesIO

import pytest
from PIL import Image

from tests.pictures import JPEG, PNG, png
from tui_chat.attachments.thumbnail import MOST_COLUMNS, MOST_ROWS, rows_of, small_picture, thumbnail
from tui_chat.chat.parts import FilePart

RED, BLUE, GROUND = (255, 0, 0), (0, 0, 255), (1, 2, 3)


def part(content: bytes, kind: str = "png") -> FilePart:
    return FilePart("a", f"image/{kind}", base64.b64encode(content).decode())


def drawn(size: tuple[int, int], upper: int = 0) -> FilePart:
    """A blue picture whose upper lines are red, and whose last point is clear."""
    picture, out = Image.new("RGBA", size, (*BLUE, 255)), BytesIO()
    picture.paste((*RED, 255), (0, 0, size[0], upper))
    picture.putpixel((size[0] - 1, size[1] - 1), (0, 0, 0, 0))
    picture.save(out, "PNG")
    return part(out.getvalue())


def test_a_small_picture_is_drawn_point_for_point_on_the_ground() -> None:
    file = drawn((2, 3), upper=1)
    assert rows_of(file, 80) == 2
    assert thumbnail(file, 80, 2, GROUND) == [[(RED, BLUE), (RED, BLUE)], [(BLUE, GROUND), (GROUND, GROUND)]]


@pytest.mark.parametrize(
    ("size", "columns", "cells"),
    [
        ((640, 480), 80, (21, 8)),
        ((640, 100), 80, (32, 3)),
        ((640, 100), 10, (10, 1)),
        ((10, 900), 80, (1, 8)),
        ((5_000, 1), 80, (32, 1)),
    ],
)
def test_a_large_one_fits(size: tuple[int, int], columns: int, cells: tuple[int, int]) -> None:
    file = part(png(*size))
    rows = rows_of(file, columns)
    made = thumbnail(file, columns, rows, GROUND)
    assert (len(made[0]), rows) == cells
    assert len(made) <= rows <= MOST_ROWS
    assert cells[0] <= MOST_COLUMNS


@pytest.mark.parametrize(
    "file",
    [
        part(png(10_000, 10_000, whole=False)),
        part(PNG[:20]),
        part(png(0, 9, whole=False)),
        part(PNG).reference(),
        part(PNG, "svg+xml"),
        FilePart("a.md", "text/plain", "x"),
    ],
    ids=["bomb", "cut", "empty", "lost", "other", "text"],
)
def test_what_cannot_be_drawn_is_a_name(file: FilePart) -> None:
    assert rows_of(file, 80) == 0


def test_a_damaged_one_is_not_drawn() -> None:
    assert thumbnail(part(JPEG, "jpeg"), 80, 1, GROUND) == ()
    assert thumbnail(part(png(10_000, 10_000, whole=False)), 80, 1, GROUND) == ()


@pytest.mark.parametrize(
    ("size", "columns", "cells", "pixels"),
    [
        ((640, 480), 80, (21, 8), (341, 256)),
        ((640, 100), 80, (32, 3), (512, 80)),
        ((640, 100), 10, (10, 1), (160, 25)),
        ((10, 900), 80, (1, 8), (3, 256)),
        ((5_000, 1), 80, (32, 1), (512, 1)),
        ((10, 10), 80, (10, 5), (10, 10)),
    ],
)
def test_for_a_terminal_that_draws_it_stays_sharp_in_as_many_cells(
    size: tuple[int, int], columns: int, cells: tuple[int, int], pixels: tuple[int, int]
) -> None:
    file = part(png(*size))
    made = small_picture(file, columns, rows_of(file, columns))
    assert made is not None
    assert (made.columns, made.rows) == cells
    assert Image.open(BytesIO(made.png)).size == pixels


def test_nothing_but_pixels_goes_to_the_terminal() -> None:
    picture, out = Image.new("RGB", (480, 640), RED), BytesIO()
    turned = picture.getexif()
    turned[0x0112] = 6
    picture.save(out, "JPEG", exif=turned, icc_profile=b"profile" * 99, comment=b"comment")
    made = small_picture(part(out.getvalue(), "jpeg"), 80, 8)
    assert made is not None
    assert (made.columns, made.rows) == (21, 8)
    shown = Image.open(BytesIO(made.png))
    assert (shown.size, shown.info, shown.mode) == ((341, 256), {}, "RGBA")


def test_a_clear_one_stays_clear() -> None:
    made = small_picture(drawn((2, 3)), 80, 2)
    assert made is not None
    assert Image.open(BytesIO(made.png)).getpixel((1, 2)) == (0, 0, 0, 0)


def test_a_damaged_one_is_not_sent_to_the_terminal() -> None:
    assert small_picture(part(JPEG, "jpeg"), 80, 1) is None
    assert small_picture(part(png(10_000, 10_000, whole=False)), 80, 1) is None
