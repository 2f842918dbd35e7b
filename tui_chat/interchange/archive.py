"""An archive of conversations: a zip with a JSON file for each, and every attached file once, named by its SHA-256.

A zip comes from outside: only the names that are written here are read, and no entry grows beyond its limit.
"""

from __future__ import annotations

import base64
import hashlib
import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import IO

from tui_chat.text.limits import LARGEST_FILE_BYTES, LARGEST_IMPORT_BYTES
from tui_chat.text.reading import parsed, quoted

MOST_ENTRIES = 100_000
_CONVERSATION = re.compile(r"conversations/[0-9A-Za-z_-]{1,200}\.json\Z")
_FILE = re.compile(r"files/[0-9a-f]{64}\Z")
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)
"""The exceptions that zipfile raises for a damaged, encrypted or unknown kind of zip."""

JsonObject = dict[str, object]


def archived(conversations: Iterable[Mapping[str, object]], dumps: Callable[[object], str]) -> bytes:
    """Return a zip of exported conversations; `dumps` makes their JSON."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        written: set[str] = set()
        for number, conversation in enumerate(conversations, 1):
            for sha256, content in _contents(conversation):
                if sha256 not in written:
                    written.add(sha256)
                    archive.writestr(f"files/{sha256}", content)
            archive.writestr(f"conversations/{number:05}.json", dumps(_with_files(conversation, _without_content)))
    return buffer.getvalue()


def read_archive(source: IO[bytes]) -> Iterator[JsonObject]:
    """Yield the conversations of an archive as they were exported; ValueError says what is wrong with it."""
    try:
        with zipfile.ZipFile(source) as archive:
            yield from _conversations(archive)
    except _DAMAGED:
        raise ValueError("The zip is damaged, or of a kind that cannot be read.") from None


def _conversations(archive: zipfile.ZipFile) -> Iterator[JsonObject]:
    infos = archive.infolist()
    _check(infos)
    files = {info.filename: info for info in infos}
    room = 0

    def with_content(part: JsonObject) -> JsonObject:
        nonlocal room
        info = files.get(f"files/{part.get('sha256')}")
        if "data" in part or info is None:
            return part
        room -= info.file_size
        if room < 0:
            raise ValueError("The files of a conversation in the zip are too large.")
        return _with_content(part, _read(archive, info))

    for info in infos:
        if _CONVERSATION.match(info.filename):
            room = LARGEST_IMPORT_BYTES
            data = parsed(_read(archive, info))
            if not isinstance(data, dict):
                raise ValueError(f"{quoted(info.filename)} in it is not a conversation.")
            yield _with_files(data, with_content)


def _read(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """Return an entry. Reading so many bytes unpacks no more; reading all would first unpack what a bomb hides."""
    with archive.open(info) as file:
        return file.read(info.file_size)


def _check(infos: list[zipfile.ZipInfo]) -> None:
    """Refuse what was not written here."""
    if len(infos) > MOST_ENTRIES or len({info.filename for info in infos}) < len(infos):
        raise ValueError("The zip has too many entries, or one name twice.")
    for info in infos:
        is_file = _FILE.match(info.filename)
        known = is_file or _CONVERSATION.match(info.filename)
        if not known or info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise ValueError(f"The zip has an entry that no export has: {quoted(info.filename)}.")
        if info.file_size > (LARGEST_FILE_BYTES if is_file else LARGEST_IMPORT_BYTES):
            raise ValueError(f"{quoted(info.filename)} in the zip is too large.")


def _with_content(part: JsonObject, content: bytes) -> JsonObject:
    if hashlib.sha256(content).hexdigest() != part["sha256"]:
        raise ValueError("A file in the zip is not the one that its name says.")
    data = content.decode("utf-8", "surrogatepass") if _is_text(part) else base64.b64encode(content).decode()
    return {key: value for key, value in part.items() if key not in ("sha256", "size")} | {"data": data}


def _without_content(part: JsonObject) -> JsonObject:
    if not part.get("data"):
        return part
    content = _content(part)
    about = {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}
    return {key: value for key, value in part.items() if key != "data"} | about


def _content(part: Mapping[str, object]) -> bytes:
    data = str(part["data"])
    return data.encode("utf-8", "surrogatepass") if _is_text(part) else base64.b64decode(data)


def _is_text(part: Mapping[str, object]) -> bool:
    return str(part.get("media_type")).startswith("text/")


def _contents(conversation: Mapping[str, object]) -> Iterator[tuple[str, bytes]]:
    for key in ("messages", "branches"):
        for message in _dicts(conversation.get(key)):
            for part in _dicts(message.get("parts")):
                if part.get("type") == "file" and part.get("data"):
                    content = _content(part)
                    yield hashlib.sha256(content).hexdigest(), content


def _dicts(items: object) -> list[JsonObject]:
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []


def _with_files(conversation: Mapping[str, object], change: Callable[[JsonObject], JsonObject]) -> JsonObject:
    """Return a conversation with each of its file parts changed."""

    def part(item: object) -> object:
        return change(item) if isinstance(item, dict) and item.get("type") == "file" else item

    def message(item: object) -> object:
        if isinstance(item, dict) and isinstance(parts := item.get("parts"), list):
            return item | {"parts": [part(each) for each in parts]}
        return item

    lists = {key: value for key in ("messages", "branches") if isinstance(value := conversation.get(key), list)}
    return dict(conversation) | {key: [message(item) for item in items] for key, items in lists.items()}
