"""Exports: all comes back as it was, and nothing is half written."""

from __future__ import annotations

import base64
import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tests.pictures import PNG
from tests.unit.interchange.conftest import Importer
from tui_chat.interchange.exporting import Export, ExportFormat, ExportOptions, ExportStopped, file_name
from tui_chat.interchange.importing.run import Import
from tui_chat.storage import Store

TIME = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC).isoformat()


def message(id: int, role: str, text: str, *parts: dict[str, object], **more: object) -> dict[str, object]:
    """Return a message as an export has it."""
    text_part = {"type": "text", "text": text}
    return {"id": f"{id:032}", "role": role, "text": text, "parts": [*parts, text_part], "created_at": TIME, **more}


FILES: list[dict[str, object]] = [
    {"type": "file", "name": "../a b.png", "media_type": "image/png", "data": base64.b64encode(PNG).decode()},
    {"type": "file", "name": "notes.txt", "media_type": "text/plain", "data": "caf\u00e9 \U0001f600\r\n"},
    {"type": "file", "name": "lost.pdf", "media_type": "application/pdf", "sha256": "1" * 64, "size": 5},
]
THINKING = {"type": "thinking", "text": "Hm.", "signature": "signed", "duration_ms": 7}
CALL = {"type": "tool_call", "id": "t1", "name": "look", "arguments": "{}", "server": False}
RESULT = {"type": "tool_result", "call_id": "t1", "text": "Nothing.", "failed": True}
FULL: dict[str, object] = {
    "format": "tui-chat",
    "version": 1,
    "id": "0" * 32,
    "title": "All \ud800 \x1b[31m",
    "model": "model-1",
    "created_at": TIME,
    "updated_at": TIME,
    "pinned": True,
    "archived": True,
    "tags": ["work"],
    "settings": {"persona": "terse"},
    "messages": [
        message(1, "user", "Why?", *FILES, bookmarked_at=TIME),
        message(2, "assistant", "So.", THINKING, CALL, streaming_status="stopped"),
        message(3, "user", "And?", RESULT),
    ],
    "branches": [message(4, "assistant", "Or.", parent_id=f"{1:032}", bookmarked_at=TIME)],
}


def full(letter: str) -> dict[str, object]:
    """Return a conversation with all there can be, its ids its own."""
    data: dict[str, object] = json.loads(json.dumps(FULL).replace(f'"{"0" * 31}', f'"{letter * 31}'))
    return data


@pytest.mark.parametrize("format", [ExportFormat.JSON, ExportFormat.ZIP])
@pytest.mark.parametrize("count", [1, 2])
def test_every_field_comes_back_into_an_empty_store(store: Store, tmp_path: Path, format: str, count: int) -> None:
    ids = [store.import_(full(letter)).id for letter in "ab"[:count]]
    before = [store.export(id) for id in ids]
    Export(store, ids, ExportOptions(ExportFormat(format))).save(tmp_path / "out")
    other = Store.open(tmp_path / "other", on_problem=pytest.fail)
    Import(other, lambda _: None).run([tmp_path / "out"])
    assert [other.export(id) for id in ids] == before
    other.close()
    given = full("a")
    assert {**before[0], "messages": 0, "branches": 0} == {**given, "messages": 0, "branches": 0}
    for place in ("messages", "branches"):
        for found, item in zip(_items(before[0], place), _items(given, place), strict=True):
            assert {key: found.get(key, item[key]) for key in item} == item


def _items(data: dict[str, object], place: str) -> list[dict[str, object]]:
    items: list[dict[str, object]] = json.loads(json.dumps(data[place]))
    return items


def test_what_is_stopped_leaves_the_file_as_it_was(store: Store, tmp_path: Path) -> None:
    ids = [store.import_(full(letter)).id for letter in "abc"]
    target = tmp_path / "mine.html"
    target.write_text("mine")
    export = Export(store, ids, ExportOptions(ExportFormat.HTML), lambda _: export.stop())
    with pytest.raises(ExportStopped):
        export.save(target)
    assert (export.written, target.read_text()) == (1, "mine")
    assert [path.name for path in tmp_path.glob("*mine*")] == ["mine.html"]


@pytest.mark.parametrize("format", list(ExportFormat))
def test_one_that_was_deleted_meanwhile_is_left_out(
    store: Store, run_import: Importer, tmp_path: Path, format: ExportFormat
) -> None:
    id = store.import_(full("a")).id
    Export(store, ["f" * 32, id], ExportOptions(format)).save(tmp_path / "out")
    if format in (ExportFormat.JSON, ExportFormat.ZIP):
        assert run_import(tmp_path / "out").found == 1
    assert (tmp_path / "out").stat().st_size > 100


def test_a_folder_that_is_not_there_is_not_made(store: Store, tmp_path: Path) -> None:
    with pytest.raises(OSError, match="there is no folder"):
        Export(store, [], ExportOptions()).save(tmp_path / "no" / "out")
    assert not (tmp_path / "no").exists()


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Why?", "2026-01-02 Why.html"),
        ("../../etc/passwd", "2026-01-02 etc passwd.html"),
        ("\x1b[31m\x00~", "2026-01-02 [31m.html"),
        ("\x00~", "2026-01-02 Conversation.html"),
        ("\u6771\u4eac " * 50, None),
        ("\U0001f600" * 300, None),
    ],
)
def test_a_title_becomes_a_name_that_every_file_system_takes(title: str, name: str | None, tmp_path: Path) -> None:
    made = file_name(title, date(2026, 1, 2), ExportFormat.HTML)
    assert name in (None, made)
    (tmp_path / made).write_text("")
    assert len(f".{made}.12345678.tmp".encode()) <= 255


@pytest.mark.parametrize("format", list(ExportFormat))
def test_nothing_is_written_of_nothing(store: Store, tmp_path: Path, format: ExportFormat) -> None:
    with pytest.raises(OSError, match="not there any more"):
        Export(store, ["f" * 32], ExportOptions(format)).save(tmp_path / "out")
    assert not (tmp_path / "out").exists()
