"""Messages by their numbers: deleted and brought back, written anew, their sources, bookmarks."""

from __future__ import annotations

import pytest

from tests.unit.cli.lines.conftest import Chat, Opener


def test_a_message_is_deleted_and_brought_back(chat: Chat) -> None:
    chat.type("One")
    chat.type("Two")
    before = chat.said()
    assert chat.type("/delete_message 2") == ["Deleted message 2. /undelete_message brings it back."]
    assert chat.said() == [before[0], *before[2:]]
    assert chat.type("/undelete_message")[0].startswith("Message 2. ")
    assert chat.said() == before
    assert chat.type("/undelete_message") == ["No deleted message to restore."]


def test_a_reply_is_rewritten_and_a_prompt_edited(chat: Chat) -> None:
    chat.type("Hello")
    assert chat.type("/edit_reply 1") == ["That is a prompt: /edit_message edits it."]
    chat.type("/edit_reply")
    assert chat.type("Rewritten: {}")[-1] == "Rewritten."
    assert chat.said()[1].startswith("Rewritten: ")
    chat.type("/edit 1")
    chat.type("{} again")
    assert chat.said()[0] == "Hello again"
    assert chat.type("/previous_branch")[0].startswith("Message 2. ")


def test_bookmarks_of_all_conversations_are_listed(chat: Chat) -> None:
    assert chat.type("/bookmarks") == ["No bookmarks yet."]
    chat.type("Hello")
    assert chat.type("/bookmark 1") == ["Bookmarked."]
    chat.type("/new")
    lines = chat.type("/bookmarks", "1")
    assert lines[1] == "1. Hello: You: Hello"
    assert lines[-1].startswith("“Hello”, 2 messages. /read 1 reads that message")
    assert chat.type("/bookmark 1") == ["Bookmark removed."]


def test_sources_are_read_and_one_is_opened(opened: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    addresses: list[str] = []

    def open_in_browser(address: str) -> bool:
        addresses.append(address)
        return True

    monkeypatch.setattr("tui_chat.cli.lines.message_commands.open_in_browser", open_in_browser)
    chat = opened(provider__model="demo+search")
    chat.begin()
    chat.type("Hello")
    assert chat.type("/open_source 1") == ["This message cites no sources."]
    lines = chat.type("/sources", "1")
    assert lines[0] == "Open which in the browser?"
    assert lines[-1] == "Opened the source in the browser."
    assert addresses[0].startswith("http")
