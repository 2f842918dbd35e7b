"""The MCP servers of the settings: how they stand, switched on and off, started again."""

from __future__ import annotations

from collections.abc import Sequence

from tui_chat.program.current_settings import CurrentSettings
from tui_chat.program.mcp_tools import McpTools, way_to
from tui_chat.records import dataclass
from tui_chat.tools import ServerState, ServerStatus


@dataclass(frozen=True)
class ServerRow:
    """A server, as lists show it."""

    name: str
    way: str
    """The way to it, without secrets."""
    enabled: bool
    status: ServerStatus

    @property
    def state(self) -> str:
        """Its state in a few words."""
        if not self.enabled:
            return "off"
        if self.status.state is not ServerState.READY:
            return f"on · {self.status.state}"
        return f"on · {self.status.tools} {'tool' if self.status.tools == 1 else 'tools'}"


class ServerSwitches:
    """Knows the servers, and changes how they stand."""

    def __init__(self, settings: CurrentSettings, tools: McpTools) -> None:
        self._settings, self._tools = settings, tools

    def rows(self) -> Sequence[ServerRow]:
        """Return the servers as they stand now."""
        return [
            ServerRow(name, way_to(server), server.enabled, self._tools.servers.status(name))
            for name, server in self._settings.now.mcp.servers.items()
        ]

    def switch(self, row: ServerRow) -> None:
        """Turn a server on or off, for good; one that runs is ended. SettingsError if that cannot be kept."""
        self._settings.switch_server(row.name, enabled=not row.enabled)
        if row.enabled:
            self._tools.servers.forget(row.name)

    def start(self, row: ServerRow) -> None:
        """Start a server anew."""
        self._tools.start_again(row.name, self._settings.now.mcp.servers[row.name])
