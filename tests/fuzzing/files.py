"""The decoders of what is kept: databases of every version, imports, settings, personas, templates, lists of models."""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from datetime import date
from pathlib import Path
from typing import Any

from tests.fuzzing.drawing import use
from tests.fuzzing.garbage import TEXTS, Garbage
from tests.fuzzing.wires import CITATION, USAGE
from tests.pictures import GIF, JPEG, PNG, WEBP, png
from tests.unit.interchange.samples import CHATGPT, CLAUDE
from tui_chat.attachments import FileRefused, file_part
from tui_chat.attachments.pasted_paths import paths_in
from tui_chat.chat.events import TextDelta, event_to_json
from tui_chat.chat.metadata import ReplyMetadata
from tui_chat.chat.models import Model
from tui_chat.chat.parts import parts_from_json, parts_to_json
from tui_chat.cli.output import local_time
from tui_chat.interchange.importing.run import Import
from tui_chat.providers import ModelCache, ProviderConfig
from tui_chat.settings import SettingsError, system_prompt
from tui_chat.settings.read import read
from tui_chat.settings.schema import Provider
from tui_chat.settings.template import parse_template
from tui_chat.storage import Grouping, Store
from tui_chat.storage.connecting import connected
from tui_chat.storage.migrations import MIGRATIONS
from tui_chat.text import reading
from tui_chat.text.limits import LONGEST_SENTENCE
from tui_chat.text.plain_json import as_json
from tui_chat.ui.statistics.periods import Period, course

FILES = (png(9_000, 3), PNG, JPEG, GIF, WEBP, b"%PDF-1.7", "Zürich\n".encode("utf-16"), b"Text.\n")
"""One of each kind; the first is large enough to be decoded."""
WHEN = "2026-01-02T03:04:05.000006+00:00"
PARTS: list[dict[str, Any]] = [
    {"type": "thinking", "text": "Hm.", "signature": "s", "duration_ms": 3.5},
    {"type": "text", "text": "So.", "citations": [CITATION]},
    {"type": "tool_call", "id": "t", "name": "look", "arguments": "{}", "server": True, "more": {"caller": {}}},
    {"type": "tool_result", "call_id": "t", "text": "Found.", "failed": False},
    {"type": "opaque", "kind": "novel", "block": {"type": "novel", "x": [1]}},
]
FILE = {"type": "file", "name": "a.txt", "media_type": "text/plain", "data": "x"}
ABOUT = {**ReplyMetadata().to_json(), "usage": USAGE, "seams": [1], "error": {"kind": "server", "sentence": "No."}}
EXPORT: dict[str, Any] = {
    "format": "tui-chat",
    "version": 1,
    "title": "A title",
    "model": "m",
    "created_at": WHEN,
    "updated_at": WHEN,
    "messages": [
        {"id": "a", "role": "user", "text": "Why?", "parts": [FILE, {"type": "text", "text": "Why?"}]},
        {
            "id": "b",
            "role": "assistant",
            "text": "So.",
            "streaming_status": "failed",
            "stream_metadata": ABOUT,
            "created_at": WHEN,
            "parts": PARTS,
        },
    ],
    "branches": [{"id": "c", "role": "assistant", "text": "No.", "parent_id": "a"}],
}
COLUMNS = {
    "conversations": (
        *("id", "title", "model", "settings", "draft", "leaf_id", "created_at", "updated_at"),
        *("deleted_at", "deleted_by"),
    ),
    "messages": (
        *("id", "parent_id", "depth", "role", "text", "parts", "model", "streaming_status", "partial_content"),
        *("stream_metadata", "created_at", "owner", "previous_status", "conversation_id"),
    ),
    "chunks": ("seq", "events"),
    "replies": ("ended_at", "ttft_ms", "input_tokens", "cost_usd", "mode", "status", "error_kind", "day", "model"),
}
JSON_COLUMNS = {"parts": PARTS, "stream_metadata": ABOUT, "events": [event_to_json(TextDelta(0, "x"))], "settings": {}}


SETTINGS = """\
[provider]
name = "openai"
base_url = "http://127.0.0.1:1"
temperature = 0.5
stop_sequences = ["a", "b"]
[streaming]
stall_timeout = 30.0
frames_per_second = 30
[keys]
send = "enter"
[history]
retention_days = 7
"""


def databases(garbage: Garbage, folder: Path) -> None:
    """A database of any version, with rows that make no sense, and all that is ever read of one."""
    for file in folder.glob("*.db*"):
        file.unlink()
    with closing(connected((folder / "tui-chat.db").as_uri())) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute("BEGIN")
        _fill(connection, garbage)
        connection.execute("COMMIT")
    problems: list[str] = []
    store = Store.open(folder, on_problem=problems.append)
    try:
        _read_all(store)
    finally:
        store.close()
    for sentence in problems:
        _check(sentence.replace(str(folder), ""))


def _check(sentence: str) -> None:
    assert 0 < len(sentence) <= LONGEST_SENTENCE, sentence


def _fill(connection: sqlite3.Connection, garbage: Garbage) -> None:
    version = garbage.randrange(1, len(MIGRATIONS) + 1)
    for step in MIGRATIONS[:version]:
        step(connection)
    connection.execute(f"PRAGMA user_version = {version}")
    for name in ("good", "bad"):
        _add(connection, name)
    for _ in range(garbage.choice((1, 1, 2, 4))):
        table = garbage.choice(list(COLUMNS))
        column = garbage.choice(COLUMNS[table])
        with suppress(sqlite3.Error, OverflowError, UnicodeEncodeError):  # not everything can be written
            row = "rowid % 2" if garbage.random() < 0.8 else "TRUE"
            connection.execute(f"UPDATE {table} SET {column} = ? WHERE {row}", (_cell(garbage, column),))


def _add(connection: sqlite3.Connection, name: str) -> None:
    connection.execute(
        "INSERT INTO conversations (id, title, model, leaf_id, created_at, updated_at) VALUES (?, 'A', 'm', ?, ?, ?)",
        (name, f"{name}-2", WHEN, WHEN),
    )
    for number, role in ((1, "user"), (2, "assistant")):
        connection.execute(
            "INSERT INTO messages (id, conversation_id, parent_id, depth, role, text, model, streaming_status,"
            " created_at, owner) VALUES (?, ?, ?, ?, ?, 'So.', 'm', ?, ?, ?)",
            (
                *(f"{name}-{number}", name, f"{name}-1" if number == 2 else None, number, role),
                *(("streaming", WHEN, "1-x") if number == 2 and name == "bad" else ("complete", WHEN, None)),
            ),
        )
    connection.execute("INSERT INTO chunks VALUES (?, 0, ?)", (f"{name}-2", as_json(JSON_COLUMNS["events"])))
    connection.execute(
        "INSERT INTO replies (ended_at, events, retries, resumes, fallback, mode, status, day, provider, model,"
        " conversation_id, message_id) VALUES (?, 1, 0, 0, 0, 'stream', 'complete', '2026-01-02', 'p', 'm', ?, ?)",
        (WHEN, name, f"{name}-2"),
    )


def _cell(garbage: Garbage, column: str) -> object:
    if column in JSON_COLUMNS and garbage.random() < 0.8:
        return garbage.json(JSON_COLUMNS[column])
    value = garbage.choice((*TEXTS, None, 7, -1.5, 1e308, float("inf"), 2**63 - 1, b"\xff\xfe", b"\xed\xa0\x80"))
    return value.encode("utf-8", "surrogatepass") if isinstance(value, str) and "\ud800" in value else value


def _read_all(store: Store) -> None:
    for summary in store.conversations():
        as_json(summary.to_json())
        local_time(summary.updated_at)
        conversation = store.conversation(summary.id)
        if conversation is not None:
            use(conversation)
            as_json(store.export(conversation.id))
            store.branch_places(conversation.id)
            store.settings(conversation.id)
            store.draft(conversation.id)
    for hit in store.search("So.", 10):
        local_time(hit.created_at)
    for read_one in (store.latest, store.unsent):
        if (found := read_one()) is not None:
            use(found)
    store.conversations(query="So")
    store.prompts(10, "So")
    as_json(store.statistics().to_json())
    for grouping in Grouping:
        sums = store.statistics_by(grouping)
        as_json([[key, summed.to_json()] for key, summed in sums])
        if grouping is Grouping.DAY:
            course(Period.ALL, sums, date(2026, 1, 3))


def attachments(garbage: Garbage) -> None:
    """Read files that go with prompts, most of them damaged, and pastes that may be their paths."""
    content = bytearray(garbage.choice(FILES))
    for _ in range(garbage.choice((0, 1, 3, 30))):
        content[garbage.randrange(len(content))] = garbage.randrange(256)
    with suppress(FileRefused):
        file = file_part(garbage.text(), bytes(content[: garbage.choice((None, 20, 40))]))
        assert parts_from_json(parts_to_json([file])) == (file,)
    paths_in(garbage.choice(("", "/", "file://")) + garbage.text())


def imports(garbage: Garbage, store: Store) -> None:
    """A file that is imported: refused with a sentence, or stored and used as any other."""
    try:
        data = reading.parsed(garbage.json(EXPORT))
    except ValueError:
        return
    try:
        conversation = store.import_(data)
    except ValueError as refused:
        _check(str(refused))
        return
    assert store.conversation(conversation.id) == conversation
    use(conversation)
    as_json(store.export(conversation.id))


def others_files(garbage: Garbage, store: Store, folder: Path) -> None:
    """A file of another program: named in a sentence, or stored and used as any other."""
    (folder / "file").write_text(garbage.json([CLAUDE, CHATGPT, EXPORT]), "utf-8", "surrogatepass")
    report = Import(store, lambda _: None).run([folder / "file"])
    for sentence in (report.summary(), *report.problems):
        _check(sentence)
    for summary in store.conversations():
        conversation = store.conversation(summary.id)
        assert conversation is not None
        use(conversation)
        store.delete(summary.id)


def settings(garbage: Garbage) -> None:
    """A settings file."""
    loaded = read("config.toml", garbage.spoilt(SETTINGS).encode("utf-8", "surrogatepass"))
    assert all(problem.message for problem in loaded.problems)


def personas(garbage: Garbage, folder: Path) -> None:
    """The file of a persona."""
    (folder / "personas").mkdir(exist_ok=True)
    (folder / "personas" / "p.md").write_bytes(garbage.text().encode("utf-8", "surrogatepass"))
    with suppress(SettingsError):
        system_prompt(Provider(persona=garbage.choice(("p", "q", ""))), folder)


def templates(garbage: Garbage) -> None:
    """The text of a template."""
    with suppress(SettingsError):
        text = "".join(garbage.choice(("{{", "}}", "\\", "a", "=", ":", "|", garbage.text())) for _ in range(9))
        template = parse_template(text, "templates/t.md")
        template.filled({field.name: text for field in template.fields})


def model_lists(garbage: Garbage, path: Path) -> None:
    """The file that remembers what providers offer."""
    entry = {"as_of": WHEN, "models": [Model("m", "M", 9, 9).to_json()]}
    path.write_bytes(garbage.json({"openai": entry}).encode("utf-8", "surrogatepass"))
    for model in ModelCache(path).known(ProviderConfig("openai")).models:
        as_json(model.to_json())
