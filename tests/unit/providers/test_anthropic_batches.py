"""Batches, as a server on loopback describes them: whatever it says, the result is one of ours or a `ChatError`."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import pytest

from tui_chat.chat.batches import Batch, BatchState, TakesBatches
from tui_chat.chat.errors import ChatError, ErrorKind
from tui_chat.chat.events import StreamEvent, TextDelta
from tui_chat.chat.request import ReplyRequest
from tui_chat.providers import ProviderConfig, create_batches, incoming, takes_batches

if TYPE_CHECKING:
    from tests.unit.providers.conftest import Loopback

RequestFor = Callable[..., ReplyRequest]
ENDED = {
    "id": "msgbatch_1",
    "processing_status": "ended",
    "request_counts": {"processing": 0, "succeeded": 3, "errored": 1, "canceled": 0, "expired": 1},
    "results_url": "/v1/messages/batches/msgbatch_1/results",
}


def batches(server: Loopback) -> TakesBatches:
    return create_batches(server.config(vendor_prices=True))


def lines(*results: Any) -> bytes:
    body = b"".join(json.dumps(result).encode() + b"\n" for result in results)
    return f"HTTP/1.1 200 OK\r\ncontent-length: {len(body)}\r\nconnection: close\r\n\r\n".encode() + body


def succeeded(name: str, text: str) -> dict[str, Any]:
    message = {"type": "message", "id": "m", "model": "m", "content": [{"type": "text", "text": text}], "usage": {}}
    return {"custom_id": name, "result": {"type": "succeeded", "message": message}}


async def results(server: Loopback, *given: Any) -> list[tuple[str, Sequence[StreamEvent] | ChatError]]:
    server.will(server.status(200, ENDED), server.raw(lines(*given)))
    return [each async for each in batches(server).batch_results("msgbatch_1")]


async def test_a_request_goes_with_what_the_sdk_sends_beside_it(server: Loopback, request_for: RequestFor) -> None:
    server.will(server.status(200, {**ENDED, "processing_status": "in_progress", "results_url": None}))
    request = request_for(model="claude-opus-4-5", temperature=0.5, betas=("one-2026-01-01",))
    assert await batches(server).send_batch({"a-1": request}) == "msgbatch_1"
    received = server.received[0]
    (sent,) = received.body["requests"]
    assert (sent["custom_id"], sent["params"]["temperature"]) == ("a-1", 0.5)
    assert not sent["params"].keys() & {"extra_body", "extra_headers", "stream"}
    assert received.headers["anthropic-beta"].split(",")[-1] == "one-2026-01-01"


@pytest.mark.parametrize(
    ("told", "state"),
    [
        ({"processing_status": "in_progress", "results_url": None}, BatchState.UNDER_WAY),
        ({"processing_status": "canceling", "results_url": None}, BatchState.UNDER_WAY),
        ({"processing_status": "of tomorrow"}, BatchState.UNDER_WAY),
        ({}, BatchState.ENDED),
        ({"results_url": None, "archived_at": "2026-01-01T00:00:00Z"}, BatchState.GONE),
    ],
)
async def test_the_states_of_a_batch(server: Loopback, told: dict[str, Any], state: BatchState) -> None:
    server.will(server.status(200, {**ENDED, **told}))
    assert await batches(server).batch("msgbatch_1") == Batch("msgbatch_1", state, 5)


async def test_the_batches_after_one_are_those_before_it_in_the_list(server: Loopback) -> None:
    listed = [{**ENDED, "id": id} for id in ("msgbatch_3", "msgbatch_2", "msgbatch_1")]
    server.will(server.status(200, {"data": listed, "has_more": False}))
    assert await batches(server).newest_batch() == "msgbatch_3"
    assert [each.id for each in await batches(server).batches_after("msgbatch_1")] == ["msgbatch_3", "msgbatch_2"]
    assert len(await batches(server).batches_after("")) == 3


async def test_every_result_is_a_reply_or_the_reason_why_there_is_none(server: Loopback) -> None:
    overloaded = {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}
    given: Sequence[Any] = (
        succeeded("a", "A text."),
        {"custom_id": "b", "result": {"type": "errored", "error": overloaded}},
        {"custom_id": "c", "result": {"type": "expired"}},
        {"custom_id": "d", "result": {"type": "canceled"}},
        {"custom_id": "e", "result": {"type": "of tomorrow"}},
        {"custom_id": "f", "result": None},
        {"custom_id": "g", "result": {"type": "succeeded", "message": None}},
        {},
    )
    came = dict(await results(server, *given))
    reply = came["a"]
    assert not isinstance(reply, ChatError)
    assert TextDelta(0, "A text.") in reply
    failed = {name: outcome for name, outcome in came.items() if isinstance(outcome, ChatError)}
    assert failed.keys() == {"b", "c", "d", "e", "f", "g", ""}
    assert failed["b"].kind is ErrorKind.OVERLOADED
    assert "expired" in failed["c"].sentence
    assert "cancelled" in failed["d"].sentence


async def test_all_results_together_may_be_larger_than_a_reply_but_not_one(
    server: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(incoming, "LARGEST_ANSWER_BYTES", 50_000)
    monkeypatch.setattr(incoming, "LONGEST_LINE_BYTES", 50_000)
    assert len(await results(server, *(succeeded(str(number), "x" * 20_000) for number in range(9)))) == 9
    with pytest.raises(ChatError, match="more than a reply may have"):
        await results(server, succeeded("a", "x" * 200_000))


def test_batches_are_taken_where_that_is_known() -> None:
    gateway = "http://gateway.example"
    assert takes_batches(ProviderConfig("anthropic"))
    assert takes_batches(ProviderConfig("anthropic", base_url=gateway, vendor_prices=True))
    assert takes_batches(ProviderConfig("demo"))
    assert not takes_batches(ProviderConfig("anthropic", base_url=gateway))
    assert not any(takes_batches(ProviderConfig(name)) for name in ("openai", "bedrock", "vertex", "foundry", "local"))
