"""Conversations: tagged, gone through, deleted and brought back, imported."""

from __future__ import annotations

import json
from pathlib import Path

from tests.unit.cli.lines.conftest import Chat
from tui_chat.streaming.stop import Outcome


def test_tags_are_given_and_found(chat: Chat) -> None:
    assert chat.type("/tag work") == ["This conversation is empty."]
    chat.type("Hello")
    assert chat.type("/tag work Home") == ["Tags: home, work."]
    assert chat.type("/tags", "{} more")[-1] == "Tags: home, more, work."
    chat.type("/new")
    assert "tag home" in chat.type("/open tag:home", "1")[1]


def test_one_goes_through_the_conversations(chat: Chat) -> None:
    assert chat.type("/next") == ["There is no other conversation."]
    chat.type("One")
    chat.type("/new")
    chat.type("Two")
    assert chat.type("/next")[0].startswith("“One”, 2 messages.")
    assert chat.type("/previous")[0].startswith("“Two”, 2 messages.")


def test_a_conversation_is_deleted_and_brought_back(chat: Chat) -> None:
    chat.type("Hello")
    assert chat.type("/delete", "")[-1] == "Cancelled."
    assert chat.type("/delete", "y")[-1] == "Deleted. /undelete brings it back until you quit."
    assert chat.said() == []
    assert chat.type("/undelete")[0].startswith("“Hello”, 2 messages.")
    assert chat.type("/undelete") == ["No deleted conversation to restore."]


def test_conversations_are_imported(chat: Chat, tmp_path: Path) -> None:
    assert chat.type("/import nowhere.json") == ["No such file."]
    file = tmp_path / "talk.json"
    file.write_text(json.dumps({"title": "Talk", "messages": [{"role": "user", "text": "Hi"}]}))
    assert chat.type("/import", str(file))[-1] == "1 conversation added."
    assert chat.type("/open talk", "1")[1].startswith("1. Talk, 1 message")
    file.write_text("{")
    assert len(chat.type(f"/import {file}")) == 3


def test_a_temporary_conversation_is_kept_or_let_go(chat: Chat) -> None:
    for answer, kept in (("2", False), ("1", True)):
        chat.type("/temporary_conversation")
        other = chat.take_beside()
        other.type("Whispered")
        lines = other.type("/temporary_conversation", answer)
        assert other.lines.is_over
        other.lines.leave(Outcome.KEEP)
        assert ("“Whispered”, 2 messages" in lines[-1]) is kept
        assert ("Whispered" in chat.said()) is kept


def test_the_name_of_a_file_tells_its_form_or_it_is_asked_for(chat: Chat, tmp_path: Path) -> None:
    chat.type("Hello")
    named, other = tmp_path / "talk.md", tmp_path / "talk"
    assert chat.type(f"/export {named}") == [f"Exported to {named}."]
    assert named.read_text().startswith("# Hello")
    assert chat.type(f"/export {other}", "2")[0] == "Which format?"
    assert other.read_text() == named.read_text()
