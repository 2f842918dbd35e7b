"""The Messages API, through the vendor's own SDK."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Sequence
from typing import Any

from tui_chat.chat.events import StreamEvent
from tui_chat.chat.models import Model
from tui_chat.chat.request import ReplyRequest
from tui_chat.providers.anthropic_events import AnthropicEvents
from tui_chat.providers.anthropic_request import message_params
from tui_chat.providers.config import ProviderConfig, key_problem, needs_key
from tui_chat.providers.connection import Sdk, expect_bytes_within, load_sdk, timeouts
from tui_chat.providers.errors import Exchange


class AnthropicProvider:
    """Claude, and whatever else speaks the Messages wire."""

    module = "anthropic"
    streams = True

    def __init__(self, config: ProviderConfig) -> None:
        self._config = config

    @property
    def name(self) -> str:
        """Its name in the settings."""
        return self._config.name

    async def stream(self, request: ReplyRequest, on_sent: Callable[[], None]) -> AsyncGenerator[StreamEvent, None]:
        """The reply's events as they come."""
        exchange, events = Exchange(self._config, request.model), AnthropicEvents()
        with exchange.reported():
            async with await self._client(on_sent) as client:
                wire = await self._create(client, request, stream=True)
                async with wire:
                    exchange.answered_by(wire.response)
                    expect_bytes_within(wire.response, self._config.read_timeout_s)
                    async for event in wire:
                        for ours in events.map(event):
                            yield ours
                        if events.complete:
                            return
            raise exchange.incomplete(started=events.started)

    async def create(self, request: ReplyRequest, on_sent: Callable[[], None]) -> Sequence[StreamEvent]:
        """The whole reply at once."""
        exchange = Exchange(self._config, request.model)
        with exchange.reported():
            async with await self._client(on_sent) as client:
                message = await self._create(client, request, stream=False)
            if getattr(message, "type", None) != "message":
                raise exchange.not_a_reply(message)
            return tuple(AnthropicEvents().map_message(message))

    async def list_models(self) -> Sequence[Model]:
        """The models that it offers now."""
        with Exchange(self._config, "").reported():
            async with await self._client() as client:
                return [Model(info.id, info.display_name or "") async for info in client.models.list(limit=1000)]

    async def count_tokens(self, request: ReplyRequest) -> int | None:
        """The request's size in tokens."""
        params = message_params(request)
        counted = {name: params[name] for name in ("model", "messages", "system", "tools") if name in params}
        with Exchange(self._config, request.model).reported():
            async with await self._client() as client:
                count = await client.messages.count_tokens(**counted)
        return count.input_tokens if isinstance(getattr(count, "input_tokens", None), int) else None

    async def _client(self, on_sent: Callable[[], None] | None = None) -> Any:
        problem = key_problem(self._config)
        if problem is not None:
            raise problem
        return self._connect(await load_sdk(self.module, on_sent))

    def _connect(self, sdk: Sdk) -> Any:
        """A client of the SDK; the vendor's clouds differ in nothing but this."""
        return sdk.module.AsyncAnthropic(
            # A server that wants no key must not be given the user's.
            api_key=self._config.api_key if needs_key(self.name) else "none",
            base_url=self._config.base_url,
            max_retries=0,
            timeout=timeouts(self._config),
            http_client=sdk.http_client(),
        )

    async def _create(self, client: Any, request: ReplyRequest, *, stream: bool) -> Any:
        return await client.messages.create(
            **message_params(request), stream=stream, timeout=timeouts(self._config, batch=not stream)
        )
