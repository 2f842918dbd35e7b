"""Chat Completions, through OpenAI's own SDK: OpenAI itself, and the many servers that speak its wire."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import AsyncGenerator, Callable, Sequence
from concurrent.futures import Future
from types import ModuleType
from typing import Any

from tui_chat.chat.events import StreamEvent
from tui_chat.chat.models import Model
from tui_chat.chat.request import ReplyRequest
from tui_chat.providers.config import ProviderConfig
from tui_chat.providers.connection import BATCH_TIMEOUT_S, next_event
from tui_chat.providers.model_info import context_told, limit_told
from tui_chat.providers.openai_events import OpenAIEvents
from tui_chat.providers.openai_request import completion_params
from tui_chat.providers.stainless import SdkRequest, begin_sdk, connected, rehearse_reply, timeouts
from tui_chat.text import reading

REST_TIMEOUT_S = 2.0
"""Seconds that a finished reply waits for its usage; some servers then neither say [DONE] nor hang up."""

REHEARSED = b"""\
data: {"id": "", "choices": [{"index": 0, "delta": {"content": ""}, "finish_reason": "stop"}]}

data: [DONE]

"""
"""A reply without a word."""

NOT_FOR_CHAT = re.compile(
    r"embedding|whisper|tts|dall-e|image|audio|realtime|transcribe|moderation|sora|search(?!-(preview|api))|davinci|babbage|instruct"
)
"""Models in OpenAI's own list that Chat Completions does not serve."""


def begin_loading() -> Future[Any]:
    """Begin what a reply waits for: the SDK."""
    return begin_sdk("openai", rehearse)


def rehearse(sdk: ModuleType) -> None:
    """Play a reply of Chat Completions."""
    question: Any = {"model": "none", "messages": [{"role": "user", "content": "-"}]}
    rehearse_reply(sdk.AsyncOpenAI, REHEARSED, lambda client: _stream(client, **question))


class OpenAIProvider:
    """A server that speaks Chat Completions."""

    streams = True

    def __init__(self, config: ProviderConfig) -> None:
        self._config = config

    @property
    def name(self) -> str:
        """Its name in the settings."""
        return self._config.name

    async def stream(self, request: ReplyRequest, on_sent: Callable[[], None]) -> AsyncGenerator[StreamEvent, None]:
        """Yield the reply's events as they come."""
        config, events = self._config, OpenAIEvents()
        exchange = SdkRequest(config, request.model, config.patience_s)
        with exchange.reported():
            async with (
                connected(config, begin_loading, self._make, on_sent) as client,
                await self._open(client, request) as wire,
            ):
                exchange.answered_by(wire.response)
                with contextlib.suppress(StopAsyncIteration):
                    while not events.finished:
                        for ours in events.map(await next_event(wire, config, flowing=events.flowing)):
                            yield exchange.bounded(ours)
                        if events.flowing:
                            exchange.patience_s = config.read_timeout_s
                for ours in await _rest(wire, events):
                    yield exchange.bounded(ours)
            if not events.finished:
                raise exchange.incomplete(started=events.started)
            for ours in events.end():
                yield ours

    async def create(self, request: ReplyRequest, on_sent: Callable[[], None]) -> Sequence[StreamEvent]:
        """Return the whole reply at once."""
        patience_s = max(BATCH_TIMEOUT_S, self._config.read_timeout_s)
        exchange = SdkRequest(self._config, request.model, patience_s)
        with exchange.reported():
            async with connected(self._config, begin_loading, self._make, on_sent) as client:
                params = completion_params(request, vendor=self._vendor)
                timeout = timeouts(self._config, patience_s)
                completion = await client.chat.completions.create(**params, timeout=timeout)
            if not isinstance(getattr(completion, "choices", None), list):
                raise exchange.not_a_reply(completion)
            return tuple(map(exchange.bounded, OpenAIEvents().map_completion(completion)))

    async def list_models(self) -> Sequence[Model]:
        """Return the models that it offers now."""
        exchange = SdkRequest(self._config, patience_s=self._config.read_timeout_s)
        with exchange.reported():
            async with connected(self._config, begin_loading, self._make) as client:
                page = await client.models.list()
            infos = getattr(page, "data", None)
            if infos is None:
                raise exchange.not_a_reply(page)
            named = [info for info in infos if isinstance(getattr(info, "id", None), str)]
            return [_model(info) for info in named if not (self._vendor and NOT_FOR_CHAT.search(info.id))]

    async def count_tokens(self, request: ReplyRequest) -> int | None:
        """Return None: this wire cannot be asked."""
        return None

    @property
    def _vendor(self) -> bool:
        """True if this is OpenAI itself."""
        return self._config.base_url is None

    @staticmethod
    def _make(config: ProviderConfig, sdk: ModuleType, http_client: Any) -> Any:
        return sdk.AsyncOpenAI(
            api_key=config.key or "none",
            base_url=config.base_url,
            max_retries=0,
            timeout=timeouts(config, config.read_timeout_s),
            http_client=http_client,
        )

    async def _open(self, client: Any, request: ReplyRequest) -> Any:
        """Return the stream, with usage if the server knows how to send it."""
        import openai

        params = completion_params(request, vendor=self._vendor)
        params |= {"timeout": timeouts(self._config, self._config.patience_s)}
        try:
            return await _stream(client, **params, stream_options={"include_usage": True})
        except (openai.BadRequestError, openai.UnprocessableEntityError) as error:
            if "stream_options" not in str(error):
                raise
        return await _stream(client, **params)


async def _stream(client: Any, **params: Any) -> Any:
    """Begin a reply; return its stream, with events as JSON: making the SDK's types of them is most of their time."""
    from openai import AsyncStream

    typed = await client.chat.completions.create(**params, stream=True)
    return AsyncStream[object](cast_to=object, response=typed.response, client=client)


async def _rest(wire: Any, events: OpenAIEvents) -> list[StreamEvent]:
    """Return what follows the reply's end: its usage. Nothing that goes wrong here can harm the reply any more."""
    import httpx2
    import openai

    from tui_chat.providers.incoming import AnswerTooLarge

    rest: list[StreamEvent] = []
    unreadable = (openai.APIError, AnswerTooLarge, ValueError, RecursionError)
    with contextlib.suppress(StopAsyncIteration, TimeoutError, httpx2.HTTPError, *unreadable):
        async with asyncio.timeout(REST_TIMEOUT_S):
            while True:
                rest += events.map(await anext(wire))
    return rest


def _model(info: Any) -> Model:
    """Return a model as the server describes it."""
    shutdown = reading.name(getattr(info, "shutdown_date", None)) or None
    return Model(
        reading.name(info.id),
        context_window=context_told(info),
        max_output=limit_told(info, "max_output_tokens"),
        deprecated=shutdown is not None,
        retires=shutdown,
    )
