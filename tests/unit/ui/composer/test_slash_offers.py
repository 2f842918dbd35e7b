"""Which commands a text behind a slash may begin, and in what order."""

from __future__ import annotations

import pytest

from tui_chat.ui.chat.slash_commands import question
from tui_chat.ui.composer.slash_offers import SlashCommand, matching

WORDS = (
    "new_conversation",
    "conversations",
    "next_conversation",
    "regenerate",
    "quit",
    "template review",
    "template quit",
    "persona Poet",
    "edit_template review",
)
COMMANDS = [SlashCommand(words, "", lambda: None) for words in WORDS]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", WORDS),
        ("new", ("new_conversation",)),
        ("New-C", ("new_conversation",)),
        ("new c", ("new_conversation",)),
        ("conv", ("conversations", "new_conversation", "next_conversation")),
        ("quit", ("quit", "template quit")),
        ("template ", ("template review", "template quit", "edit_template review")),
        ("poet", ("persona Poet",)),
        ("review", ("template review", "edit_template review")),
        ("template review", ("template review", "edit_template review")),
        ("rate 50", ()),
        ("rate", ()),
        ("fault", ()),
        (" quit", ()),
        ("etc/hosts is odd", ()),
        ("*", ()),
    ],
)
def test_what_a_query_may_mean(query: str, found: tuple[str, ...]) -> None:
    assert tuple(command.words for command in matching(query, COMMANDS)) == found


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("/foo bar", "Send “/foo bar” as a prompt?"),
        ("/foo\nbar", "Send “/foo …” as a prompt?"),
        ("/" + "x" * 60, f"Send “/{'x' * 39} …” as a prompt?"),
        ("/stop ", "/stop does nothing now. Send “/stop ” as a prompt?"),
    ],
)
def test_what_is_asked_before_such_a_text_is_sent(text: str, asked: str) -> None:
    assert question(text) == asked
