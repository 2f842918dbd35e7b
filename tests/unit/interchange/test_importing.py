"""Conversations of other programs, into a store: their branches, their parts, and each of them once."""

from __future__ import annotations

import json
import shutil
import sqlite3
import tracemalloc
import zipfile
from collections.abc import Callable, Mapping
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.unit.interchange.conftest import Importer, only, texts, write_json
from tests.unit.interchange.samples import (
    CHATGPT,
    CLAUDE,
    claude_conversation,
    elia_database,
    llm_database,
    markdown_file,
    oterm_database,
)
from tests.waiting import PATIENCE_S
from tui_chat.chat.imported import ImportOutcome
from tui_chat.chat.parts import ThinkingPart, ToolCallPart, ToolResultPart, files_of
from tui_chat.chat.request import turns_from
from tui_chat.interchange.importing import FORMATS
from tui_chat.interchange.importing.opening import Reading
from tui_chat.interchange.importing.run import Import
from tui_chat.storage import Store
from tui_chat.storage.backup import back_up

OURS = {"title": "The sky", "messages": [{"role": "user", "text": "Why is the sky blue?"}]}
FILES: Mapping[str, Callable[[Path], Path]] = {
    "claude": write_json([CLAUDE]),
    "chatgpt": write_json([CHATGPT]),
    "tui-chat": write_json(OURS),
    "llm": llm_database,
    "elia": elia_database,
    "oterm": oterm_database,
    "markdown": markdown_file,
}
"""A file of each format, by a function that writes it."""


def test_every_format_can_be_named() -> None:
    assert set(FILES) == set(FORMATS)


@pytest.mark.parametrize("format", FILES)
def test_a_file_is_known_by_what_is_in_it_and_adds_nothing_twice(
    format: str, store: Store, run_import: Importer, tmp_path: Path
) -> None:
    file = FILES[format](tmp_path / "file")
    assert dict(run_import(file).outcomes) == {ImportOutcome.ADDED: 1}
    before = [store.export(summary.id) for summary in store.conversations()]
    again = run_import(file, format=format)
    assert (dict(again.outcomes), again.failed) == ({ImportOutcome.UNCHANGED: 1}, 0)
    assert [store.export(summary.id) for summary in store.conversations()] == before


@pytest.mark.parametrize("format", FILES)
def test_what_is_sent_after_an_import_is_valid(format: str, store: Store, run_import: Importer, tmp_path: Path) -> None:
    run_import(FILES[format](tmp_path / "file"))
    turns = turns_from(only(store).messages)
    roles = [turn.role for turn in turns]
    assert roles[0] == "user"
    assert all(first is not second for first, second in pairwise(roles))
    parts = [part for turn in turns for part in turn.parts]
    assert not [part for part in parts if isinstance(part, ThinkingPart | ToolCallPart | ToolResultPart)]


@pytest.mark.parametrize("name", ["x/conversations.json", "conversations-001.json"])
def test_an_archive_is_read_as_it_comes(name: str, store: Store, run_import: Importer, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "export", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("user.json", '{"email": "x@example.org"}')
        archive.writestr(name, json.dumps([CLAUDE]))
    report = run_import(tmp_path / "export")
    assert report.summary() == "1 conversation added."
    assert report.fraction == 1.0


def test_a_conversation_that_has_grown_gets_its_new_messages(
    store: Store, run_import: Importer, tmp_path: Path
) -> None:
    begun = {**CLAUDE, "chat_messages": CLAUDE["chat_messages"][:3]}
    run_import(write_json([begun])(tmp_path / "file"))
    assert run_import(write_json([CLAUDE])(tmp_path / "file")).summary() == "1 conversation got new messages."
    assert texts(only(store))[-1] == "A longer way."


BAD: Mapping[str, Any] = {
    "no messages in it": {"chat_messages": 7, "name": "Bad"},
    "something else": {"name": "Bad", "x": 1},
    "too long": {"title": "Bad", "messages": [{"role": "user", "text": "x" * 8_000_001}]},
    "too deep": {
        "name": "Bad",
        "chat_messages": [
            {"sender": "human", "content": [{"type": "tool_use", "input": json.loads("[" * 500 + "]" * 500)}]}
        ],
    },
}


@pytest.mark.parametrize("what", BAD)
def test_one_bad_conversation_costs_only_itself_and_is_named(
    what: str, store: Store, run_import: Importer, tmp_path: Path
) -> None:
    report = run_import(write_json([BAD[what], CLAUDE])(tmp_path / "file"))
    assert report.summary() == "1 conversation added, 1 could not be imported."
    assert report.problems[0].startswith("“Bad” could not be imported: ")
    assert len(report.problems[0]) <= 300


def test_invalid_json_costs_only_one_conversation(store: Store, run_import: Importer, tmp_path: Path) -> None:
    good = json.dumps(CLAUDE)
    (tmp_path / "file").write_text(f'[{{"name": "Bad", "x": [nonsense]}}, {good}]')
    report = run_import(tmp_path / "file")
    assert report.summary() == "1 conversation added, 1 could not be imported."
    assert report.problems == ["“file, conversation 1” could not be imported: it is not valid JSON."]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "could not be imported: there is no conversation in it."),
        (b"[]", "could not be imported: there is no conversation in it."),
        (b"[{", "could not be imported: it ends in the middle: the file is not whole."),
        (b"Only text.", "could not be imported: nobody speaks in it"),
        (b"## You\n\n\xff\xfe", "could not be imported: it is not text in UTF-8."),
        (b"PK\x03\x04 and no more", "could not be imported: the .zip file is damaged, or has a password."),
        (
            b"SQLite format 3\0 and no more",
            "could not be imported: the database is damaged, in use",
        ),
    ],
)
def test_a_file_that_is_none_is_a_sentence(
    content: bytes, why: str, store: Store, run_import: Importer, tmp_path: Path
) -> None:
    (tmp_path / "file").write_bytes(content)
    report = run_import(tmp_path / "file", tmp_path / "nowhere", tmp_path)
    assert report.summary() == "3 conversations could not be imported."
    assert why in report.problems[0]
    assert report.problems[1] == "“nowhere” could not be imported: no such file or directory."
    assert "it is a folder" in report.problems[2]


def test_another_programs_database_is_a_sentence_and_is_not_changed(
    store: Store, run_import: Importer, tmp_path: Path
) -> None:
    file = tmp_path / "other.db"
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("CREATE TABLE message (id)")
        columns = "id, prompt, system, response, model, conversation_id, datetime_utc"
        connection.execute(f"CREATE VIRTUAL TABLE responses USING fts5 ({columns})")
        connection.execute("CREATE VIEW conversations AS SELECT 1 AS id, 2 AS name")
    before = file.read_bytes()
    assert "not one of llm, elia or oterm" in run_import(file).problems[0]
    assert file.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("other")] == ["other.db"]


def test_a_backup_is_restored_instead(store: Store, run_import: Importer, tmp_path: Path) -> None:
    run_import(write_json([CLAUDE])(tmp_path / "file"))
    assert store.path
    assert store.flush(PATIENCE_S)
    back_up(store.path.parent, tmp_path / "backup")
    assert "history restore" in run_import(tmp_path / "backup").problems[0]


def test_a_database_that_is_in_use_can_be_read(store: Store, run_import: Importer, tmp_path: Path) -> None:
    file = llm_database(tmp_path / "logs.db")
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("UPDATE conversations SET name = 'Renamed'")
        connection.commit()
        run_import(file)
    assert only(store).title == "Renamed"


def test_a_stop_keeps_what_is_whole(store: Store, tmp_path: Path) -> None:
    file = write_json([{**CLAUDE, "uuid": f"c{number}"} for number in range(9)])(tmp_path / "file")
    importing = Import(store, lambda report: importing.stop() if report.found == 2 else None)
    report = importing.run([file, file])
    assert report.summary() == "Stopped: 2 conversations added."
    assert len(store.conversations()) == 2
    assert Import(store, lambda _: None).run([file]).summary() == "7 conversations added, 2 were there already."


def test_conversations_without_messages_are_only_counted(store: Store, run_import: Importer, tmp_path: Path) -> None:
    report = run_import(write_json([claude_conversation(), CLAUDE])(tmp_path / "file"))
    assert (report.summary(), report.problems) == ("1 conversation added, 1 was empty.", [])


def test_a_file_comes_to_the_files_beside_the_database(store: Store, run_import: Importer, tmp_path: Path) -> None:
    run_import(llm_database(tmp_path / "logs.db"))
    shutil.copy(tmp_path / "logs.db", tmp_path / "copy")
    run_import(tmp_path / "copy")
    assert store.path
    kept = {path.name for path in store.path.with_suffix(".files").iterdir()}
    files = [file for file in files_of(only(store).messages[0].parts) if not file.lost]
    assert kept == {file.sha256 for file in files}


def test_many_conversations_take_the_memory_of_one(tmp_path: Path) -> None:
    one = json.dumps({**CLAUDE, "chat_messages": CLAUDE["chat_messages"] * 20})
    (tmp_path / "file").write_text(f"[{','.join([one] * 40)}]")
    assert (tmp_path / "file").stat().st_size > 1_000_000
    tracemalloc.start()
    try:
        for _ in Reading().conversations(tmp_path / "file"):
            pass
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 1_000_000
