"""One server from its start to its end. All of this happens in the event loop that all servers share."""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from tui_chat import __version__
from tui_chat.chat.parts import ToolResultPart
from tui_chat.chat.request import Tool
from tui_chat.text import reading
from tui_chat.tools.naming import offered_name
from tui_chat.tools.problems import NoServer, last_line, quoted, words_of
from tui_chat.tools.spec import Patience, ServerSpec, ServerState, ServerStatus

if TYPE_CHECKING:
    import mcp_types
    from mcp import Client
    from mcp.client.session import IncomingMessage

    from tui_chat.tools.stdio import StdioTransport

log = logging.getLogger(__name__)

T = TypeVar("T")

MOST_PAGES = 100
"""Pages of a list: one that never ends must not keep a reply waiting."""
HURRIED_END_S = 0.01
"""Seconds that a server has to end, and once more after it was told to, where a user waits for the end."""
LONGEST_DESCRIPTION = 8_000
"""Characters of what a server says of a tool."""


class Connection:
    """Starts a server when it is made, and keeps it until it is closed or ends by itself."""

    def __init__(self, spec: ServerSpec, patience: Patience) -> None:
        self.spec = spec
        self.state = ServerState.STARTING
        self.problem = ""
        """The sentence that says why it failed."""
        self.too_slow = False
        """True if it failed because it did not answer: to start it again would take as long again."""
        self.tools: Mapping[str, Tool] = {}
        """Its tools, under the names by which they are offered."""
        self.left_out: Mapping[str, str] = {}
        """Those that cannot be offered, by their own names, each with the reason."""
        self._patience = patience
        self._process: StdioTransport | None = None
        """The server's process, if it is one of ours."""
        self._stale = True
        self._has_resources = False
        self._calls = 0
        self._over = asyncio.Event()
        self._why = "ended"
        self._ready: asyncio.Future[Client] = asyncio.get_running_loop().create_future()
        self._task = asyncio.create_task(self._serve())

    @property
    def status(self) -> ServerStatus:
        """The server as it stands now."""
        return ServerStatus(self.state, len(self.tools), self.problem)

    @property
    def may_have_resources(self) -> bool:
        """True unless it has said that it has none."""
        return not self._ready.done() or self.ended or self._has_resources

    @property
    def ended(self) -> bool:
        """True if nothing can be asked of it any more."""
        return self._over.is_set() or self._task.done()

    async def client(self) -> Client:
        """Return the way to the server once it has started; `NoServer` says why there is none."""
        return await asyncio.shield(self._ready)

    async def list_tools(self) -> Mapping[str, Tool]:
        """Return its tools as they are now; `NoServer` says why it does not tell."""
        client = await self.client()
        if self._stale:
            try:
                async with asyncio.timeout(self._patience.list_s):
                    await self._list(client)
            except Exception as error:
                self.end(words_of(error))
                raise NoServer(self._sentence(words_of(error))) from error
        return self.tools

    async def call(self, id: str, tool: Tool, arguments: Mapping[str, Any]) -> ToolResultPart:
        """Return the result of a call; `NoServer` says why there is none. Cancelled, the server is told so."""
        from mcp import MCPError
        from mcp_types import CONNECTION_CLOSED, REQUEST_TIMEOUT

        from tui_chat.tools.results import bounded_text, text_of_result

        client = await self.client()
        self._calls += 1
        try:
            result = await client.call_tool(tool.own_name, dict(arguments), self._patience.call_s)
        except MCPError as error:
            if error.code == CONNECTION_CLOSED:
                why = f"{await self._end_of_it()} before it answered; the call may have had its effect"
                raise NoServer(self._sentence(why)) from error
            if error.code == REQUEST_TIMEOUT:
                why = f"did not answer within {self._patience.call_s:g} s; the call may still have its effect"
                raise NoServer(self._sentence(why)) from error
            return ToolResultPart(id, bounded_text(error.message), failed=True)
        except (RuntimeError, ValueError) as error:  # it is not what the tool promised, or not what MCP allows
            log.warning("a tool's result cannot be read")
            raise NoServer(self._sentence(f"answered with what cannot be read: {quoted(str(error))}")) from error
        except asyncio.CancelledError:
            if self.spec.url and self._calls == 1:
                self.end("was left")  # its answer may never end otherwise
            raise
        finally:
            self._calls -= 1
        return ToolResultPart(id, text_of_result(result), failed=result.is_error is True)

    async def ask(self, work: Callable[[Client], Awaitable[T]], patience_s: float) -> T:
        """Return something else that the server has; `NoServer` says why it does not tell."""
        client = await self.client()
        try:
            async with asyncio.timeout(patience_s):
                return await work(client)
        except Exception as error:
            log.warning("a server did not tell what it was asked", exc_info=True)
            raise NoServer(self._sentence(await self._reason(error))) from error

    async def _reason(self, error: Exception) -> str:
        """Return why it did not tell, as the end of a sentence."""
        from mcp import MCPError
        from mcp_types import CONNECTION_CLOSED

        match error:
            case MCPError(code=code) if code == CONNECTION_CLOSED:
                return await self._end_of_it()
            case MCPError(message=message):
                return f"refused it: {quoted(message) or 'it does not say why'}"
            case ValueError() | RuntimeError():  # it is not what MCP allows
                return "answered with what cannot be read"
        return words_of(error)

    async def _end_of_it(self) -> str:
        """Return why it has ended, once all is known of that."""
        await asyncio.wait([self._task], timeout=self._patience.end_s)
        return self._why

    def end(self, why: str) -> None:
        """Note that it is of no use any more, and have it ended."""
        if not self._over.is_set():
            self._why = why or self._why
            self._over.set()

    def hurry(self) -> None:
        """Have it ended by force, when it is ended, if it does not do so at once."""
        if self._process is not None:
            self._process.end_s = HURRIED_END_S

    async def close(self) -> None:
        """End it, and wait until it has ended."""
        self.end("was ended")
        if not self._ready.done():
            self._task.cancel()
        _, hanging = await asyncio.wait([self._task], timeout=3 * self._patience.end_s)
        for task in hanging:
            task.cancel()
            await asyncio.wait([task], timeout=self._patience.end_s)

    async def _serve(self) -> None:
        """Start it, hold the connection as long as it is good for anything, and end it."""
        try:
            await self._connect()
            self._fail(self._why)
        except asyncio.CancelledError:
            self._fail(self._why)
            raise
        except Exception as error:  # whatever it is, it costs no more than this server
            log.warning("a server failed", exc_info=True)
            self.too_slow = isinstance(error, TimeoutError)
            self._fail(self._why if self._over.is_set() else words_of(error, command=self.spec.command))
        finally:
            if not self._ready.done():
                self._ready.set_exception(NoServer(self.problem))
                self._ready.exception()  # it may be that nobody asks

    async def _connect(self) -> None:
        import anyio
        from mcp import Client
        from mcp_types import Implementation

        about = Implementation(name="tui-chat", version=__version__)
        with anyio.fail_after(self._patience.start_s) as patience:
            transport = self._transport()
            async with Client(transport, cache=None, client_info=about, message_handler=self._heard) as client:
                await self._list(client)
                patience.deadline = math.inf
                self._has_resources = client.server_capabilities.resources is not None
                self.state = ServerState.READY
                self._ready.set_result(client)
                async with _beside(self._listen(client)):
                    await self._over.wait()

    def _transport(self) -> Any:
        from tui_chat.tools.sieve import Sieve

        self._sieve = Sieve()
        if self.spec.url:
            from tui_chat.tools.http import http_transport

            return http_transport(self.spec.url, self.spec.headers, self._patience, self._sieve)
        from tui_chat.tools.stdio import StdioTransport

        self._process = StdioTransport(self.spec, self._patience, self._sieve, self.end)
        return self._process

    async def _list(self, client: Client) -> None:
        """Ask which tools there are, page by page."""
        self._stale, self._sieve.left_out = False, {}
        found: list[mcp_types.Tool] = []
        if client.server_capabilities.tools is not None:
            cursor: str | None = None
            for _ in range(MOST_PAGES):
                page = await client.list_tools(cursor=cursor)
                found += page.tools
                if (cursor := page.next_cursor) is None:
                    break
        named = [(offered_name(self.spec.name, tool.name), tool) for tool in found]
        self.tools = {name: self._tool(name, tool) for name, tool in reversed(named)}
        self.left_out = dict(self._sieve.left_out)

    def _tool(self, name: str, tool: mcp_types.Tool) -> Tool:
        return Tool(
            name,
            (tool.description or "")[:LONGEST_DESCRIPTION],
            tool.input_schema,
            server=self.spec.name,
            own_name=tool.name,
            read_only=bool(tool.annotations and tool.annotations.read_only_hint),
        )

    async def _heard(self, message: IncomingMessage) -> None:
        """Note that the server has other tools than before."""
        from mcp_types import ToolListChangedNotification

        if isinstance(message, ToolListChangedNotification):
            self._stale = True

    async def _listen(self, client: Client) -> None:
        """Have a server of the newer protocol tell of changes; where that ends, it is asked every time."""
        from mcp import MCPError
        from mcp.client.subscriptions import ListenNotSupportedError, SubscriptionLost

        try:
            async with client.listen(tools_list_changed=True) as changes:
                async for _ in changes:
                    self._stale = True
        except ListenNotSupportedError:
            return
        except (MCPError, SubscriptionLost, TimeoutError):
            log.info("a server does not tell of changes")

    def _fail(self, why: str) -> None:
        self._over.set()
        self.state = ServerState.FAILED
        self.tools = {}
        self.problem = self._sentence(why)

    def _sentence(self, why: str) -> str:
        last_words = last_line(self._process.last_words) if self._process is not None else ""
        return reading.sentence(f"The MCP server {self.spec.name} {why}.{last_words}")


@asynccontextmanager
async def _beside(work: Any) -> AsyncIterator[None]:
    """Have some work done beside the body, and end it with that."""
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
