"""One tab of a browser, and the app that it shows: loading the page anew finds it as it was."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import suppress
from typing import Any

from aiohttp import WSCloseCode, WSMsgType
from aiohttp.web import WebSocketResponse

from tui_chat.cli.web.app_process import AppProcess, Size
from tui_chat.records import dataclass

LINGER_S = 10.0
"""Seconds that the app goes on without a page: one that is loaded anew is back in a second or two."""
LARGEST_SIDE = 1_000
MOST_BYTES = 32 * 1024 * 1024
"""The largest message of a page: a paste as long as a prompt may be."""
GOODBYE_S = 0.3
"""Seconds that a page may take to answer that it is closed."""

_CLOSED = "tui-chat is closed. What came is kept."
_ELSEWHERE = "tui-chat goes on in another tab."
SERVER_ENDS = "`tui-chat serve` has ended. What came is kept."


@dataclass(frozen=True)
class TabCommands:
    """The commands that start the app."""

    first: Sequence[str]
    again: Sequence[str]
    """In a tab whose app has ended: to go on."""


class Tab:
    """Shows its app in the page that came last."""

    def __init__(self, commands: TabCommands) -> None:
        self._commands = commands
        self._command = commands.first
        self._app: AppProcess | None = None
        self._page: WebSocketResponse | None = None
        self._changing = asyncio.Lock()
        self._leaving: asyncio.TimerHandle | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def running(self) -> bool:
        """True if its app runs."""
        return self._app is not None

    async def show_in(self, page: WebSocketResponse, size: Size) -> None:
        """Show the app in this page for as long as both are there."""
        before, self._page = self._page, page
        if before is not None:
            await _close(before, _ELSEWHERE)
        if self._leaving is not None:
            self._leaving.cancel()
        try:
            app = await self._attached(size)
            async for message in _messages(page):
                await _pass_on(message, app)
        finally:
            if self._page is page:
                self._page = None
                self._leave_soon()

    async def end(self, why: str) -> None:
        """Tell the page, and end the app."""
        page, self._page = self._page, None
        if page is not None:
            await _close(page, why)
        await self._leave()

    async def _attached(self, size: Size) -> AppProcess:
        """Return the app, started or as it is, showing itself in the size of the page."""
        async with self._changing:
            if self._app is not None:
                await self._app.tell("attach", **size._asdict())
                return self._app
            self._app = app = await AppProcess.start(self._command, size)
            self._command = self._commands.again
            self._run(self._show(app))
            return app

    async def _show(self, app: AppProcess) -> None:
        """Let the page see what the app draws; while there is no page, nobody does."""
        async for frame in app.frames():
            if self._page is not None:
                with suppress(ConnectionError):
                    await self._page.send_bytes(frame)
        if self._app is app:  # it has ended by itself
            self._app = None
            if self._page is not None:
                await _close(self._page, _CLOSED)

    def _leave_soon(self) -> None:
        loop = asyncio.get_running_loop()
        self._leaving = loop.call_later(LINGER_S, lambda: self._run(self._leave()))

    async def _leave(self) -> None:
        """End the app; a page that comes meanwhile waits for it, and finds in the next one what this one has kept."""
        async with self._changing:
            app, self._app = self._app, None
            if app is not None:
                await app.end()

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


async def _messages(page: WebSocketResponse) -> AsyncIterator[list[Any]]:
    """Yield what the page says; close one that says what no page of ours does."""
    async for message in page:
        said = _understood(message.data) if message.type is WSMsgType.TEXT else None
        if said is None:
            await page.close(code=WSCloseCode.POLICY_VIOLATION)
            return
        yield said


def _understood(text: str) -> list[Any] | None:
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return said if isinstance(said, list) and said else None


async def _pass_on(said: list[Any], app: AppProcess) -> None:
    """Let the app know what a page said, as far as it is anything."""
    match said:
        case ["stdin", str(typed)]:
            await app.type(typed)
        case ["resize", {"width": int(width), "height": int(height)}]:
            await app.tell("resize", **bounded(width, height)._asdict())
        case ["focus" | "blur" as what]:
            await app.tell(what)


def bounded(width: int, height: int) -> Size:
    """Return a size that a screen can have."""
    return Size(min(max(width, 1), LARGEST_SIDE), min(max(height, 1), LARGEST_SIDE))


async def _close(page: WebSocketResponse, why: str) -> None:
    with suppress(asyncio.TimeoutError):
        await asyncio.wait_for(page.close(message=why.encode()), GOODBYE_S)
