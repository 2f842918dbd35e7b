"""The palette's command that brings the message back that was deleted last."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from tui_chat.chat.message import title_of
from tui_chat.text import clean_line, fit
from tui_chat.ui.chat.message_edits import MessageEdits
from tui_chat.ui.shared.named_commands import NamedCommand, NamedCommands

LONGEST_EXCERPT = 60
ABOUT = "Undo the deletion of a message"


@runtime_checkable
class DeletesMessages(Protocol):
    """A screen on which messages are deleted and brought back."""

    edits: MessageEdits

    async def action_undelete_message(self) -> None:
        """Bring back the message that was deleted last."""


class UndeleteCommands(NamedCommands):
    """A command for the message that was deleted last, until the app ends."""

    async def commands(self) -> list[NamedCommand]:
        """Return it, if there is such a message."""
        screen = self.screen
        if not (isinstance(screen, DeletesMessages) and screen.edits.deleted):
            return []
        excerpt = fit(clean_line(title_of(screen.edits.deleted[-1].message)), LONGEST_EXCERPT)
        return [NamedCommand(f"Undo: bring back the message “{excerpt}”", ABOUT, screen.action_undelete_message)]
