"""Each format: its branches, its parts, and its odd corners."""

from __future__ import annotations

import json
import sqlite3
import zipfile
from contextlib import closing
from copy import deepcopy
from pathlib import Path

import pytest

from tests.pictures import PNG
from tests.unit.interchange.conftest import Importer, only, texts, write_json
from tests.unit.interchange.samples import (
    CHATGPT,
    CLAUDE,
    chatgpt_conversation,
    chatgpt_node,
    claude_conversation,
    claude_message,
    elia_database,
    llm_database,
    markdown_file,
    oterm_database,
)
from tui_chat.chat.message import StreamingStatus
from tui_chat.chat.parts import ThinkingPart, ToolCallPart, ToolResultPart, files_of
from tui_chat.interchange.importing.grouping import Room
from tui_chat.storage import Store


def test_branches_of_claude_ai_are_kept(store: Store, run_import: Importer, tmp_path: Path) -> None:
    run_import(write_json([CLAUDE])(tmp_path / "file"))
    conversation = only(store)
    assert texts(conversation) == ["Why is the sky blue?", "Rayleigh scattering.", "And red?", "A longer way."]
    first, second = store.branches(conversation.messages[1].id)
    assert second == conversation.messages[1].id
    store.select_branch(conversation.id, first)
    assert texts(only(store)) == ["Why is the sky blue?", "Scattering."]
    assert conversation.updated_at.isoformat() == "2026-01-03T03:04:05+00:00"


def test_branches_thinking_and_tools_of_chatgpt_are_kept(store: Store, run_import: Importer, tmp_path: Path) -> None:
    run_import(write_json([CHATGPT])(tmp_path / "file"))
    conversation = only(store)
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
    text, gone, shown = files_of(only(store).messages[0].parts)
    assert (text.name, text.data, gone.name, gone.lost, gone.size) == ("a.txt", "The text.", "b.txt", True, 0)
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
    run_import(write_json([chatgpt_conversation(*nodes, leaf="b")])(tmp_path / "file"))
    assert only(store).messages[1].status is StreamingStatus.STOPPED


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
    run_import(write_json([claude_conversation(prompt, reply)])(tmp_path / "file"))
    asked, answered = only(store).messages
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
    run_import(write_json([old])(tmp_path / "file"))
    assert texts(only(store)) == ["Why is the sky blue?", "Scattering."]


def test_llm_has_files_fragments_thinking_and_a_system_prompt(
    store: Store, run_import: Importer, tmp_path: Path
) -> None:
    run_import(llm_database(tmp_path / "logs.db"))
    prompt, reply, *rest = only(store).messages
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
    assert texts(only(store)) == ["Why is the sky blue?", "Rayleigh."]
    assert len(store.branches(only(store).messages[1].id)) == 2


def test_two_databases_with_the_same_numbers_are_not_mixed(store: Store, run_import: Importer, tmp_path: Path) -> None:
    run_import(oterm_database(tmp_path / "a"), oterm_database(tmp_path / "b", (("me", "Who?"), ("ollama", "I."))))
    assert len(store.conversations()) == 2


def test_markdown_keeps_code_that_looks_like_a_heading(store: Store, run_import: Importer, tmp_path: Path) -> None:
    run_import(markdown_file(tmp_path / "file"))
    conversation = only(store)
    assert conversation.title == "The sky"
    assert texts(conversation) == ["Why is the sky blue?", "Scattering:\n\n```markdown\n## You\n```"]


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
    assert texts(only(store)) == ["Hi", "Hello"]
    assert only(store).title == "talk"
