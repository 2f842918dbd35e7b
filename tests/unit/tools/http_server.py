"""An MCP server at an address, of the `mcp` package, in a thread."""

from __future__ import annotations

import asyncio
import socket
import threading
from typing import Any

from tests.waiting import wait_until


class HttpServer:
    """An MCP server whose tools a test can see and change."""

    def __init__(self) -> None:
        import uvicorn
        from mcp.server.mcpserver import MCPServer

        self.hanging, self.let_go = 0, 0
        self.mcp = MCPServer("far")
        self.mcp.tool()(self.double)
        self.mcp.tool()(self.hang)
        listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{listener.getsockname()[1]}/mcp"
        self.authorizations: set[str] = set()
        config = uvicorn.Config(
            self._noting(self.mcp.streamable_http_app()), log_config=None, ws="none", timeout_graceful_shutdown=1
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, args=([listener],))
        self._thread.start()
        wait_until(lambda: self._server.started, "the server listens")

    def _noting(self, app: Any) -> Any:
        """Return the application, its requests noted."""

        async def noting(scope: Any, receive: Any, send: Any) -> None:
            if scope["type"] == "http":
                self.authorizations.add(dict(scope["headers"]).get(b"authorization", b"").decode())
            await app(scope, receive, send)

        return noting

    async def double(self, number: int) -> str:
        """Doubles a number."""
        return str(2 * number)

    async def hang(self) -> str:
        """Never answers."""
        self.hanging += 1
        try:
            await asyncio.Event().wait()
        finally:
            self.let_go += 1
        return ""

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join()
