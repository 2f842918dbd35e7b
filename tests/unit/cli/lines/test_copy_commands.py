"""Messages that are copied, and quoted in the next prompt."""

from __future__ import annotations

import pytest

from tests.unit.cli.lines.conftest import Chat, Opener

REPLY = "First paragraph.\n\n```py\nx = 1\n\ty\n```\n\nSecond one,\nwith two lines.\n\n```\nplain\n```"
HOW_TO_LEAVE = "before the next prompt. /quote none takes it away again."


@pytest.fixture
def chat(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> Chat:
    """One with a reply that has code, on a system without a tool for its clipboard."""
    monkeypatch.setattr("tui_chat.cli.lines.copy_commands.clipboard_tool", lambda: None)
    chat.type("Hello")
    chat.type("/edit_reply")
    chat.type(REPLY)
    return chat


def test_a_reply_a_message_and_one_of_its_code_blocks_are_copied(chat: Chat) -> None:
    assert chat.type("/copy") == ["Sent the reply to the terminal's clipboard."]
    assert chat.terminal.clipboard == REPLY
    assert chat.type("/copy_message 1") == ["Sent message 1 to the terminal's clipboard."]
    assert chat.terminal.clipboard == "Hello"
    assert chat.type("/copy_code", "1") == [
        *("Copy which code block?", "1. x = 1, 2 lines", "2. plain, 1 line"),
        *("Enter a number, or nothing to cancel: 1", "Sent code block 1 of 2 to the terminal's clipboard."),
    ]
    assert chat.terminal.clipboard == "x = 1\n\ty"
    assert chat.type("/copy_code 1") == ["There is no code in message 1."]


def test_a_copy_says_where_it_went(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chat.terminal, "fill_clipboard", lambda _: False)
    assert chat.type("/copy") == ["This terminal has no clipboard."]
    monkeypatch.setattr("tui_chat.cli.lines.copy_commands.clipboard_tool", lambda: ["true"])
    assert chat.type("/copy") == ["Copied the reply."]
    assert chat.type("/new_conversation")
    assert chat.type("/copy") == ["There is no reply yet."]


def test_a_quotation_goes_before_the_next_prompt_and_no_other(chat: Chat) -> None:
    assert chat.type("/quote second") == [f"Quoted the reply, 2 lines, {HOW_TO_LEAVE}"]
    assert chat.type("/quote 1") == [f"Quoted message 1, 1 line, {HOW_TO_LEAVE}"]
    chat.type("Why?")
    assert chat.said()[2] == "> Second one,\n> with two lines.\n\n> Hello\n\nWhy?"
    assert chat.type("/quote none") == ["Nothing was quoted."]
    assert chat.type("/quote 1 xyzzy") == ["There is no “xyzzy” in message 1."]


def test_what_is_quoted_can_be_taken_away_and_is_kept_as_a_draft(chat: Chat, opened: Opener) -> None:
    chat.type("/quote 1")
    assert chat.type("/quote none") == ["Nothing is quoted now."]
    chat.type("/quote 1")
    chat.lines.keep_draft("Why")
    later = opened()
    later.begin(chat.lines.session.conversation)
    assert later.lines.filled_line() == "> Hello\n\nWhy"
