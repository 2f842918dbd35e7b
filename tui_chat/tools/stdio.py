"""A server that is a process of ours: messages over its standard input and output, a line each.

Its standard error is read and never shown as it comes: the last of it says why a server ended. It has a session of its
own, so that it has no terminal to write to, and so that all that it started can be ended with it.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from asyncio.subprocess import PIPE, Process, SubprocessStreamProtocol
from collections.abc import Callable
from types import TracebackType
from typing import TypeAlias

import anyio
from anyio.streams.memory import MemoryObjectReceiveStream, MemoryObjectSendStream
from mcp.shared.message import SessionMessage
from mcp_types import jsonrpc_message_adapter

from tui_chat.text.limits import LONGEST_LINE_BYTES
from tui_chat.tools.sieve import Sieve
from tui_chat.tools.spec import Patience, ServerSpec

MessageStreams: TypeAlias = tuple[
    MemoryObjectReceiveStream[SessionMessage | Exception], MemoryObjectSendStream[SessionMessage]
]
"""The messages that come, and those that go."""
MOST_LAST_WORDS = 2_000
"""Characters that are kept of what a server has written to standard error."""
LONGEST_DEATH_S = 10.0
"""Seconds that the system may take to end a process by force: on a busy machine more than a server is given."""
TOO_MUCH = f"it sent more than {LONGEST_LINE_BYTES // 1_000_000} MB at once"


class StdioTransport:
    """Starts a server, carries messages to it and from it, and ends it with all that it has started."""

    def __init__(self, spec: ServerSpec, patience: Patience, sieve: Sieve, on_end: Callable[[str], None]) -> None:
        """`on_end` is told why, when the server has ended by itself."""
        self._spec = spec
        self._patience = patience
        self._sieve = sieve
        self._on_end = on_end
        self.end_s = patience.end_s
        """Seconds that it is given to end, and again after each thing that is done about it."""
        self._ending = False
        self.last_words = ""
        """The end of what it has written to standard error."""

    async def __aenter__(self) -> MessageStreams:
        """Start the server."""
        self._process, self._pipes = await _started(self._spec)
        to_us, read_stream = anyio.create_memory_object_stream[SessionMessage | Exception](0)
        write_stream, from_us = anyio.create_memory_object_stream[SessionMessage](0)
        self._streams = (read_stream, write_stream)
        self._hearing = asyncio.create_task(self._hear(self._process))
        others = (self._read(self._process, to_us), self._write(self._process, from_us))
        self._tasks = [self._hearing, *map(asyncio.create_task, others)]
        return read_stream, write_stream

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the server: by the end of its input first, by force if it takes no notice."""
        self._ending = True
        with anyio.CancelScope(shield=True):
            for stream in self._streams:
                await stream.aclose()
            await end_process(self._process, self._pipes, self.end_s)
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _read(self, process: Process, to_us: MemoryObjectSendStream[SessionMessage | Exception]) -> None:
        """Pass on what the server says; what is no message is none of its words."""
        assert process.stdout is not None
        why = ""
        async with to_us:
            try:
                while line := await process.stdout.readline():
                    with contextlib.suppress(_NotAMessage):
                        await to_us.send(self._sieve.sifted(_message_in(line)))
            except ValueError:
                why = TOO_MUCH
            except (anyio.BrokenResourceError, anyio.ClosedResourceError):
                return
        await asyncio.wait([self._hearing], timeout=self._patience.end_s)  # its last words say why
        if not self._ending:
            self._on_end(why)

    async def _write(self, process: Process, from_us: MemoryObjectReceiveStream[SessionMessage]) -> None:
        assert process.stdin is not None
        async with from_us:
            with contextlib.suppress(OSError):  # it has ended; who reads from it finds that out
                async for message in from_us:
                    text = message.message.model_dump_json(by_alias=True, exclude_unset=True)
                    process.stdin.write(f"{text}\n".encode())
                    await process.stdin.drain()

    async def _hear(self, process: Process) -> None:
        """Keep the last of what it writes to standard error."""
        assert process.stderr is not None
        while piece := await process.stderr.read(4096):
            self.last_words = (self.last_words + piece.decode(errors="replace"))[-MOST_LAST_WORDS:]


class _Streams(SubprocessStreamProtocol):
    """The streams of a server, which end with it: a process that it has started may hold them open."""

    def __init__(self) -> None:
        super().__init__(LONGEST_LINE_BYTES, asyncio.get_running_loop())
        self.pid = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Note whose streams they are."""
        super().connection_made(transport)
        self.pid = transport.get_pid() if isinstance(transport, asyncio.SubprocessTransport) else 0

    def process_exited(self) -> None:
        """End what the server has started."""
        if self.pid:
            _signal_group(self.pid, signal.SIGKILL)
        super().process_exited()


async def _started(spec: ServerSpec) -> tuple[Process, asyncio.SubprocessTransport]:
    loop = asyncio.get_running_loop()
    transport, streams = await loop.subprocess_exec(
        _Streams,
        spec.command,
        *spec.args,
        stdin=PIPE,
        stdout=PIPE,
        stderr=PIPE,
        env=spec.environment,
        start_new_session=True,
    )
    return Process(transport, streams, loop), transport


class _NotAMessage(Exception):
    """A line that is no message: something that the server should have written elsewhere."""


def _message_in(line: bytes) -> SessionMessage:
    try:
        return SessionMessage(jsonrpc_message_adapter.validate_json(line, by_name=False))
    except ValueError as error:
        raise _NotAMessage from error


async def end_process(process: Process, pipes: asyncio.SubprocessTransport, patience_s: float) -> None:
    """End a process and all that is in its group; each step is given its time, unless this is cancelled."""
    assert process.stdin is not None
    process.stdin.close()
    try:
        if not await _has_ended(process, patience_s):
            _signal_group(process.pid, signal.SIGTERM)
            await _has_ended(process, patience_s)
    finally:
        _signal_group(process.pid, signal.SIGKILL)  # what it has started may live on without it
        await _has_ended(process, LONGEST_DEATH_S)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            pipes.close()


async def _has_ended(process: Process, patience_s: float) -> bool:
    """True as soon as the process itself has ended: its pipes may be held open by what it has started."""
    with anyio.move_on_after(patience_s):
        while process.returncode is None:
            await asyncio.sleep(0.005)
    return process.returncode is not None


def _signal_group(pid: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, number)
