"""The messages by which a view tells what has happened to its conversation."""

from __future__ import annotations

from textual.message import Message

from tui_chat.ui.chat.view import ConversationView


def test_changes_in_a_row_are_shown_once() -> None:
    """Each of them is about all of what is shown; an ended reply, which says something of its own, is none of them."""
    change = ConversationView.Changed()
    assert change.can_replace(ConversationView.Changed())
    assert not change.can_replace(ConversationView.TextBelow(below=True))
    assert not change.can_replace(Message())
