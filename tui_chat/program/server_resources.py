"""The resources of MCP servers as files that go with a prompt."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from tui_chat.attachments import FileRefused, file_part
from tui_chat.chat.parts import FilePart
from tui_chat.program.current_settings import CurrentSettings
from tui_chat.program.mcp_tools import McpTools
from tui_chat.tools import NoServer, ResourceContent, ServerResource, ServerSpec


class ServerResources:
    """Looks resources up at the servers that the settings enable now."""

    def __init__(self, settings: CurrentSettings, tools: McpTools) -> None:
        self._settings = settings
        self._tools = tools

    def servers(self) -> Sequence[str]:
        """Return the names of the servers that may have resources; none is started for that."""
        names = [spec.name for spec in self._tools.enabled(self._settings.now.mcp)]
        return [name for name in names if self._tools.servers.may_have_resources(name)]

    async def listed(self, server: str) -> Sequence[ServerResource]:
        """Return the resources of a server, which is started for that; `NoServer` says why there are none."""
        return await asyncio.wrap_future(self._tools.servers.resources(self._spec(server)))

    async def files(self, resource: ServerResource) -> Sequence[FilePart]:
        """Return a resource as files; `NoServer` or `FileRefused` says why it cannot be had."""
        found = await asyncio.wrap_future(self._tools.servers.resource(self._spec(resource.server), resource.uri))
        if not found:
            raise FileRefused(resource.name, "is empty")
        return await asyncio.to_thread(_files, resource, found)

    def _spec(self, server: str) -> ServerSpec:
        for spec in self._tools.enabled(self._settings.now.mcp):
            if spec.name == server:
                return spec
        raise NoServer(f"The MCP server {server} is switched off.")


def _files(resource: ServerResource, found: Sequence[ResourceContent]) -> Sequence[FilePart]:
    if len(found) == 1:
        return [file_part(resource.name, found[0].content)]
    return [file_part(_last_part(part.uri) or resource.name, part.content) for part in found]


def _last_part(uri: str) -> str:
    return uri.rstrip("/").rpartition("/")[2]
