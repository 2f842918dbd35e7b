"""Commands about the files that go with the next prompt."""

from __future__ import annotations

from pathlib import Path

from tui_chat.attachments import FileRefused, read_file
from tui_chat.cli.lines.line_chat import LineChat
from tui_chat.cli.lines.questions import answer
from tui_chat.text import clean_line
from tui_chat.text.amounts import counted


def attach(chat: LineChat, words: str) -> None:
    """Read a file that goes with the next prompt."""
    name = words or answer(chat.terminal, "File: ")
    if not name:
        chat.terminal.say("Cancelled.")
        return
    try:
        file = read_file(Path(name).expanduser())
    except FileRefused as error:
        chat.terminal.say(str(error))
        return
    chat.files.append(file)
    chat.terminal.say(f"{clean_line(file.name)} goes with the next prompt. /detach takes it away again.")


def detach(chat: LineChat, _words: str) -> None:
    """Let no file go with the next prompt."""
    count = len(chat.files)
    chat.files.clear()
    chat.terminal.say(f"{counted(count, 'file')} taken away." if count else "No files are attached.")
