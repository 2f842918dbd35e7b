"""All servers of a program, in one thread with one event loop: they start when they are needed, and live to its end."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping, Sequence
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from tui_chat.chat.parts import ToolCallPart, ToolResultPart
from tui_chat.chat.request import Tool
from tui_chat.tools.connection import Connection
from tui_chat.tools.problems import NoServer
from tui_chat.tools.prompts import list_prompts, text_of_prompt
from tui_chat.tools.resources import list_resources, read_resource
from tui_chat.tools.spec import (
    Patience,
    ResourceContent,
    ServerPrompt,
    ServerResource,
    ServerSpec,
    ServerState,
    ServerStatus,
)

if TYPE_CHECKING:
    from mcp import Client

T = TypeVar("T")


class ToolServers:
    """Starts servers and asks them. For any thread; what returns a Future does not wait."""

    def __init__(self, report_problem: Callable[[str], None], patience: Patience | None = None) -> None:
        self._report = report_problem
        self._patience = patience or Patience()
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._is_closed = False
        self._connections: dict[str, Connection] = {}
        self._ending: set[asyncio.Task[None]] = set()
        self._reported: dict[str, str] = {}
        """The last sentence that was said of each server: the same is not said for every reply."""

    def status(self, name: str) -> ServerStatus:
        """Return a server as it stands now."""
        connection = self._connections.get(name)
        return connection.status if connection is not None else ServerStatus()

    def known(self, specs: Iterable[ServerSpec]) -> Mapping[str, Tool]:
        """Return the tools of those servers that run, as far as they have told; none is started for that."""
        found: dict[str, Tool] = {}
        for spec in specs:
            connection = self._connections.get(spec.name)
            if connection is not None and connection.spec == spec:
                found.update(connection.tools)
        return found

    def tools(self, specs: Sequence[ServerSpec]) -> Future[Mapping[str, Tool]]:
        """Return the tools of all of these servers once they have started; one that cannot is reported."""
        return self._do(self._tools(specs))

    def call(self, spec: ServerSpec, call: ToolCallPart, tool: Tool) -> Future[ToolResultPart]:
        """Return the result of a call, of one that fails, too. Cancelled, it ends at once."""
        return self._do(self._call(spec, call, tool))

    def prompts(self, specs: Sequence[ServerSpec]) -> Future[Sequence[ServerPrompt]]:
        """Return the prompts of those of the servers that run; none is started for that."""
        return self._do(self._prompts(specs))

    def prompt_text(self, spec: ServerSpec, name: str, values: Mapping[str, str]) -> Future[str]:
        """Return the text of a prompt with these values; `NoServer` says why there is none."""
        work = partial(text_of_prompt, name=name, values=values)
        return self._do(self._ask(spec, work, self._patience.call_s))

    def may_have_resources(self, name: str) -> bool:
        """True unless a server runs that has said that it has no resources."""
        connection = self._connections.get(name)
        return connection is None or connection.may_have_resources

    def resources(self, spec: ServerSpec) -> Future[Sequence[ServerResource]]:
        """Return the resources of a server, which is started for that; `NoServer` says why there are none."""
        return self._do(self._ask(spec, partial(list_resources, spec.name), self._patience.list_s))

    def resource(self, spec: ServerSpec, uri: str) -> Future[Sequence[ResourceContent]]:
        """Return what a server gives for a resource; `NoServer` says why it gives nothing."""
        return self._do(self._ask(spec, partial(read_resource, uri), self._patience.read_s))

    def left_out(self, name: str) -> Mapping[str, str]:
        """Return the tools of a server that cannot be offered, each with the reason."""
        connection = self._connections.get(name)
        return connection.left_out if connection is not None else {}

    def report(self, name: str, sentence: str) -> None:
        """Report what is wrong with a server, or with all of them for "", unless the same was said last."""
        if sentence != self._reported.get(name, ""):
            self._reported[name] = sentence
            if sentence:
                self._report(sentence)

    def forget(self, name: str) -> None:
        """End a server, so that it starts anew when it is needed again."""
        if self._loop is not None:
            self._do(self._end(name))

    def hurry(self) -> None:
        """Have servers that do not end at once ended by force when this is closed: somebody waits for the end."""
        for connection in list(self._connections.values()):
            connection.hurry()

    def close(self) -> None:
        """End all servers, with all that they have started, and the thread."""
        with self._lock:
            loop, thread, self._loop, self._is_closed = self._loop, self._thread, None, True
        if loop is None or thread is None:
            return
        with suppress(TimeoutError):
            ended = asyncio.run_coroutine_threadsafe(self._end_all(), loop)
            ended.result(5 * self._patience.end_s + 1)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(1)

    def _do(self, work: Coroutine[Any, Any, T]) -> Future[T]:
        """Do something in the servers' thread; nothing once they have ended: what that started, nobody would end."""
        with self._lock:
            if self._is_closed:
                work.close()
                too_late: Future[T] = Future()
                too_late.set_exception(NoServer("The program has ended its MCP servers."))
                return too_late
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._thread = threading.Thread(target=_run, args=(self._loop,), name="tool-servers", daemon=True)
                self._thread.start()
            return asyncio.run_coroutine_threadsafe(work, self._loop)

    async def _tools(self, specs: Sequence[ServerSpec]) -> Mapping[str, Tool]:
        found: dict[str, Tool] = {}
        for tools in await asyncio.gather(*map(self._tools_of, specs)):
            found.update(tools)
        return found

    async def _tools_of(self, spec: ServerSpec) -> Mapping[str, Tool]:
        try:
            connection = await self._connection(spec)
            tools = await connection.list_tools()
        except NoServer as problem:
            self.report(spec.name, str(problem))
            return {}
        bad = [f"{name} ({why})" for name, why in connection.left_out.items()]
        self.report(spec.name, f"Left out of the tools of {spec.name}: {', '.join(bad)}." if bad else "")
        return tools

    async def _call(self, spec: ServerSpec, call: ToolCallPart, tool: Tool) -> ToolResultPart:
        try:
            connection = await self._connection(spec)
            assert isinstance(call.input, dict)
            return await connection.call(call.id, tool, call.input)
        except NoServer as problem:
            return ToolResultPart(call.id, str(problem), failed=True)

    async def _prompts(self, specs: Sequence[ServerSpec]) -> Sequence[ServerPrompt]:
        running = [self._connections[spec.name] for spec in specs if self.status(spec.name).state is ServerState.READY]
        return [prompt for prompts in await asyncio.gather(*map(self._prompts_of, running)) for prompt in prompts]

    async def _prompts_of(self, connection: Connection) -> Sequence[ServerPrompt]:
        """Return a server's prompts; one that does not tell has none."""
        with suppress(NoServer):
            name = connection.spec.name
            return await connection.ask(partial(list_prompts, name), self._patience.list_s)
        return []

    async def _ask(self, spec: ServerSpec, work: Callable[[Client], Awaitable[T]], patience_s: float) -> T:
        connection = await self._connection(spec)
        return await connection.ask(work, patience_s)

    async def _connection(self, spec: ServerSpec) -> Connection:
        """Return the way to a server, which is started if it does not run, or runs by other settings."""
        connection = self._connections.get(spec.name)
        if connection is not None and connection.spec == spec:
            if connection.too_slow:
                raise NoServer(connection.problem)
            if not connection.ended:
                return connection
        if connection is not None:
            self._let_go(connection)
        connection = self._connections[spec.name] = Connection(spec, self._patience)
        return connection

    def _let_go(self, connection: Connection) -> None:
        """Have a server ended while another one begins in its place."""
        task = asyncio.create_task(connection.close())
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)

    async def _end(self, name: str) -> None:
        if (connection := self._connections.pop(name, None)) is not None:
            await connection.close()

    async def _end_all(self) -> None:
        await asyncio.gather(*(self._end(name) for name in list(self._connections)), *self._ending)


def _run(loop: asyncio.AbstractEventLoop) -> None:
    loop.run_forever()
    loop.run_until_complete(_cancel_others())
    loop.run_until_complete(loop.shutdown_asyncgens())
    loop.close()


async def _cancel_others() -> None:
    """Cancel what is still under way, and wait until it has ended."""
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
