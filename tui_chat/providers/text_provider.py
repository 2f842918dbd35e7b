"""A provider made from a function that writes text, for other apps that show replies of their own."""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from typing import TypeAlias

from tui_chat.chat.errors import ChatError, ErrorKind
from tui_chat.chat.events import BlockStart, BlockStop, MessageDelta, MessageStart, MessageStop, StreamEvent, TextDelta
from tui_chat.chat.models import Model
from tui_chat.chat.request import ReplyRequest

log = logging.getLogger(__name__)

Writer: TypeAlias = Callable[[ReplyRequest], AsyncGenerator[str, None]]
"""Yields the text of a reply, piece by piece."""


class TextProvider:
    """Has a function write its replies."""

    streams = True

    def __init__(self, write: Writer, name: str = "own") -> None:
        self._write = write
        self._name = name

    @property
    def name(self) -> str:
        """Its name, which each reply keeps."""
        return self._name

    async def stream(self, request: ReplyRequest, on_sent: Callable[[], None]) -> AsyncGenerator[StreamEvent, None]:
        """Yield the events of a reply with this text; the function is closed wherever this is."""
        on_sent()
        yield MessageStart(model=request.model)
        yield BlockStart(0, "text")
        async with aclosing(self._write(request)) as pieces:
            try:
                async for piece in pieces:
                    yield TextDelta(0, piece)
            except ChatError:
                raise
            except Exception as error:  # whatever the other app's function meets: its user reads it below the reply
                log.exception("a reply could not be written")
                raise ChatError(ErrorKind.SERVER, f"The reply broke off: {error}", retryable=False) from error
        yield BlockStop(0)
        yield MessageDelta("end_turn")
        yield MessageStop()

    async def create(self, request: ReplyRequest, on_sent: Callable[[], None]) -> Sequence[StreamEvent]:
        """Return the whole reply at once."""
        return [event async for event in self.stream(request, on_sent)]

    async def list_models(self) -> Sequence[Model]:
        """Return none: it has no choice of models."""
        return []

    async def count_tokens(self, request: ReplyRequest) -> int | None:
        """Return nothing: it does not count."""
        return None
