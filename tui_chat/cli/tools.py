"""The tools of MCP servers that an option names."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Sequence

from tui_chat.cli.output import Complaint
from tui_chat.cli.parser import nearest
from tui_chat.program.parts import Parts
from tui_chat.program.wiring import Program
from tui_chat.settings.literals import shown
from tui_chat.tools import ServerState


def tool_named(text: str) -> tuple[str, str]:
    """Return server and name of a tool, which are given as SERVER:TOOL."""
    server, colon, tool = text.partition(":")
    if not (server and colon and tool):
        raise argparse.ArgumentTypeError(f"{shown(text)} is no SERVER:TOOL; `tui-chat mcp list` shows the servers")
    return server, tool


def check_tools(program: Program, tools: Sequence[tuple[str, str]]) -> None:
    """Complain of a tool whose server the settings do not have, or leave out."""
    servers = program.settings.now.mcp.servers
    for name, _ in tools:
        if name not in servers:
            hint = nearest(name, servers) or "; `tui-chat mcp list` shows those that there are"
            raise Complaint(f"There is no MCP server {shown(name)}{hint}", 2)
        if not servers[name].enabled:
            raise Complaint(f"The MCP server {name} is switched off (mcp.servers.{name}.enabled = false).", 2)


def check_offered(program: Program, parts: Parts, tools: Sequence[tuple[str, str]]) -> None:
    """Start the servers, and complain of a tool that one of them does not have; one that fails says so itself."""
    offer = program.tools.offer(parts.settings.now.mcp, parts.provider.name, tools)
    if offer is None:
        return
    offered = {(tool.server, tool.own_name) for tool in asyncio.run(offer.offered())}
    for server, tool in tools:
        ready = program.tools.servers.status(server).state is ServerState.READY
        if ready and (server, tool) not in offered and tool not in program.tools.servers.left_out(server):
            hint = f"; `tui-chat mcp test {server}` shows those that it has"
            raise Complaint(f"The MCP server {server} has no tool {shown(tool)}{hint}", 2)
