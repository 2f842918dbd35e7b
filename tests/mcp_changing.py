"""An MCP server of the `mcp` package whose tools change, in a process: over its standard streams, or at an address.

With an argument it listens at a free port of this machine, and writes its address into that file.
"""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

import uvicorn
from mcp.server.mcpserver import Context, MCPServer
from mcp_types import Tool


class ChangingServer(MCPServer):
    """Writes down, for the test, how often it was asked which tools it has."""

    async def list_tools(self) -> list[Tool]:
        """Return its tools."""
        with (Path(os.environ["STUB_FOLDER"]) / "lists").open("a", encoding="utf-8") as file:
            file.write("asked\n")
        return await super().list_tools()


server = ChangingServer("changing")


def sing() -> str:
    """Sings."""
    return "La"


@server.tool()
async def learn(context: Context) -> str:
    """Learns to sing."""
    server.add_tool(sing)
    await context.notify_tools_changed()
    return "Learnt"


def main() -> None:
    """Serve until it is ended."""
    if len(sys.argv) == 1:
        server.run()
        return
    listener = socket.create_server(("127.0.0.1", 0))
    Path(sys.argv[1]).write_text(f"http://127.0.0.1:{listener.getsockname()[1]}/mcp\n", encoding="utf-8")
    uvicorn.Server(uvicorn.Config(server.streamable_http_app(), log_config=None, ws="none")).run([listener])


if __name__ == "__main__":
    main()
