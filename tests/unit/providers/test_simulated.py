"""A provider that cannot stream is shown as if it could."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tui_chat.chat.accumulator import ReplyAccumulator
from tui_chat.chat.errors import ChatError
from tui_chat.chat.events import StreamEvent, TextDelta
from tui_chat.chat.request import ReplyRequest
from tui_chat.providers.simulated import SimulatedProvider

if TYPE_CHECKING:
    from tests.unit.providers.conftest import Loopback

RequestFor = Callable[..., ReplyRequest]

BLOCKS = [
    {"type": "thinking", "thinking": "Let me think about it.", "signature": "s1g"},
    {"type": "text", "text": "Naïve — 日本 🎉 " * 20},
    {"type": "tool_use", "id": "t", "name": "look", "input": {"a": 1}},
]
MESSAGE = {"type": "message", "id": "i", "model": "m", "stop_reason": "end_turn", "content": BLOCKS}


async def test_the_text_flows_in_small_pieces_and_adds_up_to_the_same_reply(
    server: Loopback, request_for: RequestFor
) -> None:
    server.will(server.status(200, MESSAGE))
    provider = server.provider("simulated", simulate_rate=30_000.0)
    flowed: list[StreamEvent] = [event async for event in provider.stream(request_for(), lambda: None)]
    at_once = await provider.create(request_for(), lambda: None)
    assert ReplyAccumulator().extend(flowed).parts == ReplyAccumulator().extend(at_once).parts
    assert "stream" not in server.received[0].body or not server.received[0].body["stream"]


@pytest.mark.parametrize(("rate", "longest"), [(10.0, 1), (400.0, 13), (100_000.0, 3_333)])
async def test_a_piece_is_what_a_thirtieth_of_a_second_holds(
    rate: float, longest: int, server: Loopback, request_for: RequestFor
) -> None:
    server.will(server.status(200, {**MESSAGE, "content": [{"type": "text", "text": "xy"}]}))
    pieces = SimulatedProvider(server.provider(), rate)._pieces("x" * 5_000)
    assert len(next(pieces)) == longest


async def test_it_says_that_it_does_not_stream_and_keeps_its_name(server: Loopback) -> None:
    provider = server.provider("simulated")
    assert (provider.name, provider.streams) == ("simulated", False)


async def test_it_fails_as_the_provider_behind_it_does(server: Loopback, request_for: RequestFor) -> None:
    server.will(server.status(529))
    with pytest.raises(ChatError):
        await anext(server.provider("simulated").stream(request_for(), lambda: None))


async def test_it_lists_and_counts_as_the_provider_behind_it_does(server: Loopback, request_for: RequestFor) -> None:
    server.will(server.status(200, {"input_tokens": 3, "data": [{"id": "m", "display_name": "M"}]}))
    provider = server.provider("simulated")
    assert await provider.count_tokens(request_for()) == 3
    assert [model.id for model in await provider.list_models() or ()] == ["m"]


async def test_the_events_have_no_piece_before_their_block(server: Loopback, request_for: RequestFor) -> None:
    server.will(server.status(200, MESSAGE))
    provider = server.provider("simulated", simulate_rate=100_000.0)
    events = [event async for event in provider.stream(request_for(), lambda: None)]
    first = next(at for at, event in enumerate(events) if isinstance(event, TextDelta))
    assert events[first - 1].type == "content_block_start"
