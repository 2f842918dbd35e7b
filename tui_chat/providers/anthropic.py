"""The Messages API, through the vendor's own SDK."""

from __future__ import annotations

import contextlib
import re
import warnings
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from concurrent.futures import Future
from datetime import datetime
from functools import partial
from types import ModuleType
from typing import Any

from tui_chat.chat.errors import ChatError, ErrorKind
from tui_chat.chat.events import StreamEvent
from tui_chat.chat.models import Model
from tui_chat.chat.protocols import MadeFile
from tui_chat.chat.request import ReplyRequest
from tui_chat.patterns import pattern
from tui_chat.providers.anthropic_events import AnthropicEvents
from tui_chat.providers.anthropic_request import counting_params, message_params
from tui_chat.providers.config import ProviderConfig, needs_key
from tui_chat.providers.connection import BATCH_TIMEOUT_S, next_event
from tui_chat.providers.loading import begin, with_export
from tui_chat.providers.model_info import context_told, limit_told
from tui_chat.providers.stainless import SdkRequest, begin_sdk, connected, rehearse_reply, timeouts
from tui_chat.text import reading

CLIENT = "AsyncAnthropic"
"""The class of the SDK's client."""

REHEARSED = b"""\
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
"""A reply without a word."""

_NOT_READ_HERE = pattern(
    r"signature.*thinking|thinking.*(signature|bound to|be modified)|content\.\d+: Input tag", re.IGNORECASE | re.DOTALL
)
"""The API's words about earlier turns that hold what it cannot read."""


def begin_loading(client: str = CLIENT) -> Future[Any]:
    """Begin what a reply waits for: the SDK, and the class of its client, which a cloud has its own of."""
    sdk = begin_sdk("anthropic", rehearse)
    return sdk if client == CLIENT else begin(client, lambda: with_export(sdk.result(), client))


def rehearse(sdk: ModuleType) -> None:
    """Play a reply of the Messages API."""
    question: Any = {"model": "none", "messages": [{"role": "user", "content": "-"}], "max_tokens": 1}
    rehearse_reply(sdk.AsyncAnthropic, REHEARSED, lambda client: _stream(client, **question))


class AnthropicProvider:
    """Claude, and whatever else speaks the Messages wire."""

    def __init__(
        self, config: ProviderConfig, *, client: str = CLIENT, streams: bool = True, counts: bool = True
    ) -> None:
        """`client` is the class of the SDK's that is the way there; the rest says what cannot be done on that way."""
        self._config = config
        self._client_class = client
        self._begin_loading = partial(begin_loading, client)
        self._streams = streams
        self._counts = counts

    @property
    def name(self) -> str:
        """Its name in the settings."""
        return self._config.name

    @property
    def streams(self) -> bool:
        """True if it can stream."""
        return self._streams

    async def stream(self, request: ReplyRequest, on_sent: Callable[[], None]) -> AsyncGenerator[StreamEvent, None]:
        """Yield the reply's events as they come."""
        config, events = self._config, AnthropicEvents()
        exchange = SdkRequest(config, request.model, config.patience_s)
        with exchange.reported():
            async with (
                connected(config, self._begin_loading, self._make, on_sent) as client,
                await _send(_stream, client, request, timeout=timeouts(config, config.patience_s)) as wire,
            ):
                exchange.answered_by(wire.response)
                with contextlib.suppress(StopAsyncIteration):
                    while not events.complete:
                        for ours in events.map(await next_event(wire, config, flowing=events.flowing)):
                            yield exchange.bounded(ours)
                        if events.flowing:
                            exchange.patience_s = config.read_timeout_s
            if not events.complete:
                raise exchange.incomplete(started=events.started)

    async def create(self, request: ReplyRequest, on_sent: Callable[[], None]) -> Sequence[StreamEvent]:
        """Return the whole reply at once."""
        patience_s = max(BATCH_TIMEOUT_S, self._config.read_timeout_s)
        exchange = SdkRequest(self._config, request.model, patience_s)
        with exchange.reported():
            async with connected(self._config, self._begin_loading, self._make, on_sent) as client:
                timeout = timeouts(self._config, patience_s)
                message = await _send(_whole, client, request, timeout=timeout)
            if getattr(message, "type", None) != "message":
                raise exchange.not_a_reply(message)
            return tuple(map(exchange.bounded, AnthropicEvents().map_message(message)))

    async def list_models(self) -> Sequence[Model] | None:
        """Return the models that it offers now; None where the vendor's cloud does not tell."""
        exchange = SdkRequest(self._config, patience_s=self._config.read_timeout_s)
        with exchange.reported():
            async with connected(self._config, self._begin_loading, self._make) as client:
                if not hasattr(client, "models"):
                    return None
                page = await client.models.list(limit=1000)
            infos = getattr(page, "data", None)
            if infos is None:
                raise exchange.not_a_reply(page)
            return [_model(info) for info in infos if getattr(info, "lifecycle", "") != "retired" and _text(info, "id")]

    async def count_tokens(self, request: ReplyRequest) -> int | None:
        """Return the request's size in tokens; None where the vendor's cloud does not count."""
        if not self._counts:
            return None
        keep_off_the_screen(request.model)
        with SdkRequest(self._config, request.model, self._config.read_timeout_s).reported():
            async with connected(self._config, self._begin_loading, self._make) as client:
                count = await client.messages.count_tokens(**counting_params(request))
        return reading.count(getattr(count, "input_tokens", None))

    async def made_file(self, file_id: str) -> MadeFile:
        """Return a file that code made for a reply, from where the provider keeps it."""
        exchange = SdkRequest(self._config, patience_s=self._config.read_timeout_s)
        with exchange.reported():
            async with connected(self._config, self._begin_loading, self._make) as client:
                about = await client.files.retrieve_metadata(file_id)
                answer = await client.files.download(file_id)
                return MadeFile(_text(about, "filename"), await answer.read())

    def _make(self, config: ProviderConfig, sdk: ModuleType, http_client: Any) -> Any:
        """Return the SDK's client; a cloud's finds its own credentials."""
        make = getattr(sdk, self._client_class)
        options = {
            "base_url": config.base_url,
            "max_retries": 0,
            "open_telemetry": False,
            "timeout": timeouts(config, config.read_timeout_s),
            "http_client": http_client,
        }
        if self._client_class == CLIENT:
            # A server that needs no key is not shown the user's; one that the program has started has its own.
            started, vendor = config is not self._config, needs_key(self.name)
            options["auth_token" if config.bearer else "api_key"] = ((started or vendor) and config.key) or "none"
            if not vendor and config.base_url is None:
                raise self._no_address()  # the SDK would send the conversation to the vendor
            if not vendor:
                return _without_the_users_headers(make(**options))
        return make(**options)

    def _no_address(self) -> ChatError:
        sentence = f"Nothing says where {self._config.display_name} is: give --base-url, or set provider.base_url."
        return ChatError(ErrorKind.INVALID_REQUEST, sentence)


def _without_the_users_headers(client: Any) -> Any:
    """Return the client without ANTHROPIC_CUSTOM_HEADERS, which the SDK reads itself: they are for the vendor alone."""
    client._custom_headers = {}
    return client


async def _stream(client: Any, **params: Any) -> Any:
    """Begin a reply; return its stream, with events as JSON: making the SDK's types of them is most of their time."""
    from anthropic import AsyncStream

    typed = await client.messages.create(**params, stream=True)
    return AsyncStream[object](cast_to=object, response=typed.response, client=client)


async def _whole(client: Any, **params: Any) -> Any:
    """Return a reply in one piece."""
    return await client.messages.create(**params, stream=False)


async def _send(ask: Callable[..., Awaitable[Any]], client: Any, request: ReplyRequest, **options: Any) -> Any:
    """Send the request; once more in its plain form if what earlier turns hold is what is objected to.

    Thinking is bound to the model, the account and everything said before it, and new kinds of blocks to the models
    that write them: after a change of any of these the API takes the conversation only without.
    """
    import anthropic

    keep_off_the_screen(request.model)
    try:
        return await ask(client, **message_params(request), **options)
    except anthropic.BadRequestError as error:
        if not _NOT_READ_HERE.search(error.message):
            raise
    return await ask(client, **message_params(request, plain=True), **options)


def keep_off_the_screen(model: str) -> None:
    """Silence the SDK's warnings about a model: they go to standard error, and the program says such things itself."""
    warnings.filterwarnings("ignore", message=rf"(?s).*(?<![\w-]){re.escape(model)}(?![\w-])")


def _model(info: Any) -> Model:
    """Return a model as the API describes it; servers that only resemble it leave much out."""
    retires = getattr(info, "retires_at", None)
    return Model(
        _text(info, "id"),
        name=_text(info, "display_name"),
        context_window=context_told(info),
        max_output=limit_told(info, "max_tokens") or limit_told(info, "max_output_tokens"),
        deprecated=getattr(info, "lifecycle", None) == "deprecated",
        retires=retires.date().isoformat() if isinstance(retires, datetime) else None,
    )


def _text(info: Any, field: str) -> str:
    return reading.name(getattr(info, field, None))
