"""The palette's command that saves the files that were made for a conversation."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from tui_chat.ui.shared.named_commands import NamedCommand, NamedCommands

ABOUT = "Files that code made for this conversation's replies"


@runtime_checkable
class HasMadeFiles(Protocol):
    """A screen from which made files are saved."""

    def made_files(self) -> tuple[str, ...]:
        """Return their ids."""
        ...

    def action_save_made_files(self) -> None:
        """Save them."""
        ...


class MadeFilesCommands(NamedCommands):
    """A command for the files that were made, where there are any."""

    async def commands(self) -> list[NamedCommand]:
        """Return it."""
        screen = self.screen
        if not isinstance(screen, HasMadeFiles) or not screen.made_files():
            return []
        return [NamedCommand("Save the files that were made", ABOUT, screen.action_save_made_files)]
