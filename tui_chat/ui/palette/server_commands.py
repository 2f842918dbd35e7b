"""The palette's command that shows the MCP servers."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from tui_chat.ui.shared.named_commands import NamedCommand, NamedCommands

if TYPE_CHECKING:
    from tui_chat.ui.app import TuiChatApp

NAME = "MCP servers"
ABOUT = "Switch one on or off, or start one again that failed"


class ServerCommands(NamedCommands):
    """Opens the list of servers, where the settings have any."""

    async def commands(self) -> list[NamedCommand]:
        """Return it."""
        return [NamedCommand(NAME, ABOUT, self._open)] if self._app.program.settings.now.mcp.servers else []

    def _open(self) -> None:
        from tui_chat.ui.settings.servers import ServersDialog

        self._app.push_screen(ServersDialog(self._app.program.settings, self._app.program.tools))

    @property
    def _app(self) -> TuiChatApp:
        return cast("TuiChatApp", self.app)
