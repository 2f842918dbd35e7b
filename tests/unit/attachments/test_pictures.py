"""Pictures, made to fit."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from io import BytesIO
from random import Random

import pytest
from PIL import Image

from tests.pictures import GIF, JPEG, PNG, WEBP, png
from tui_chat.attachments import FileRefused, file_part
from tui_chat.attachments.picture_size import picture_size
from tui_chat.text.limits import LARGEST_PICTURE_BYTES


def drawn(kind: str, size: tuple[int, int], mode: str = "RGB", **options: object) -> bytes:
    out = BytesIO()
    Image.new(mode, size, 128).save(out, kind, **options)
    return out.getvalue()


def noise(kind: str, width: int, height: int, mode: str = "RGB") -> bytes:
    """What cannot be packed."""
    out, bytes_each = BytesIO(), len(mode)
    Image.frombytes(mode, (width, height), Random(1).randbytes(width * height * bytes_each)).save(out, kind, quality=99)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "media_type", "size"),
    [
        (PNG, "image/png", (2, 2)),
        (GIF, "image/gif", (3, 2)),
        (JPEG, "image/jpeg", (3, 2)),
        (WEBP, "image/webp", (3, 2)),
        *((drawn(kind, (300, 20)), f"image/{kind.lower()}", (300, 20)) for kind in ("PNG", "GIF", "JPEG", "WEBP")),
        (drawn("JPEG", (300, 20), progressive=True), "image/jpeg", (300, 20)),
        (drawn("WEBP", (300, 20), lossless=True), "image/webp", (300, 20)),
        (drawn("WEBP", (300, 20), "RGBA"), "image/webp", (300, 20)),
        *((content[:9], f"image/{kind}", None) for content, kind in ((PNG, "png"), (GIF, "gif"), (JPEG, "jpeg"))),
        (WEBP[:20], "image/webp", None),
        (b"\xff\xd8" + b"\xff" * 50, "image/jpeg", None),
        (b"\xff\xd8" + b"\xff\xe0\x00\x00" * 50, "image/jpeg", None),
        (b"RIFF\x00\x00\x00\x00WEBPVP9 " + bytes(20), "image/webp", None),
    ],
)
def test_the_size_is_read_from_the_beginning(content: bytes, media_type: str, size: tuple[int, int] | None) -> None:
    assert picture_size(content, media_type) == size


@pytest.mark.parametrize(
    ("picture", "media_type"),
    [
        (partial(png, 9_000, 3), "image/png"),
        (partial(png, 2_001, 3), "image/png"),
        (partial(noise, "PNG", 1_400, 1_200), "image/jpeg"),
        (partial(noise, "PNG", 1_300, 1_000, "RGBA"), "image/jpeg"),
        (partial(noise, "JPEG", 2_400, 2_200), "image/jpeg"),
        (partial(drawn, "GIF", (8_400, 9), "P"), "image/png"),
        (partial(drawn, "WEBP", (8_400, 9), "RGBA"), "image/png"),
        (partial(drawn, "JPEG", (8_400, 9), "CMYK"), "image/jpeg"),
        (partial(drawn, "PNG", (8_400, 9), "I;16"), "image/png"),
    ],
    ids=["wide", "among many", "heavy", "clear", "photo", "gif", "clear webp", "print", "deep"],
)
def test_what_is_too_large_is_shrunk(picture: Callable[[], bytes], media_type: str) -> None:
    file = file_part("a", picture())
    assert file.media_type == media_type
    assert file.size <= LARGEST_PICTURE_BYTES
    size = picture_size(file.content, media_type)
    assert size is not None
    assert max(size) <= 2_000


def test_a_photo_is_turned_as_it_was_taken() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    file = file_part("a.jpg", drawn("JPEG", (8_400, 90), exif=exif))
    width, height = picture_size(file.content, "image/jpeg") or (0, 0)
    assert height > width


def test_a_bomb_is_refused_before_it_is_decoded() -> None:
    with pytest.raises(FileRefused, match=r"^a\.png is too large: it has 100 megapixels, and may have 80\.$"):
        file_part("a.png", png(10_000, 10_000, whole=False))


@pytest.mark.parametrize("content", [PNG[:20], png(0, 5, whole=False), png(9_000, 3, whole=False), png(9_000, 9)[:60]])
def test_a_damaged_picture_is_said_to_be(content: bytes) -> None:
    with pytest.raises(FileRefused, match=r"^a\.png is damaged"):
        file_part("a.png", content)


def test_without_pillow_a_small_picture_goes_as_it_is_and_a_large_one_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "PIL", None)
    assert file_part("a.png", PNG).content == PNG
    assert file_part("a.png", png(2_001, 3)).content == png(2_001, 3), "alone, or among few, it is taken"
    with pytest.raises(FileRefused, match=r'3\.9 MB and 8,000 pixels to a side; the extra "pictures" shrinks it: `.+`'):
        file_part("a.png", png(9_000, 3))
