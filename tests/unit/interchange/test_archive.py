import io
import zipfile
from collections.abc import Callable, Mapping

import pytest

from tui_chat.interchange.archive import with_contents, write_archive
from tui_chat.text.limits import LARGEST_IMPORT_BYTES
from tui_chat.text.reading import mapping, parsed

TEXT: dict[str, object] = {"type": "file", "name": "../../notes.txt", "media_type": "text/plain", "data": "caf\u00e9"}
PICTURE: dict[str, object] = {"type": "file", "name": "a.png", "media_type": "image/png", "data": "iVBORw0KGgo="}


def conversation(*parts: dict[str, object]) -> dict[str, object]:
    messages = [{"role": "user", "text": "Hi", "parts": [{"type": "text", "text": "Hi"}, *parts]}]
    return {"title": "T", "messages": messages, "branches": messages}


def zip_of(*conversations: Mapping[str, object]) -> zipfile.ZipFile:
    buffer = io.BytesIO()
    write_archive(buffer, conversations)
    return zipfile.ZipFile(buffer)


def files_in(archive: zipfile.ZipFile) -> Callable[[str], bytes]:
    return lambda sha256: archive.read(f"files/{sha256}")


def test_what_was_archived_is_read_as_it_was() -> None:
    before: list[dict[str, object]] = [
        conversation(TEXT, PICTURE),
        conversation(TEXT),
        {"title": "bare", "messages": []},
    ]
    archive = zip_of(*before)
    names = sorted(name for name in archive.namelist() if name.startswith("conversations/"))
    assert [with_contents(mapping(parsed(archive.read(name))), files_in(archive)) for name in names] == before


def test_each_file_is_in_it_once_under_a_name_made_of_its_content() -> None:
    names = zip_of(conversation(TEXT), conversation(TEXT)).namelist()
    assert len(names) == 3
    assert not [name for name in names if ".." in name or "notes" in name]


@pytest.mark.parametrize("content", [None, b"another"])
def test_a_file_that_is_not_there_or_another_stays_lost(content: bytes | None) -> None:
    lost: dict[str, object] = {"type": "file", "name": "n", "media_type": "text/plain", "sha256": "0" * 64, "size": 1}
    assert with_contents(conversation(lost), lambda _: content) == conversation(lost)


def test_files_that_are_too_large_together_are_refused_before_they_are_held() -> None:
    class Huge(bytes):
        def __len__(self) -> int:
            return LARGEST_IMPORT_BYTES + 1

    with pytest.raises(ValueError, match="too large"):
        with_contents(conversation({"type": "file", "sha256": "0" * 64}), lambda _: Huge())
