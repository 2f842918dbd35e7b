"""What a file is, by what is in it."""

from __future__ import annotations

import pytest

from tests.pictures import GIF, JPEG, PNG, WEBP
from tui_chat.attachments import FileRefused, file_part, too_much
from tui_chat.chat.parts import FilePart, parts_from_json, parts_to_json
from tui_chat.text.limits import LARGEST_FILE_BYTES, LARGEST_FILES_BYTES, LARGEST_TEXT_BYTES, MOST_FILES


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (PNG, "image/png"),
        (JPEG, "image/jpeg"),
        (GIF, "image/gif"),
        (WEBP, "image/webp"),
        (b"%PDF-1.7\n\xe2\xe3", "application/pdf"),
    ],
)
def test_pictures_and_pdfs_are_known_by_their_content_and_kept_as_they_are(content: bytes, media_type: str) -> None:
    file = file_part("x.txt", content)
    assert (file.media_type, file.content, file.is_text) == (media_type, content, False)
    assert file.size == len(content)
    (read,) = parts_from_json(parts_to_json([file]))
    assert read == file
    assert isinstance(read, FilePart)
    assert read.content == content


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("Zürich\n".encode(), "Zürich\n"),
        ("\ufeffZürich\n".encode(), "Zürich\n"),
        ("Zürich\n".encode("utf-16"), "Zürich\n"),
        ("Zürich\n".encode("utf-16-le"), "Zürich\n"),
        ("Zürich\n".encode("utf-16-be"), "Zürich\n"),
        ("Zürich\n".encode("utf-32"), "Zürich\n"),
        ("Zürich – „so“\n".encode("cp1252"), "Zürich – „so“\n"),
        (b"\x1b[31mred\x1b[0m\tand\x0cmore", "\x1b[31mred\x1b[0m\tand\x0cmore"),
    ],
)
def test_text_is_text_in_whatever_encoding(content: bytes, text: str) -> None:
    file = file_part("a.png", content)
    assert (file.media_type, file.data, file.size) == ("text/plain", text, len(text.encode()))


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b"\xff\xfe\x00", "is neither text nor a PNG, JPEG, GIF, WebP or PDF file"),
        (b"\x7fELF\x02\x01\x01\x00\x00text", "is neither text nor"),
        (b"name\x00\x00\x00\x000000644", "is neither text nor"),
        (b" " * (LARGEST_FILE_BYTES + 1), "is too large: a file may have 20 MB"),
        (b" " * (LARGEST_TEXT_BYTES + 1), "is too large: a text may have 4 MB"),
    ],
    ids=["empty", "neither", "program", "archive", "file", "text"],
)
def test_what_cannot_go_with_a_prompt_is_said(content: bytes, says: str) -> None:
    with pytest.raises(FileRefused, match=rf"^a\.bin {says}.*\.$"):
        file_part("a.bin", content)


def test_a_name_that_would_act_on_the_terminal_is_made_safe_in_the_sentence() -> None:
    with pytest.raises(FileRefused) as refused:
        file_part("a\x1b[31m.bin", b"")
    assert "\x1b" not in str(refused.value)


def test_files_have_a_limit_together() -> None:
    half = file_part("a.pdf", b"%PDF-" + b" " * (LARGEST_FILES_BYTES // 2))
    assert too_much([half]) == ""
    assert too_much([half, half]) == "The files of a prompt may have 20 MB together; these have 20 MB."
    assert too_much([file_part("a", b"a")] * (MOST_FILES + 1)).startswith("At most 50 files")
