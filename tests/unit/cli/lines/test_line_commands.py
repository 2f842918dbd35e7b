"""The table of the commands: nothing that the app can do is forgotten."""

from __future__ import annotations

from pathlib import Path

from tests.unit.cli.lines.conftest import Chat
from tui_chat.cli.lines.line_commands import GROUPS, command_names, commands_markdown
from tui_chat.settings import KEYS, Where

PAGE = Path(__file__).parents[4] / "docs" / "screen-readers.md"
OF_THE_LINE = {"send", "newline", "stop", "cancel", "earlier_prompt", "later_prompt", "unfold_pastes"}
"""Actions that are keys of the line: Enter, a backslash, Ctrl+C and the arrows."""
OF_THE_EYE = {name for name in KEYS if name.startswith(("scroll_", "focus_", "fold", "code_"))} | {
    *("palette", "previous_message", "next_message", "select_text", "wrap_code", "diagrams"),
    *("previous_column", "next_column", "zoom_column"),
}
"""Actions about places on a screen, which lines do not have."""
UNDER_ANOTHER_NAME = {"continue_message": "continue_reply", "answer_call": "", "stop_column": ""}
"""Those that need no command of their own: a call is asked about at once, Ctrl+C stops the reply that is read."""


def test_every_action_of_the_app_has_a_command() -> None:
    named = command_names() | OF_THE_LINE | OF_THE_EYE | set(UNDER_ANOTHER_NAME)
    assert set(KEYS) - named == set()
    assert not command_names() & OF_THE_EYE
    assert all(KEYS[name].where in Where for name in OF_THE_EYE)


def test_names_are_given_once() -> None:
    names = [name for group in GROUPS for command in group.commands for name in (command.name, *command.also)]
    assert len(names) == len(set(names))


def test_the_page_has_every_command() -> None:
    """`python -c 'from tui_chat.cli.lines.line_commands import *; print(commands_markdown(), end="")'` goes there."""
    assert commands_markdown() in PAGE.read_text()


def test_help_names_all_and_reads_what_is_asked_for(chat: Chat) -> None:
    lines = chat.type("/help")
    assert all(f"/{command.name}" in " ".join(lines) for group in GROUPS for command in group.commands)
    assert "/quit: Quit. Also /exit, /bye, /q." in chat.type("/help quit")
    assert len(chat.type("/help messages")) >= 10
    assert chat.type("/temp") == ["/temp may be /template, /temporary_conversation, /temperature."]
    assert chat.type("/help xyzzy") == ["No commands match “xyzzy”."]
    assert len(chat.type("/help all")) > len(command_names()) / 2
