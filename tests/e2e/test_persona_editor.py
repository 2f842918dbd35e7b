"""A persona that is written, and edited, in the user's editor, from the palette, in the real program."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tests.e2e.terminal import Terminal
from tests.e2e.warm import WarmProgram
from tests.waiting import PATIENCE_S
from tui_chat.demo import DemoServer

ASKS_AND_WRITES = """
printf 'The editor has %s\\r\\n' "$(basename "$1")"
read -r line
printf '%s\\n' "$line" >> "$1"
"""
"""An editor that shows itself, waits for a line, and adds it."""
PALETTE, ENTER = "\x10", "\r"


def test_it_is_written_edited_and_replies(
    environment: Mapping[str, str], server: DemoServer, warm: WarmProgram, tmp_path: Path
) -> None:
    script = tmp_path / "editor"
    script.write_text(ASKS_AND_WRITES)
    with Terminal(["--model", "demo"], {**environment, "EDITOR": f"sh '{script}'"}, warm) as terminal:
        terminal.wait_for("● Ready")
        _from_palette(terminal, "new persona")
        terminal.wait_for("New persona")
        terminal.send(f"pirate{ENTER}")
        _in_editor(terminal, "You are a pirate.")
        _from_palette(terminal, "edit persona: pirate")
        _in_editor(terminal, "You say arr.")
        _from_palette(terminal, "persona: pirate")
        terminal.wait_for("The persona pirate replies in this conversation.")
        terminal.send(f"Hello{ENTER}")
        assert server.wait_for(lambda log: len(log.replies) == 1, PATIENCE_S)
        assert "You are a pirate.\nYou say arr." in str(server.log.replies[0].body["system"]).replace("\\n", "\n")
        terminal.wait_for("in / ")
    file = tmp_path / "config" / "personas" / "pirate.md"
    assert file.read_text().endswith("---\nYou are a pirate.\nYou say arr.\n")


def _from_palette(terminal: Terminal, command: str) -> None:
    """Run a command of the palette that is found by its whole name."""
    terminal.wait_for("● Ready")
    terminal.send(PALETTE)
    terminal.wait_for("Search")
    terminal.send(command)
    terminal.wait_for(lambda text: _stands_first(command, text))
    terminal.send(ENTER)


def _stands_first(command: str, text: str) -> bool:
    """True if a command is the first below the field in which its name was typed: Enter runs that one."""
    rows = [row for row in text.splitlines() if any(character.isalnum() for character in row)]
    found = [place for place, row in enumerate(rows) if command in row]
    return len(found) > 1 and found[1] == found[0] + 1


def _in_editor(terminal: Terminal, line: str) -> None:
    """Add a line in the editor, and wait until the app has its terminal back."""
    terminal.wait_for("The editor has pirate.md")
    terminal.send(f"{line}\n")
    terminal.wait_for(lambda text: "● Ready" in text and "The editor has" not in text)
