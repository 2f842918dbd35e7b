"""Files that go with a prompt."""

from __future__ import annotations

import base64

import pytest

from tui_chat.chat.files import LARGEST_FILE, file_part
from tui_chat.chat.parts import FilePart, parts_from_json, parts_to_json

PNG = b"\x89PNG\r\n\x1a\n\x00\xff"
WEBP = b"RIFF\x00\x00\x00\x00WEBP"


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (PNG, "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"GIF89a\x00", "image/gif"),
        (WEBP, "image/webp"),
        (b"%PDF-1.7\n\xe2\xe3", "application/pdf"),
    ],
)
def test_images_and_pdfs_are_known_by_their_content_and_kept_as_they_are(content: bytes, media_type: str) -> None:
    file = file_part("x", content)
    assert (file.media_type, base64.b64decode(file.data), file.is_text) == (media_type, content, False)
    assert file.size == len(content)
    assert parts_from_json(parts_to_json([file])) == (file,)


def test_text_stays_text() -> None:
    file = file_part("a.md", "\ufeffZürich\n".encode())
    assert file == FilePart("a.md", "text/plain", "Zürich\n")
    assert file.size == 8


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "a.bin is empty"),
        (b"\xff\xfe\x00", "a.bin is neither text in UTF-8 nor"),
        (b" " * (LARGEST_FILE + 1), "a.bin is too large: at most 20 MB"),
    ],
    ids=["empty", "neither", "too large"],
)
def test_what_cannot_go_with_a_prompt_is_said(content: bytes, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        file_part("a.bin", content)
