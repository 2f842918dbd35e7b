"""An archive of conversations: a zip with a JSON file for each, and every attached file once, named by its SHA-256."""

from __future__ import annotations

import base64
import hashlib
import zipfile
from collections.abc import Callable, Iterable, Mapping
from typing import BinaryIO

from tui_chat.text.limits import LARGEST_IMPORT_BYTES
from tui_chat.text.plain_json import as_json

JsonObject = dict[str, object]


def write_archive(file: BinaryIO, conversations: Iterable[Mapping[str, object]]) -> None:
    """Write a zip of exported conversations."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        written: set[str] = set()

        def apart(part: JsonObject) -> JsonObject:
            if not part.get("data"):
                return part
            content = _content(part)
            sha256 = hashlib.sha256(content).hexdigest()
            if sha256 not in written:
                written.add(sha256)
                archive.writestr(f"files/{sha256}", content)
            about = {"sha256": sha256, "size": len(content)}
            return {key: value for key, value in part.items() if key != "data"} | about

        for number, conversation in enumerate(conversations, 1):
            archive.writestr(f"conversations/{number:05}.json", as_json(_with_files(conversation, apart)))


def with_contents(conversation: Mapping[str, object], find: Callable[[str], bytes | None]) -> JsonObject:
    """Return a conversation as it was exported, with the files that `find` returns by their SHA-256.

    One that is not found, or is another than its name says, stays lost; ValueError if all are too large together.
    """
    room = LARGEST_IMPORT_BYTES

    def whole(part: JsonObject) -> JsonObject:
        nonlocal room
        sha256 = part.get("sha256")
        if "data" in part or not isinstance(sha256, str) or (content := find(sha256)) is None:
            return part
        room -= len(content)
        if room < 0:
            raise ValueError("Its files are too large.")
        if hashlib.sha256(content).hexdigest() != sha256:
            return part
        about = {key: value for key, value in part.items() if key not in ("sha256", "size")}
        return about | {"data": _data(part, content)}

    return _with_files(conversation, whole)


def _data(part: Mapping[str, object], content: bytes) -> str:
    return content.decode("utf-8", "surrogatepass") if _is_text(part) else base64.b64encode(content).decode()


def _content(part: Mapping[str, object]) -> bytes:
    data = str(part["data"])
    return data.encode("utf-8", "surrogatepass") if _is_text(part) else base64.b64decode(data)


def _is_text(part: Mapping[str, object]) -> bool:
    return str(part.get("media_type")).startswith("text/")


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
