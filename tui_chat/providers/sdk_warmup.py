"""One reply from nowhere, played in the background once the SDK is loaded.

An SDK builds the types of its events when the first of them comes, in the event loop of a real reply, and for that long
neither text nor Stop gets through. A rehearsal builds them beforehand.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from types import ModuleType
from typing import Any

MESSAGES = b"""\
event: message_start
data: {"type": "message_start", "message": {"id": "", "type": "message", "content": [], "usage": {"input_tokens": 0}}}

event: content_block_start
data: {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}}

event: content_block_delta
data: {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": ""}}

event: content_block_stop
data: {"type": "content_block_stop", "index": 0}

event: message_delta
data: {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 0}}

event: message_stop
data: {"type": "message_stop"}

"""

COMPLETIONS = b"""\
data: {"id": "", "choices": [{"index": 0, "delta": {"content": ""}, "finish_reason": "stop"}]}

data: [DONE]

"""

_REQUEST: dict[str, Any] = {"model": "none", "messages": [{"role": "user", "content": "-"}], "stream": True}


def rehearse_messages(sdk: ModuleType) -> None:
    """A reply of the Messages API."""
    _play(sdk.AsyncAnthropic, MESSAGES, lambda client: client.messages.create(**_REQUEST, max_tokens=1))


def rehearse_completions(sdk: ModuleType) -> None:
    """A reply of Chat Completions."""
    _play(sdk.AsyncOpenAI, COMPLETIONS, lambda client: client.chat.completions.create(**_REQUEST))


def _play(make: Callable[..., Any], body: bytes, ask: Callable[[Any], Any]) -> None:
    import httpx2

    def answer(_request: object) -> httpx2.Response:
        return httpx2.Response(200, headers={"content-type": "text/event-stream"}, content=body)

    async def play() -> None:
        http = httpx2.AsyncClient(transport=httpx2.MockTransport(answer))
        async with (
            make(api_key="none", base_url="http://none.invalid", max_retries=0, http_client=http) as client,
            await ask(client) as events,
        ):
            async for _ in events:
                pass

    asyncio.run(play())
