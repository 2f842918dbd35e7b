"""A request that is stopped, in whatever phase: it ends at once, and its connection is closed."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from tui_chat.chat.protocols import StreamingProvider
from tui_chat.chat.request import ReplyRequest
from tui_chat.providers import ProviderConfig, create_provider, loading
from tui_chat.providers.loading import in_daemon_thread
from tui_chat.providers.simulated import SimulatedProvider

if TYPE_CHECKING:
    from tests.unit.providers.conftest import Loopback

RequestFor = Callable[..., ReplyRequest]

START = {"type": "message_start", "message": {"id": "i", "model": "m"}}
TEXT = {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "so far"}}


async def started(provider: StreamingProvider, request: ReplyRequest, until: asyncio.Event) -> asyncio.Task[None]:
    """Return a reply under way, once the event has happened."""

    async def run() -> None:
        async for _ in provider.stream(request, lambda: None):
            until.set()

    task = asyncio.create_task(run())
    await until.wait()
    return task


async def stop(task: asyncio.Task[Any]) -> None:
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_a_stop_in_mid_stream_closes_the_connection(server: Loopback, request_for: RequestFor) -> None:
    server.will(server.sse(START, TEXT, then=hung_up(server)))
    await stop(await started(server.provider(), request_for(), asyncio.Event()))
    await server.closed.wait()


async def test_a_stop_while_waiting_for_the_answer_closes_the_connection(
    server: Loopback, request_for: RequestFor
) -> None:
    asked = asyncio.Event()

    async def wait(writer: asyncio.StreamWriter) -> None:
        asked.set()
        await hung_up(server)(writer)

    server.will(wait)
    await stop(await started(server.provider(), request_for(), asked))
    await server.closed.wait()


async def test_a_stop_of_a_reply_in_one_piece_closes_the_connection(server: Loopback, request_for: RequestFor) -> None:
    asked = asyncio.Event()

    async def wait(writer: asyncio.StreamWriter) -> None:
        asked.set()
        await hung_up(server)(writer)

    server.will(wait)
    task = asyncio.create_task(asyncio.wait_for(server.provider().create(request_for(), lambda: None), None))
    await asked.wait()
    await stop(task)
    await server.closed.wait()


def hung_up(server: Loopback) -> Callable[[asyncio.StreamWriter], Any]:
    """Write until the client has gone."""

    async def wait(writer: asyncio.StreamWriter) -> None:
        while not writer.transport.is_closing():
            writer.write(b": still here\n\n")
            await asyncio.sleep(0.01)

    return wait


@pytest.fixture
def unfinished_import(monkeypatch: pytest.MonkeyPatch) -> Future[Any]:
    """The SDK's import, still running."""
    running: Future[Any] = Future()
    running.set_running_or_notify_cancel()
    monkeypatch.setitem(loading._begun, "anthropic", running)
    return running


async def test_a_stop_while_the_sdk_loads_ends_the_wait_and_not_the_import(
    unfinished_import: Future[Any], server: Loopback, request_for: RequestFor
) -> None:
    task = asyncio.create_task(asyncio.wait_for(anext(server.provider().stream(request_for(), lambda: None)), None))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    await stop(task)
    assert not unfinished_import.cancelled()
    assert unfinished_import.running()


async def test_a_reply_that_waited_for_the_sdk_goes_on_when_it_is_there(
    unfinished_import: Future[Any], server: Loopback, request_for: RequestFor
) -> None:
    import anthropic

    server.will(server.sse(START, {"type": "message_stop"}))
    reply = asyncio.create_task(asyncio.wait_for(anext(server.provider().stream(request_for(), lambda: None)), None))
    await asyncio.sleep(0)
    unfinished_import.set_result(anthropic)
    assert (await reply).type == "message_start"


def test_a_lookup_that_hangs_holds_up_neither_the_stop_nor_the_end_of_the_loop(
    request_for: RequestFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    looking, release = threading.Event(), threading.Event()

    def hang(*_: object, **__: object) -> list[Any]:
        looking.set()
        release.wait()
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    provider = create_provider(ProviderConfig("demo", "http://slow.example"))

    async def main() -> None:
        task = asyncio.create_task(asyncio.wait_for(anext(provider.stream(request_for(), lambda: None)), None))
        await asyncio.wrap_future(in_daemon_thread(looking.wait))
        await stop(task)

    asyncio.run(main())
    assert not release.is_set(), "the loop ended while the lookup still hung"
    release.set()


async def test_a_loop_that_has_an_executor_keeps_it(server: Loopback, request_for: RequestFor) -> None:
    with ThreadPoolExecutor() as own:
        asyncio.get_running_loop().set_default_executor(own)
        server.will(server.status(200, {"input_tokens": 1}))
        await server.provider().count_tokens(request_for())
        done = asyncio.get_running_loop().run_in_executor(None, threading.current_thread)
        assert await done in own._threads


async def test_the_screen_learns_when_the_request_has_gone_out(server: Loopback, request_for: RequestFor) -> None:
    sent: list[int] = []
    server.will(server.sse(START, {"type": "message_stop"}))
    async for _ in server.provider().stream(request_for(), lambda: sent.append(len(server.received))):
        assert sent
    assert len(sent) == 1


async def test_simulated_streaming_can_be_stopped(server: Loopback, request_for: RequestFor) -> None:
    text = {"type": "text", "text": "x" * 10_000}
    server.will(server.status(200, {"type": "message", "id": "i", "model": "m", "content": [text]}))
    await stop(await started(SimulatedProvider(server.provider(), 100.0), request_for(), asyncio.Event()))
