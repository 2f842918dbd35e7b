"""A demo server at full speed, and the vendor's own client for it."""

import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import anthropic
import httpx2
import pytest

from tests.waiting import PATIENCE_S
from tui_chat.demo import DemoServer, parse_fault

TLS = ssl.create_default_context()
"""Made once: it is most of what a client costs."""
Serve = Callable[..., DemoServer]
Connect = Callable[[DemoServer], anthropic.AsyncAnthropic]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Start a server with the named faults; all are stopped at the end."""
    servers: list[DemoServer] = []

    def start(*faults: str, rate: float = 0, latency_s: float = 0, seed: int = 0) -> DemoServer:
        server = DemoServer(rate=rate, latency_s=latency_s, seed=seed, faults=[parse_fault(fault) for fault in faults])
        server.start()
        servers.append(server)
        return server

    yield start
    for server in servers:
        server.stop()


@pytest.fixture
async def connect() -> AsyncIterator[Connect]:
    """Make a client of a server; all are closed at the end."""
    clients: list[anthropic.AsyncAnthropic] = []

    def open_client(server: DemoServer) -> anthropic.AsyncAnthropic:
        http = anthropic.DefaultAsyncHttpxClient(follow_redirects=False, verify=TLS)
        client = anthropic.AsyncAnthropic(
            api_key="demo-key", base_url=server.url, max_retries=0, timeout=PATIENCE_S, http_client=http
        )
        clients.append(client)
        return client

    yield open_client
    for client in clients:
        await client.close()


@dataclass
class Heard:
    """The events that a client heard of a streamed reply."""

    text: str = ""
    thinking: str = ""
    signature: str = ""
    json: str = ""
    citations: list[str] = field(default_factory=list)
    types: list[str] = field(default_factory=list)
    blocks: list[str] = field(default_factory=list)
    stop_reason: str | None = None
    input_tokens: int | None = None
    output_tokens: int | None = None
    error: BaseException | None = None

    @property
    def whole(self) -> bool:
        """True if the reply was ended by the server."""
        return "message_stop" in self.types


Ask = Callable[..., Awaitable[Heard]]


@pytest.fixture
def ask(connect: Connect) -> Ask:
    """Stream a reply through the vendor's client; what ends it early is kept, not raised."""

    async def stream(server: DemoServer, *prompts: str, model: str = "demo", **options: Any) -> Heard:
        heard = Heard()
        messages: Any = [
            {"role": "assistant" if number % 2 else "user", "content": prompt} for number, prompt in enumerate(prompts)
        ]
        client = connect(server)
        request: Any = {"model": model, "messages": messages, "max_tokens": 60_000, "stream": True} | options
        try:
            async with await client.messages.create(**request) as events:
                async for event in events:
                    hear(heard, event)
        except (anthropic.APIError, httpx2.HTTPError, ValueError) as error:
            heard.error = error
        return heard

    return stream


def hear(heard: Heard, event: Any) -> None:
    """Note one event, as a careful client would."""
    heard.types.append(event.type)
    if event.type == "content_block_start":
        heard.blocks.append(event.content_block.type)
    elif event.type == "message_delta":
        heard.stop_reason = event.delta.stop_reason
        heard.input_tokens, heard.output_tokens = event.usage.input_tokens, event.usage.output_tokens
    elif event.type == "content_block_delta":
        match event.delta.type:
            case "text_delta":
                heard.text += event.delta.text
            case "thinking_delta":
                heard.thinking += event.delta.thinking
            case "signature_delta":
                heard.signature = event.delta.signature
            case "input_json_delta":
                heard.json += event.delta.partial_json
            case "citations_delta":
                heard.citations.append(event.delta.citation.url)
