"""The palette's command that imports conversations."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from tui_chat.ui.shared.named_commands import NamedCommand, NamedCommands

if TYPE_CHECKING:
    from tui_chat.ui.app import TuiChatApp

NAME = "Import conversations"
ABOUT = "From claude.ai, ChatGPT, llm, elia, oterm, Markdown or an export"


class ImportCommands(NamedCommands):
    """Opens the dialog in which a file is named."""

    async def commands(self) -> list[NamedCommand]:
        """Return it."""
        return [NamedCommand(NAME, ABOUT, self._open)]

    def _open(self) -> None:
        from tui_chat.ui.conversations.import_screen import ImportScreen

        app = cast("TuiChatApp", self.app)
        app.push_screen(ImportScreen(app.program.store))
