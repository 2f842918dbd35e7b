"""The Message Batches API, through the vendor's own SDK."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from typing import Any

from tui_chat.chat.batches import Batch, BatchState
from tui_chat.chat.errors import ChatError, ErrorKind
from tui_chat.chat.events import StreamEvent
from tui_chat.chat.request import ReplyRequest
from tui_chat.providers.anthropic import AnthropicProvider, keep_off_the_screen
from tui_chat.providers.anthropic_events import AnthropicEvents
from tui_chat.providers.anthropic_request import JsonDict, message_params
from tui_chat.providers.connection import BATCH_TIMEOUT_S
from tui_chat.providers.stainless import SdkRequest, connected, timeouts
from tui_chat.text import reading

MOST_LISTED = 1000
"""Batches that are looked through, which the vendor lists in one page."""
_NOT_DONE = {
    "expired": "The batch expired before this was answered: run the same command again.",
    "canceled": "The batch was cancelled before this was answered: run the same command again.",
}


class AnthropicBatches(AnthropicProvider):
    """Takes batches; the way there is the one of single requests."""

    async def send_batch(self, requests: Mapping[str, ReplyRequest]) -> str:
        """Send requests, each under a name of its own; return the batch's id."""
        exchange = SdkRequest(self._config, patience_s=BATCH_TIMEOUT_S)
        sent: list[JsonDict] = []
        headers: dict[str, str] = {}
        for name, request in requests.items():
            keep_off_the_screen(request.model)
            params = message_params(request)
            headers |= params.pop("extra_headers", {})
            params |= params.pop("extra_body", {})
            sent.append({"custom_id": name, "params": params})
        with exchange.reported():
            async with connected(self._config, self._begin_loading, self._make) as client:
                timeout = timeouts(self._config, BATCH_TIMEOUT_S)
                batch = await client.messages.batches.create(requests=sent, extra_headers=headers, timeout=timeout)
            return _batch(batch, exchange).id

    async def batch(self, id: str) -> Batch:
        """Return a batch as it is now."""
        exchange = self._exchange()
        with exchange.reported():
            async with connected(self._config, self._begin_loading, self._make) as client:
                batch = await client.messages.batches.retrieve(id)
            return _batch(batch, exchange)

    async def newest_batch(self) -> str:
        """Return the id of the batch that was begun last; "" where there is none."""
        listed = await self._list(1)
        return listed[0].id if listed else ""

    async def batches_after(self, id: str) -> Sequence[Batch]:
        """Return those that were begun after this one, the newest first."""
        listed = await self._list(MOST_LISTED)
        ids = [batch.id for batch in listed]
        return listed[: ids.index(id)] if id in ids else listed

    async def batch_results(self, id: str) -> AsyncGenerator[tuple[str, Sequence[StreamEvent] | ChatError], None]:
        """Yield what became of each request, under its name."""
        exchange = self._exchange()
        with exchange.reported():
            async with connected(self._config, self._begin_loading, self._make) as client:
                results = await client.messages.batches.results(id)
                try:
                    async for line in results:
                        yield _text(line, "custom_id"), self._result(getattr(line, "result", None))
                finally:
                    await results.close()

    async def _list(self, limit: int) -> Sequence[Batch]:
        exchange = self._exchange()
        with exchange.reported():
            async with connected(self._config, self._begin_loading, self._make) as client:
                page = await client.messages.batches.list(limit=limit)
            listed = getattr(page, "data", None)
            if listed is None:
                raise exchange.not_a_reply(page)
            return [_batch(batch, exchange) for batch in listed]

    def _exchange(self) -> SdkRequest:
        return SdkRequest(self._config, patience_s=self._config.read_timeout_s)

    def _result(self, result: Any) -> Sequence[StreamEvent] | ChatError:
        """Return the reply's events, or why there is no reply."""
        exchange, kind = self._exchange(), _text(result, "type")
        if kind == "succeeded":
            message = getattr(result, "message", None)
            if getattr(message, "type", None) != "message":
                return exchange.not_a_reply(message)
            try:
                return tuple(map(exchange.bounded, AnthropicEvents().map_message(message)))
            except ChatError as too_large:
                return too_large
        if kind in _NOT_DONE:
            return ChatError(ErrorKind.SERVER, _NOT_DONE[kind])
        error = getattr(getattr(result, "error", None), "error", None)
        return exchange.error_event({"error": {"type": _text(error, "type"), "message": getattr(error, "message", "")}})


def _batch(batch: Any, exchange: SdkRequest) -> Batch:
    id = _text(batch, "id")
    if not id:
        raise exchange.not_a_reply(batch)
    counts: JsonDict = getattr(getattr(batch, "request_counts", None), "__dict__", {})
    requests = sum(count for name in counts if (count := reading.count(counts[name])) is not None)
    if _text(batch, "processing_status") != "ended":
        return Batch(id, BatchState.UNDER_WAY, requests)
    return Batch(id, BatchState.ENDED if _text(batch, "results_url") else BatchState.GONE, requests)


def _text(holder: Any, field: str) -> str:
    return reading.name(getattr(holder, field, None))
