"""The server: a page, its files, and the connection between it and its app."""

from __future__ import annotations

import asyncio
import signal
import socket
from collections.abc import Awaitable, Callable
from importlib.resources import files

from aiohttp import web
from aiohttp.typedefs import Handler

from tui_chat.cli.output import flush, note, put
from tui_chat.cli.web.access import Door
from tui_chat.cli.web.tab import MOST_BYTES, TabCommands, bounded
from tui_chat.cli.web.tabs import Full, Tabs

HOST = "127.0.0.1"
HEARTBEAT_S = 15.0
GOODBYE_S = 0.2
"""Seconds that requests still being answered may take once the server ends."""
ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

USED = "This link cannot be used any more: each opens one tab. The terminal where `tui-chat serve` runs shows the next."
FULL = "As many tabs are open as there may be: close one, and open the link again."

_OURS, _TEXTUALS = files("tui_chat.cli.web"), files("textual_serve") / "static"
PARTS = {
    "/page.js": (_OURS / "page.js", "text/javascript"),
    "/page.css": (_OURS / "page.css", "text/css"),
    "/textual.js": (_TEXTUALS / "js" / "textual.js", "text/javascript"),
    "/xterm.css": (_TEXTUALS / "css" / "xterm.css", "text/css"),
}
"""The files of the page. Nothing in them is secret."""


class WebServer:
    """Shows the app to whoever has the link, and nobody else: what comes in here types into the user's own app."""

    def __init__(self, commands: TabCommands, port: int) -> None:
        """Take a port, 0 for any that is free. An OSError says why it cannot be used."""
        self._listener = socket.create_server((HOST, port))
        port = self._listener.getsockname()[1]
        self._host = HOST if port == 80 else f"{HOST}:{port}"  # as browsers say it
        self._door = Door(self._host)
        self._tabs = Tabs(commands, lambda query: note(f"For another tab: {self._link(query)}"))
        self._page = (_OURS / "page.html").read_text(encoding="utf-8")

    def serve(self) -> None:
        """Serve until Ctrl+C."""
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        ended = asyncio.Event()
        for number in ENDING:
            asyncio.get_running_loop().add_signal_handler(number, ended.set)
        runner = web.AppRunner(self._application(), access_log=None, shutdown_timeout=GOODBYE_S)
        await runner.setup()
        await web.SockSite(runner, self._listener).start()
        put(self._link(self._tabs.query))
        flush()
        note("Open this link in a browser; it opens one tab. Ctrl+C ends it.")
        await ended.wait()
        await self._tabs.end()
        await runner.cleanup()

    def _link(self, query: str) -> str:
        return f"http://{self._host}/?{query}"

    def _application(self) -> web.Application:
        application = web.Application(middlewares=[self._let_in])
        application.on_response_prepare.append(self._protect)
        application.router.add_get("/", self._show_page, allow_head=False)
        for path, (file, kind) in PARTS.items():
            application.router.add_get(path, _giving(file.read_bytes(), kind))
        application.router.add_get("/tab/{secret}", self._connect, allow_head=False)
        return application

    @web.middleware
    async def _let_in(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if not self._door.admits(request):
            return await self._door.refuse(request)
        return await handler(request)

    async def _protect(self, _request: web.Request, response: web.StreamResponse) -> None:
        """Let no other site show the page or learn of it, and the page ask nobody else for anything."""
        response.headers.update(
            {
                "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
                f"img-src 'self' data:; connect-src 'self' ws://{self._host}; "
                "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
                "Referrer-Policy": "no-referrer",
                "Cache-Control": "no-store",
                "X-Content-Type-Options": "nosniff",
                "Cross-Origin-Opener-Policy": "same-origin",
                "Cross-Origin-Resource-Policy": "same-origin",
            }
        )

    async def _show_page(self, request: web.Request) -> web.Response:
        """Return the page; with the key, the one for a new tab."""
        key = request.query.get("key")
        if key is None:
            return self._page_for("", "")
        try:
            secret = self._tabs.open(key)
        except Full:
            return self._page_for("", FULL, status=503)
        if secret is None:
            await self._door.slow_down(request)
            return self._page_for("", USED, status=403)
        return self._page_for(secret, "")

    def _page_for(self, secret: str, sentence: str, status: int = 200) -> web.Response:
        text = self._page.replace("{secret}", secret).replace("{sentence}", sentence)
        return web.Response(status=status, text=text, content_type="text/html")

    async def _connect(self, request: web.Request) -> web.StreamResponse:
        """Connect a page with the app of its tab."""
        try:
            tab = self._tabs.find(request.match_info["secret"]) if self._door.is_own_page(request) else None
        except Full:
            return web.Response(status=503, text=FULL)
        if tab is None:
            return await self._door.refuse(request)
        page = web.WebSocketResponse(heartbeat=HEARTBEAT_S, max_msg_size=MOST_BYTES)
        await page.prepare(request)
        await tab.show_in(page, bounded(_number(request, "width", 80), _number(request, "height", 24)))
        return page


def _giving(content: bytes, kind: str) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def give(_request: web.Request) -> web.Response:
        return web.Response(body=content, content_type=kind, charset="utf-8")

    return give


def _number(request: web.Request, name: str, otherwise: int) -> int:
    text = request.query.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else otherwise
