"""The palette's commands about the summary that is sent in place of earlier messages."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from tui_chat.ui.chat.compactor import Compactor
from tui_chat.ui.shared.named_commands import NamedCommand, NamedCommands


@runtime_checkable
class HasSummaries(Protocol):
    """A screen on which earlier messages are summarized."""

    compactor: Compactor

    def action_edit_summary(self) -> None:
        """Put the summary into the composer."""

    async def action_remove_summary(self) -> None:
        """Send the messages again that it stands for."""

    async def action_restore_summary(self) -> None:
        """Bring back the one that was removed last."""


class SummaryCommands(NamedCommands):
    """Edits the summary, removes it, or brings it back."""

    async def commands(self) -> list[NamedCommand]:
        """Return the commands that change anything now."""
        screen, commands = self.screen, list[NamedCommand]()
        if not isinstance(screen, HasSummaries):
            return commands
        if screen.compactor.can_change():
            about = "The summary that is sent in place of earlier messages"
            commands.append(NamedCommand("Edit the summary", about, screen.action_edit_summary))
            about = "Earlier messages are sent again, word for word"
            commands.append(NamedCommand("Remove the summary", about, screen.action_remove_summary))
        if screen.compactor.can_bring_back:
            about = "The one that was removed last"
            commands.append(NamedCommand("Restore the summary", about, screen.action_restore_summary))
        return commands
