"""Pictures as providers take them: one that is too large is shrunk, if Pillow is there to do it."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from tui_chat.attachments.picture_size import picture_size
from tui_chat.attachments.refusal import FileRefused, megabytes
from tui_chat.installing import installing
from tui_chat.text.limits import LARGEST_EDGE_AMONG_MANY, LARGEST_PICTURE_BYTES, LARGEST_PICTURE_EDGE, MOST_PIXELS

if TYPE_CHECKING:
    from PIL import Image

_EDGES = (LARGEST_EDGE_AMONG_MANY, 1_500, 1_000, 500)
"""Pixels to shrink to, one after the other until it is small enough. Models see no more of a picture than the first."""
_JPEG_QUALITY = 85
FORMATS = {"image/png": "PNG", "image/jpeg": "JPEG", "image/gif": "GIF", "image/webp": "WEBP"}
_SHARP = ("image/png", "image/gif")
"""Kinds that screenshots and drawings are kept in: these stay sharp if they can."""


def fitted(name: str, content: bytes, media_type: str) -> tuple[bytes, str]:
    """Return a picture as it can be sent, and its kind then; `FileRefused` says why it cannot."""
    size = picture_size(content, media_type)
    if size is None or 0 in size:
        raise FileRefused(name, f"is damaged: it begins like a {FORMATS[media_type]} picture, and is none")
    width, height = size
    if width * height > MOST_PIXELS:  # said by its beginning alone: to decode it may take more memory than there is
        pixels = f"{width * height / 1_000_000:,.0f} megapixels"
        raise FileRefused(name, f"is too large: it has {pixels}, and may have {MOST_PIXELS // 1_000_000}")
    if max(size) <= LARGEST_EDGE_AMONG_MANY and len(content) <= LARGEST_PICTURE_BYTES:
        return content, media_type
    fits_alone = max(size) <= LARGEST_PICTURE_EDGE and len(content) <= LARGEST_PICTURE_BYTES
    return _shrunk(name, content, media_type, fits_alone=fits_alone)


def _shrunk(name: str, content: bytes, media_type: str, *, fits_alone: bool) -> tuple[bytes, str]:
    """Return a smaller picture; one that fits as long as few others are sent may stay as it is without Pillow."""
    try:
        from PIL import Image
    except ImportError:
        if fits_alone:
            return content, media_type
        most = f"{megabytes(LARGEST_PICTURE_BYTES)} and {LARGEST_PICTURE_EDGE:,} pixels to a side"
        hint = f'the extra "pictures" shrinks it: `{installing("pillow")}`'
        raise FileRefused(name, f"is too large: a picture may have {most}; {hint}") from None
    try:
        with Image.open(BytesIO(content), formats=[FORMATS[media_type]]) as picture:
            return _small_enough(picture, sharp=media_type in _SHARP)
    except Exception:  # noqa: BLE001 - its decoders promise no kind of error for what is damaged
        raise FileRefused(name, "is damaged: the picture cannot be read to its end") from None


def _small_enough(picture: Image.Image, *, sharp: bool) -> tuple[bytes, str]:
    from PIL import ImageOps

    picture.draft("RGB", (_EDGES[0], _EDGES[0]))  # a JPEG is decoded no larger than need be
    upright = ImageOps.exif_transpose(picture)
    has_alpha = upright.has_transparency_data
    for edge in _EDGES:
        small = upright.convert("RGBA" if has_alpha else "RGB")
        small.thumbnail((edge, edge))
        kinds = ("PNG", "JPEG") if sharp or has_alpha else ("JPEG",)
        for kind in kinds:
            out = BytesIO()
            small.convert("RGB" if kind == "JPEG" else small.mode).save(out, kind, quality=_JPEG_QUALITY)
            if out.tell() <= LARGEST_PICTURE_BYTES:
                return out.getvalue(), f"image/{kind.lower()}"
    raise ValueError("it cannot be made small enough")
