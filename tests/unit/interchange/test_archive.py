import io
import json
import zipfile

import pytest

from tui_chat.interchange.archive import archived, read_archive

TEXT: dict[str, object] = {"type": "file", "name": "../../notes.txt", "media_type": "text/plain", "data": "caf\u00e9"}
PICTURE: dict[str, object] = {"type": "file", "name": "a.png", "media_type": "image/png", "data": "iVBORw0KGgo="}


def conversation(*parts: dict[str, object]) -> dict[str, object]:
    messages = [{"role": "user", "text": "Hi", "parts": [{"type": "text", "text": "Hi"}, *parts]}]
    return {"title": "T", "messages": messages, "branches": messages}


def zipped(*entries: tuple[str, bytes]) -> io.BytesIO:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return buffer


def test_what_was_archived_is_read_as_it_was() -> None:
    before: list[dict[str, object]] = [
        conversation(TEXT, PICTURE),
        conversation(TEXT),
        {"title": "bare", "messages": []},
    ]
    assert list(read_archive(io.BytesIO(archived(before, json.dumps)))) == before


def test_each_file_is_in_it_once_under_a_name_made_of_its_content() -> None:
    names = zipfile.ZipFile(io.BytesIO(archived([conversation(TEXT), conversation(TEXT)], json.dumps))).namelist()
    assert len(names) == 3
    assert not [name for name in names if ".." in name or "notes" in name]


@pytest.mark.parametrize("name", ["../evil.json", "/etc/passwd", "conversations/../x.json", "files/x", "a"])
def test_a_name_that_no_export_has_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="no export has"):
        list(read_archive(zipped((name, b"{}"))))


def test_a_file_that_would_grow_too_large_is_refused_before_it_is_read() -> None:
    with pytest.raises(ValueError, match="too large"):
        list(read_archive(zipped(("files/" + "0" * 64, bytes(20_000_001)))))


def test_a_file_with_another_content_than_its_name_says_is_refused() -> None:
    part: dict[str, object] = {"type": "file", "name": "n", "media_type": "text/plain", "sha256": "0" * 64, "size": 1}
    entries = [("conversations/1.json", json.dumps(conversation(part)).encode()), ("files/" + "0" * 64, b"x")]
    with pytest.raises(ValueError, match="not the one"):
        list(read_archive(zipped(*entries)))


def test_a_packing_that_cannot_be_bounded_is_refused() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("conversations/1.json", b"{}")
    with pytest.raises(ValueError, match="no export has"):
        list(read_archive(buffer))


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04garbage", b"{}"])
def test_what_is_no_zip_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match="damaged"):
        list(read_archive(io.BytesIO(content)))
