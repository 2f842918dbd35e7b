"""What was typed and not sent, and what is old: as the app leaves it and takes it up."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from tests.unit.cli.lines.conftest import Chat, Opener
from tui_chat.chat.message import utc_now


def test_what_was_not_sent_comes_back(opened: Opener, tmp_path: Path) -> None:
    chat = opened()
    chat.begin()
    note = tmp_path / "note.txt"
    note.write_text("A note.")
    chat.lines.filled_line()
    chat.type(f"/attach {note}")
    chat.lines.keep_draft("unsent\nprompt")
    chat = opened()
    chat.begin()
    assert chat.type("Sent: {}")[:2] == [
        "You typed this before, and did not send it.",
        "note.txt goes with the next prompt. /detach takes it away again.",
    ]
    assert chat.said()[0] == "Sent: unsent\nprompt"
    chat = opened()
    assert chat.begin() == []
    assert chat.lines.filled_line() == ""


def test_each_conversation_has_its_draft(chat: Chat) -> None:
    chat.type("Hello")
    chat.lines.keep_draft("later")
    chat.lines.keep_draft("/new")
    chat.type("/new")
    assert chat.lines.filled_line() == ""
    chat.type("/open hello", "1")
    assert chat.lines.filled_line() == "later"


def test_what_is_old_is_deleted_once_that_was_agreed_to(opened: Opener) -> None:
    chat = opened()
    chat.begin()
    old = {"title": "Old", "messages": [{"role": "user", "text": "Hi"}]}
    old["updated_at"] = (utc_now() - timedelta(days=40)).isoformat()
    chat.program.store.import_(old)
    chat = opened("[history]\nretention_days = 30\n")
    chat.terminal.answers.append("")
    assert chat.begin()[-1] == "Cancelled."
    chat = opened()
    chat.terminal.answers.append("y")
    lines = chat.begin()
    assert lines[0].startswith("1 conversation did not change for 30 days.")
    assert lines[-1] == "1 conversation older than 30 days was deleted (history.retention_days)."


def test_a_file_below_a_home_that_nobody_has_is_refused_in_a_sentence(chat: Chat) -> None:
    (sentence,) = chat.type("/attach ~nobody-of-that-name/notes.txt")
    assert "notes.txt" in sentence
