"""Saving the files that the provider made for a conversation's replies."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from tui_chat.chat.server_results import made_files
from tui_chat.program.made_files import outcome_of
from tui_chat.ui.chat.navigation import Navigation
from tui_chat.ui.shared.background import begin


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
                begin(self.app, partial(self._save, ids, folder), "made files")  # also when a temporary chat is left

        self.app.push_screen(FolderDialog("Save the files that were made", Path.cwd()), save)

    async def _save(self, ids: tuple[str, ...], folder: Path) -> None:
        save = partial(self.session.parts.requests.save_made_files, ids, folder)
        said, is_well = await outcome_of(save, folder)
        self.notify(said, severity="information" if is_well else "warning", markup=False)
