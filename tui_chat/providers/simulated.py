"""Streaming for a provider that cannot stream: the registry puts one whose `streams` is False in here."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence

from tui_chat.chat.events import StreamEvent, TextDelta, ThinkingDelta
from tui_chat.chat.models import Model
from tui_chat.chat.protocols import StreamingProvider
from tui_chat.chat.request import ReplyRequest

PIECES_PER_SECOND = 30
"""As often as a screen is drawn; more would not be seen."""


class SimulatedProvider:
    """Fetches each reply in one piece and lets it flow at an even speed; it can be stopped at any moment."""

    streams = False

    def __init__(self, inner: StreamingProvider, rate: float) -> None:
        """`rate` is in characters a second."""
        self._inner = inner
        self._piece = max(1, round(rate / PIECES_PER_SECOND))
        self._pause_s = self._piece / rate

    @property
    def name(self) -> str:
        """Its name in the settings."""
        return self._inner.name

    async def stream(self, request: ReplyRequest, on_sent: Callable[[], None]) -> AsyncGenerator[StreamEvent, None]:
        """Yield the events of the whole reply, its texts in small pieces."""
        for event in await self._inner.create(request, on_sent):
            if not isinstance(event, TextDelta | ThinkingDelta):
                yield event
                continue
            for piece in self._pieces(event.text):
                await asyncio.sleep(self._pause_s)
                yield type(event)(event.index, piece)

    async def create(self, request: ReplyRequest, on_sent: Callable[[], None]) -> Sequence[StreamEvent]:
        """Return the whole reply at once."""
        return await self._inner.create(request, on_sent)

    async def list_models(self) -> Sequence[Model] | None:
        """Return the models that it offers now."""
        return await self._inner.list_models()

    async def count_tokens(self, request: ReplyRequest) -> int | None:
        """Return the request's size in tokens."""
        return await self._inner.count_tokens(request)

    def _pieces(self, text: str) -> Iterator[str]:
        return (text[start : start + self._piece] for start in range(0, len(text), self._piece))
