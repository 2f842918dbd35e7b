"""The tools that one reply may call."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence

from tui_chat.chat.parts import ToolCallPart, ToolResultPart
from tui_chat.chat.request import Tool
from tui_chat.text.limits import MOST_TOOLS
from tui_chat.tools.servers import ToolServers
from tui_chat.tools.spec import ServerSpec, ServerState


class ToolOffer:
    """Offers the tools of some servers as they are when the reply begins: a call is of what was offered."""

    def __init__(
        self, servers: ToolServers, specs: Sequence[ServerSpec], only: Collection[tuple[str, str]] | None = None
    ) -> None:
        """`only` names the tools that are offered, by server and name there; None for all."""
        self._servers = servers
        self._specs = {spec.name: spec for spec in specs}
        self._only = only
        self._tools: Mapping[str, Tool] = {}

    @property
    def waits_for(self) -> Sequence[str]:
        """The names of the servers that have yet to start before it can be told which tools there are."""
        return [name for name in self._specs if self._servers.status(name).state is not ServerState.READY]

    async def offered(self) -> Sequence[Tool]:
        """Return the tools that there are, once their servers have started; one that cannot has none."""
        found = await asyncio.wrap_future(self._servers.tools(list(self._specs.values())))
        wanted = [item for item in sorted(found.items()) if self._is_wanted(item[1])]
        too_many = f"Only {MOST_TOOLS} of the {len(wanted)} tools are offered: a model takes no more."
        self._servers.report("", too_many if len(wanted) > MOST_TOOLS else "")
        self._tools = dict(wanted[:MOST_TOOLS])
        return list(self._tools.values())

    def _is_wanted(self, tool: Tool) -> bool:
        return self._only is None or (tool.server, tool.own_name) in self._only

    def tool(self, name: str) -> Tool | None:
        """Return the tool that was offered under a name."""
        return self._tools.get(name)

    async def run(self, call: ToolCallPart) -> ToolResultPart:
        """Return the result of a call; one that fails has one, too. Whatever it began ends when this is cancelled."""
        tool = self._tools.get(call.name)
        if tool is None:
            return ToolResultPart(call.id, f"There is no tool {call.name}.", failed=True)
        return await asyncio.wrap_future(self._servers.call(self._specs[tool.server], call, tool))
