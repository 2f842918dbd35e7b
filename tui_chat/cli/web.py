"""The web server of `tui-chat serve`: Textual's own, behind a key."""

from __future__ import annotations

import secrets
import socket

from aiohttp import web
from aiohttp.typedefs import Handler
from textual_serve.server import Server

from tui_chat.cli.output import flush, note, put

HOST = "127.0.0.1"
POLICY = "default-src 'self' 'unsafe-inline' data:; connect-src 'self' ws:"
"""The page asks nobody else for anything; of itself it would fetch a font."""
LOCKED_OUT = "This page opens with the link that `tui-chat serve` has printed."


class Web(Server):
    """Lets in whoever has the link, and nobody else: what comes in here types into the user's own app."""

    def __init__(self, command: str, port: int, key: str) -> None:
        """Take a port, 0 for any that is free. An OSError says why it cannot be used."""
        self._listener = socket.create_server((HOST, port))
        port = self._listener.getsockname()[1]
        super().__init__(command, HOST, port, title="tui-chat")
        self._key = key
        self._cookie = f"tui-chat-{port}"

    def serve(self, debug: bool = False) -> None:
        """Serve until Ctrl+C."""
        web.run_app(self._make_app(), sock=self._listener, print=lambda *_: self._tell_link(), access_log=None)

    async def on_startup(self, app: web.Application) -> None:
        """It does not listen yet: there is nothing to say."""

    def _tell_link(self) -> None:
        put(f"{self.public_url}/?key={self._key}")
        flush()
        note("Open this link in a browser; Ctrl+C ends it.")

    async def _make_app(self) -> web.Application:
        app = await super()._make_app()
        app.middlewares.append(self._let_in)
        return app

    @web.middleware
    async def _let_in(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Ask for the key: the link has it, and after that a cookie that no other site's page can send."""
        given = request.query.get("key") or request.cookies.get(self._cookie, "")
        if not secrets.compare_digest(given.encode(), self._key.encode()):
            raise web.HTTPForbidden(text=LOCKED_OUT)
        response = await handler(request)
        if not response.prepared:
            response.set_cookie(self._cookie, self._key, httponly=True, samesite="Strict")
            response.headers["Content-Security-Policy"] = POLICY
        return response
