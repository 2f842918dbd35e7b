"""Conversations of other programs, into a store: their branches, their parts, and each of them once."""

from __future__ import annotations

import json
import shutil
import sqlite3
import tracemalloc
import zipfile
from collections.abc import Callable, Mapping
from contextlib import closing
from copy import deepcopy
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.pictures import PNG
from tests.unit.interchange.conftest import Importer
from tests.unit.interchange.samples import (
    CHATGPT,
    CLAUDE,
    chatgpt_conversation,
    chatgpt_node,
    claude_conversation,
    claude_message,
    elia_database,
    llm_database,
    oterm_database,
)
from tui_chat.chat.imported import ImportOutcome
from tui_chat.chat.message import Conversation, StreamingStatus
from tui_chat.chat.parts import ThinkingPart, ToolCallPart, ToolResultPart, files_of
from tui_chat.chat.request import turns_from
from tui_chat.interchange.importing import FORMATS
from tui_chat.interchange.importing.grouping import Room
from tui_chat.interchange.importing.opening import Reading
from tui_chat.interchange.importing.run import Import
from tui_chat.storage import Store
from tui_chat.storage.backup import back_up

MARKDOWN = """\
# The sky

## You

Why is the sky blue?

## Claude (stopped)

Scattering:

```markdown
## You
```
"""


def _json(data: object) -> Callable[[Path], Path]:
    def write(path: Path) -> Path:
        path.write_text(json.dumps(data))
        return path

    return write


def _markdown(path: Path) -> Path:
    path.write_text(MARKDOWN)
    return path


OURS = {"title": "The sky", "messages": [{"role": "user", "text": "Why is the sky blue?"}]}
FILES: Mapping[str, Callable[[Path], Path]] = {
    "claude": _json([CLAUDE]),
    "chatgpt": _json([CHATGPT]),
    "tui-chat": _json(OURS),
    "llm": llm_database,
    "elia": elia_database,
    "oterm": oterm_database,
    "markdown": _markdown,
}
"""A file of each format, by a function that writes it."""


def _texts(conversation: Conversation) -> list[str]:
    return [message.text for message in conversation.messages]


def _only(store: Store) -> Conversation:
    [summary] = store.conversations()
    found = store.conversation(summary.id)
    assert found
    return found


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
    turns = turns_from(_only(store).messages)
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


def test_branches_of_claude_ai_are_kept(store: Store, run_import: Importer, tmp_path: Path) -> None:
    run_import(_json([CLAUDE])(tmp_path / "file"))
    conversation = _only(store)
    assert _texts(conversation) == ["Why is the sky blue?", "Rayleigh scattering.", "And red?", "A longer way."]
    first, second = store.branches(conversation.messages[1].id)
    assert second == conversation.messages[1].id
    store.select_branch(conversation.id, first)
    assert _texts(_only(store)) == ["Why is the sky blue?", "Scattering."]
    assert conversation.updated_at.isoformat() == "2026-01-03T03:04:05+00:00"


def test_branches_thinking_and_tools_of_chatgpt_are_kept(store: Store, run_import: Importer, tmp_path: Path) -> None:
    run_import(_json([CHATGPT])(tmp_path / "file"))
    conversation = _only(store)
    prompt, reply = conversation.messages
    assert (prompt.text, reply.text, conversation.model) == ("Why is the sky blue?", "Rayleigh scattering.", "gpt-5")
    assert reply.thinking == "Hm\n\nLight."
    assert [type(part) for part in reply.parts[1:3]] == [ToolCallPart, ToolResultPart]
    assert len(store.branches(reply.id)) == 2


def test_files_in_an_archive_of_chatgpt_come_with_it(store: Store, run_import: Importer, tmp_path: Path) -> None:
    about = {"attachments": [{"id": "file-Abc1", "name": "a.txt"}, {"id": "file-Gone", "name": "b.txt"}]}
    picture = {"content_type": "image_asset_pointer", "asset_pointer": "sediment://file_00ff"}
    content = {"content_type": "multimodal_text", "parts": [picture, "Look."]}
    node = chatgpt_node("a", "root", "user", content, metadata=about)
    with zipfile.ZipFile(tmp_path / "export.zip", "w") as archive:
        archive.writestr("conversations.json", json.dumps([chatgpt_conversation(node, leaf="a")]))
        archive.writestr("file-Abc1-a.txt", "The text.")
        archive.writestr("x/file_00ff-sanitized.png", PNG)
    run_import(tmp_path / "export.zip")
    text, gone, shown = files_of(_only(store).messages[0].parts)
    assert (text.name, text.data, gone.name, gone.lost) == ("a.txt", "The text.", "b.txt", True)
    assert shown.is_picture
    assert not shown.lost


def test_a_conversation_has_so_much_room_and_no_more() -> None:
    room = Room(4_000)
    assert not room.file("a", PNG).lost
    assert room.file("a", b"x" * 4_000).lost
    assert room.text("x" * 1_000)
    with pytest.raises(ValueError, match="larger than"):
        room.text("x" * 4_000)


def test_a_chatgpt_reply_that_was_stopped_is_stopped(store: Store, run_import: Importer, tmp_path: Path) -> None:
    stopped = {"finish_details": {"type": "interrupted"}}
    nodes = (chatgpt_node("a", "root", "user", "x"), chatgpt_node("b", "a", content="y", metadata=stopped))
    run_import(_json([chatgpt_conversation(*nodes, leaf="b")])(tmp_path / "file"))
    assert _only(store).messages[1].status is StreamingStatus.STOPPED


def test_files_of_claude_ai_come_with_their_text_or_their_name(
    store: Store, run_import: Importer, tmp_path: Path
) -> None:
    attachments = [{"file_name": "", "extracted_content": "pasted"}, {"file_name": "a.pdf", "extracted_content": ""}]
    content = [
        {"type": "thinking", "thinking": "Hm.", "signature": "s"},
        {"type": "text", "text": "One."},
        {"type": "tool_use", "id": "t", "name": "look", "input": {"a": 1}},
        {"type": "tool_result", "tool_use_id": "t", "content": [{"type": "text", "text": "Found."}]},
        {"type": "text", "text": "Two."},
        {"type": "token_budget"},
    ]
    prompt = claude_message("a", "human", "", attachments=attachments, files=[{"file_name": "b.png"}], content=[])
    reply = claude_message("b", "assistant", "", "a", content=content)
    run_import(_json([claude_conversation(prompt, reply)])(tmp_path / "file"))
    asked, answered = _only(store).messages
    assert [(file.name, file.data, file.lost) for file in files_of(asked.parts)] == [
        ("pasted.txt", "pasted", False),
        ("a.pdf", "", True),
        ("b.png", "", True),
    ]
    assert answered.text == "One.\n\nTwo."
    assert answered.parts[0] == ThinkingPart("Hm.")
    assert [part.arguments for part in answered.parts if isinstance(part, ToolCallPart)] == ['{"a": 1}']


def test_earlier_exports_of_claude_ai_name_no_parents(store: Store, run_import: Importer, tmp_path: Path) -> None:
    old = deepcopy(CLAUDE)
    old["chat_messages"] = [old["chat_messages"][0], old["chat_messages"][1]]
    for message in old["chat_messages"]:
        del message["parent_message_uuid"], message["content"]
    run_import(_json([old])(tmp_path / "file"))
    assert _texts(_only(store)) == ["Why is the sky blue?", "Scattering."]


def test_llm_has_files_fragments_thinking_and_a_system_prompt(
    store: Store, run_import: Importer, tmp_path: Path
) -> None:
    run_import(llm_database(tmp_path / "logs.db"))
    prompt, reply, *rest = _only(store).messages
    assert [(file.name, file.lost) for file in files_of(prompt.parts)] == [
        ("System prompt", False),
        ("light.txt", False),
        ("a.png", False),
        ("b.png", True),
    ]
    assert (reply.thinking, reply.text, reply.metadata.model) == ("Hm.", "Scattering.", "gpt-5")
    assert [message.text for message in rest] == ["And red?", "A longer way."]
    assert not files_of(rest[0].parts)


def test_branches_of_elia_are_kept(store: Store, run_import: Importer, tmp_path: Path) -> None:
    file = elia_database(tmp_path / "elia.sqlite")
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute(
            "INSERT INTO message (chat_id, role, content, timestamp, meta, parent_id)"
            " VALUES (1, 'assistant', 'Rayleigh.', '2026-01-02 03:04:05', '{}', 2)"
        )
    run_import(file)
    assert _texts(_only(store)) == ["Why is the sky blue?", "Rayleigh."]
    assert len(store.branches(_only(store).messages[1].id)) == 2


def test_two_databases_with_the_same_numbers_are_not_mixed(store: Store, run_import: Importer, tmp_path: Path) -> None:
    run_import(oterm_database(tmp_path / "a"), oterm_database(tmp_path / "b", (("me", "Who?"), ("ollama", "I."))))
    assert len(store.conversations()) == 2


def test_markdown_keeps_code_that_looks_like_a_heading(store: Store, run_import: Importer, tmp_path: Path) -> None:
    run_import(_markdown(tmp_path / "file"))
    conversation = _only(store)
    assert conversation.title == "The sky"
    assert _texts(conversation) == ["Why is the sky blue?", "Scattering:\n\n```markdown\n## You\n```"]


@pytest.mark.parametrize(
    "text",
    [
        "**User:** \nHi\n\n**Assistant:**\nHello",
        "### Prompt:\r\nHi\r\n### Response:\r\nHello",
        "# Human\nHi\n# AI\nHello\n",
    ],
)
def test_markdown_of_other_programs(text: str, store: Store, run_import: Importer, tmp_path: Path) -> None:
    (tmp_path / "talk.md").write_bytes(text.encode())
    run_import(tmp_path / "talk.md")
    assert _texts(_only(store)) == ["Hi", "Hello"]
    assert _only(store).title == "talk"


def test_a_conversation_that_has_grown_gets_its_new_messages(
    store: Store, run_import: Importer, tmp_path: Path
) -> None:
    begun = {**CLAUDE, "chat_messages": CLAUDE["chat_messages"][:3]}
    run_import(_json([begun])(tmp_path / "file"))
    assert run_import(_json([CLAUDE])(tmp_path / "file")).summary() == "1 conversation got new messages."
    assert _texts(_only(store))[-1] == "A longer way."


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
    report = run_import(_json([BAD[what], CLAUDE])(tmp_path / "file"))
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
    assert "is a directory" in report.problems[2]


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
    run_import(_json([CLAUDE])(tmp_path / "file"))
    assert store.path
    assert store.flush(5)
    back_up(store.path.parent, tmp_path / "backup")
    assert "history restore" in run_import(tmp_path / "backup").problems[0]


def test_a_database_that_is_in_use_can_be_read(store: Store, run_import: Importer, tmp_path: Path) -> None:
    file = llm_database(tmp_path / "logs.db")
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("UPDATE conversations SET name = 'Renamed'")
        connection.commit()
        run_import(file)
    assert _only(store).title == "Renamed"


def test_a_stop_keeps_what_is_whole(store: Store, tmp_path: Path) -> None:
    file = _json([{**CLAUDE, "uuid": f"c{number}"} for number in range(9)])(tmp_path / "file")
    importing = Import(store, lambda report: importing.stop() if report.found == 2 else None)
    report = importing.run([file, file])
    assert report.summary() == "Stopped: 2 conversations added."
    assert len(store.conversations()) == 2
    assert Import(store, lambda _: None).run([file]).summary() == "7 conversations added, 2 were there already."


def test_conversations_without_messages_are_only_counted(store: Store, run_import: Importer, tmp_path: Path) -> None:
    report = run_import(_json([claude_conversation(), CLAUDE])(tmp_path / "file"))
    assert (report.summary(), report.problems) == ("1 conversation added, 1 was empty.", [])


def test_a_file_comes_to_the_files_beside_the_database(store: Store, run_import: Importer, tmp_path: Path) -> None:
    run_import(llm_database(tmp_path / "logs.db"))
    shutil.copy(tmp_path / "logs.db", tmp_path / "copy")
    run_import(tmp_path / "copy")
    assert store.path
    kept = {path.name for path in store.path.with_suffix(".files").iterdir()}
    files = [file for file in files_of(_only(store).messages[0].parts) if not file.lost]
    assert kept == {file.sha256 for file in files}


def test_many_conversations_take_the_memory_of_one(tmp_path: Path) -> None:
    one = json.dumps({**CLAUDE, "chat_messages": CLAUDE["chat_messages"] * 20})
    (tmp_path / "file").write_text(f"[{','.join([one] * 300)}]")
    assert (tmp_path / "file").stat().st_size > 8_000_000
    tracemalloc.start()
    try:
        for _ in Reading().conversations(tmp_path / "file"):
            pass
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 4_000_000
