"""A provider as somebody would add it to the package, without any SDK: it repeats what it is asked."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Sequence
from concurrent.futures import Future
from typing import Any

from tui_chat.chat.events import BlockStart, BlockStop, MessageDelta, MessageStart, MessageStop, StreamEvent, TextDelta
from tui_chat.chat.models import Model
from tui_chat.chat.parts import text_of
from tui_chat.chat.request import ReplyRequest
from tui_chat.chat.usage import Usage
from tui_chat.providers.config import ProviderConfig
from tui_chat.providers.connection import ready
from tui_chat.providers.errors import RequestContext
from tui_chat.providers.loading import in_daemon_thread


def begin_loading() -> Future[Any]:
    """Begin what a reply waits for: nothing, where there is no SDK."""
    return in_daemon_thread(lambda: None)


class ToyProvider:
    """Has no server; a prompt may order a failure."""

    streams = True

    def __init__(self, config: ProviderConfig) -> None:
        self._config = config

    @property
    def name(self) -> str:
        """Its name in the settings."""
        return self._config.name

    async def stream(self, request: ReplyRequest, on_sent: Callable[[], None]) -> AsyncGenerator[StreamEvent, None]:
        """Yield the reply's events as they come."""
        prompt, context = text_of(request.turns[-1].parts), RequestContext(self._config, request.model)
        with context.reported():
            await ready(self._config)
            if prompt == "refuse":
                raise ConnectionRefusedError
            on_sent()
            yield MessageStart("toy-1", request.model, Usage(input_tokens=len(prompt.split())))
            yield BlockStart(0, "text")
            for word in prompt.split():
                yield context.bounded(TextDelta(0, f"{word}, "))
            yield BlockStop(0)
            yield MessageDelta("end_turn", usage=Usage(output_tokens=len(prompt.split())))
            yield MessageStop()

    async def create(self, request: ReplyRequest, on_sent: Callable[[], None]) -> Sequence[StreamEvent]:
        """Return the whole reply at once."""
        return [event async for event in self.stream(request, on_sent)]

    async def list_models(self) -> Sequence[Model]:
        """Return the models that it offers now."""
        return [Model("toy-1", context_window=1_000)]

    async def count_tokens(self, request: ReplyRequest) -> int | None:
        """Not known: it does not count."""
        return None
