"""Saving the files that the provider made for a conversation's replies."""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path
from typing import Protocol, runtime_checkable

from tui_chat.chat.errors import ChatError
from tui_chat.chat.server_results import made_files
from tui_chat.settings import SettingsError
from tui_chat.text import clean_line
from tui_chat.ui.chat.navigation import Navigation
from tui_chat.ui.shared.background import begin
from tui_chat.ui.shared.named_commands import NamedCommand, NamedCommands

ABOUT = "Files that code made for this conversation's replies"


class SavesMadeFiles(Navigation):
    """The part of the chat screen that saves made files."""

    def made_files(self) -> tuple[str, ...]:
        """Return the ids of the files that were made for this conversation."""
        return made_files(part for message in self.session.conversation.messages for part in message.parts)

    def action_save_made_files(self) -> None:
        """Ask for a folder, and save the files there."""
        from tui_chat.ui.chat.folder_dialog import FolderDialog

        ids = self.made_files()

        def save(folder: Path | None) -> None:
            if folder is not None and ids:
                begin(self, partial(self._save, ids, folder), "made files")

        self.app.push_screen(FolderDialog("Save the files that were made", Path.cwd()), save)

    async def _save(self, ids: tuple[str, ...], folder: Path) -> None:
        try:
            saved = await asyncio.wrap_future(self.session.parts.requests.save_made_files(ids, folder))
        except ChatError as error:
            self.notify(f"Nothing more was saved: {error.sentence}", severity="warning", markup=False)
        except SettingsError as error:
            self.notify(str(error), severity="warning", markup=False)
        except OSError as error:
            self.notify(f"Nothing more was saved: {error.strerror or error}.", severity="warning", markup=False)
        else:
            names = ", ".join(clean_line(path.name) for path in saved)
            self.notify(f"Saved {names} in {clean_line(str(folder))}.", markup=False)


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
