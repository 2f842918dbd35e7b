"""Words about summaries, and the question before one is made that costs too much."""

from __future__ import annotations

from tui_chat.cli.lines.line_terminal import LineTerminal
from tui_chat.cli.lines.questions import confirm
from tui_chat.program.send_checks import SendWarning
from tui_chat.text import clean_line
from tui_chat.ui.chat.compactor import Severity


class SpokenSummaries:
    """Tells of summaries in lines; the command that takes something back has the name of the app's action."""

    def __init__(self, terminal: LineTerminal) -> None:
        self._terminal = terminal

    def say(self, sentence: str, severity: Severity = "warning") -> None:
        """Say why there is no summary."""
        self._terminal.say(sentence)

    def offer_undo(self, sentence: str, action: str) -> None:
        """Say what was done, and which command takes it back."""
        self._terminal.say(f"{sentence} /{action} takes that back.")

    async def agrees(self, warning: SendWarning) -> bool:
        """Ask about a warning; True if a summary may be made nevertheless."""
        return confirm(self._terminal, clean_line(warning.question))
