"""A server at an address: messages over streamable HTTP, with bounds on what it may send."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import anyio
import httpx2
from anyio.streams.memory import MemoryObjectReceiveStream, MemoryObjectSendStream
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.message import SessionMessage

from tui_chat.text.limits import LONGEST_LINE_BYTES
from tui_chat.tools.sieve import Sieve
from tui_chat.tools.spec import Patience

PLAIN = {"accept-encoding": "identity"}
"""Nothing compressed is asked for: a few KB of it may be gigabytes."""


@asynccontextmanager
async def http_transport(
    url: str, headers: Mapping[str, str], patience: Patience, sieve: Sieve
) -> AsyncGenerator[tuple[MemoryObjectReceiveStream[SessionMessage | Exception], Any], None]:
    """Carry messages to a server and from it, as long as this is open. Redirects are not followed: keys stay here."""
    timeout = httpx2.Timeout(patience.start_s, read=None)  # a call has its own
    to_us, read_stream = anyio.create_memory_object_stream[SessionMessage | Exception](0)
    async with (
        httpx2.AsyncClient(
            headers={**headers, **PLAIN}, timeout=timeout, event_hooks={"response": [_bound_answer]}
        ) as client,
        streamable_http_client(url, http_client=client, max_sse_event_size=LONGEST_LINE_BYTES) as (
            theirs,
            write_stream,
        ),
        read_stream,
        anyio.create_task_group() as tasks,
    ):
        tasks.start_soon(_pass_on, theirs, to_us, sieve)
        yield read_stream, write_stream
        tasks.cancel_scope.cancel()


async def _pass_on(
    theirs: AsyncIterable[SessionMessage | Exception],
    to_us: MemoryObjectSendStream[SessionMessage | Exception],
    sieve: Sieve,
) -> None:
    async with to_us:
        async for message in theirs:
            await to_us.send(message if isinstance(message, Exception) else sieve.sifted(message))


async def _bound_answer(response: httpx2.Response) -> None:
    """See to it that no more of an answer is read than is good; a stream of events has its bound for each."""
    if "event-stream" not in response.headers.get("content-type", ""):
        response.stream = _Bounded(response.stream)


class _Bounded(httpx2.AsyncByteStream):
    """A body that ends in an exception when it becomes too large."""

    def __init__(self, body: Any) -> None:
        self._body = body

    async def __aiter__(self) -> AsyncIterator[bytes]:
        size = 0
        async for chunk in self._body:
            size += len(chunk)
            if size > LONGEST_LINE_BYTES:
                raise httpx2.StreamError(f"it sent more than {LONGEST_LINE_BYTES // 1_000_000} MB at once")
            yield chunk

    async def aclose(self) -> None:
        await self._body.aclose()
