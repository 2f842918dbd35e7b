"""A small scripted server on loopback: it answers each request just as a test says, and notes what came."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import ssl
import struct
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from tui_chat.chat.events import StreamEvent
from tui_chat.chat.message import Role
from tui_chat.chat.parts import TextPart
from tui_chat.chat.protocols import StreamingProvider
from tui_chat.chat.request import ReplyRequest, Turn
from tui_chat.providers import ProviderConfig, create_provider

Answer: TypeAlias = Callable[[asyncio.StreamWriter], Awaitable[None]]

CREDENTIALS = "ANTHROPIC_", "OPENAI_", "AWS_", "GOOGLE_", "CLOUD_ML_", "SSL_CERT"
KEY = "sk-ant-test-0123456789abcdef"


@dataclass(frozen=True)
class Received:
    """One request as it came."""

    line: str
    headers: Mapping[str, str]
    body: Any


@dataclass
class Loopback:
    """The server; `answers` are used in turn, the last one again and again."""

    url: str = ""
    answers: list[Answer] = field(default_factory=list)
    received: list[Received] = field(default_factory=list)
    closed: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when a client has hung up."""

    def will(self, *answers: Answer) -> None:
        """Answer so from now on."""
        self.answers = list(answers)

    def config(self, name: str = "anthropic", **options: Any) -> ProviderConfig:
        """Return a provider's configuration that leads here."""
        return ProviderConfig(name, base_url=self.url, api_key=KEY, **options)

    def provider(self, name: str = "anthropic", **options: Any) -> StreamingProvider:
        """Return a provider that asks here."""
        return create_provider(self.config(name, **options))

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            self.received.append(await _read(reader))
            answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
            await answer(writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()
            self.closed.set()

    @staticmethod
    def raw(*pieces: bytes) -> Answer:
        """Return these bytes, then a clean end."""

        async def answer(writer: asyncio.StreamWriter) -> None:
            for piece in pieces:
                writer.write(piece)
                await writer.drain()

        return answer

    @staticmethod
    def status(status: int, body: object = "", **headers: str) -> Answer:
        """Return a whole answer; a body that is not text is sent as JSON."""
        text = body if isinstance(body, str) else json.dumps(body)
        kind = "text/html" if isinstance(body, str) else "application/json"
        fields = {"content_type": kind, "content_length": str(len(text.encode())), "connection": "close"} | headers
        return Loopback.raw(_head(status, fields) + text.encode())

    @staticmethod
    def sse(*events: Mapping[str, Any] | bytes, then: Answer | None = None, **headers: str) -> Answer:
        """Return a stream of these events (bytes as they are), then a clean end or what `then` does."""

        async def answer(writer: asyncio.StreamWriter) -> None:
            writer.write(_head(200, {"content_type": "text/event-stream", "request_id": "req_1"} | headers))
            for event in events:
                writer.write(event if isinstance(event, bytes) else _event(event))
            await writer.drain()
            if then is not None:
                await then(writer)

        return answer

    @staticmethod
    async def reset(writer: asyncio.StreamWriter) -> None:
        """Cut the connection off without a goodbye."""
        await asyncio.sleep(0.05)  # what was written must have been read, or the reset overtakes it
        raw: socket.socket = writer.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()

    @staticmethod
    async def silence(writer: asyncio.StreamWriter) -> None:
        """Say nothing more, for ever."""
        await asyncio.Event().wait()


def _head(status: int, fields: Mapping[str, str]) -> bytes:
    lines = [f"HTTP/1.1 {status} Status", *(f"{name.replace('_', '-')}: {value}" for name, value in fields.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def _event(event: Mapping[str, Any]) -> bytes:
    named = f"event: {event['type']}\n" if "type" in event else ""
    return f"{named}data: {json.dumps(event)}\n\n".encode()


async def _read(reader: asyncio.StreamReader) -> Received:
    head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:] if line)}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Received(head[0], headers, json.loads(body) if body else None)


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.startswith(CREDENTIALS) or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)


@pytest.fixture
async def server() -> AsyncIterator[Loopback]:
    """The scripted server."""
    async for loopback in _run(None):
        yield loopback


@pytest.fixture
async def untrusted_server() -> AsyncIterator[Loopback]:
    """The same behind a certificate that nobody has signed."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(Path(__file__).with_name("untrusted.pem"))
    async for loopback in _run(context):
        yield loopback


async def _run(tls: ssl.SSLContext | None) -> AsyncIterator[Loopback]:
    loopback, tasks = Loopback(), set[asyncio.Task[None]]()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        await loopback.serve(reader, writer)

    listener = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls)
    port = listener.sockets[0].getsockname()[1]
    loopback.url = f"{'https' if tls else 'http'}://127.0.0.1:{port}"
    yield loopback
    listener.close()
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await listener.wait_closed()


@pytest.fixture
def request_for() -> Callable[..., ReplyRequest]:
    """Makes a request of one prompt."""

    def make(prompt: str = "Hello", model: str = "claude-haiku-4-5", **options: Any) -> ReplyRequest:
        return ReplyRequest(model, (Turn(Role.USER, (TextPart(prompt),)),), **options)

    return make


@pytest.fixture
def collect(request_for: Callable[..., ReplyRequest]) -> Callable[..., Awaitable[list[StreamEvent]]]:
    """Streams a whole reply."""

    async def stream(provider: StreamingProvider, request: ReplyRequest | None = None) -> list[StreamEvent]:
        return [event async for event in provider.stream(request or request_for(), lambda: None)]

    return stream
