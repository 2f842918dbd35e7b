"""Streamed or in one piece, from the demo server through the real SDK, a reply is the same."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from typing import TYPE_CHECKING, get_args

import pytest

from tui_chat.chat.accumulator import ReplyAccumulator
from tui_chat.chat.events import MessageStop, StreamEvent
from tui_chat.chat.message import Message, Role, utc_now
from tui_chat.chat.parts import text_of
from tui_chat.chat.request import ReplyRequest, turns_from
from tui_chat.demo import DemoServer
from tui_chat.providers import ProviderConfig, create_provider

if TYPE_CHECKING:
    from tests.unit.providers.conftest import Loopback

Collect = Callable[..., Awaitable[list[StreamEvent]]]

FAULTS = (
    *("thinking", "redacted", "tools", "search", "thinking search tools", "empty", "meta-only", "usage-weird"),
    *("max_tokens", "refusal", "pause_turn", "context-window", "order", "duplicate", "trickle", "split", "hostile"),
)


@pytest.fixture
def demo() -> Iterator[DemoServer]:
    """The demo server, as fast as it can."""
    with DemoServer(rate=0, latency_s=0) as server:
        yield server


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_reply_in_one_piece_is_the_streamed_one_and_the_conversation_goes_on(
    fault: str, demo: DemoServer, collect: Collect
) -> None:
    provider = create_provider(ProviderConfig("demo", demo.url))
    faults = " ".join(f"{name}xall" for name in fault.split())
    prompt = Message.user(f"/fault {faults}\n/tokens 60\nHello", parent_id=None, created_at=utc_now())
    request = ReplyRequest("demo", turns_from([prompt]))
    streamed = ReplyAccumulator().extend(await collect(provider, request))
    whole = ReplyAccumulator().extend(await provider.create(request, lambda: None))
    if fault == "order":  # there is no such thing in one piece: two blocks for one
        assert text_of(whole.parts) == text_of(streamed.parts)
    else:
        assert whole.parts == streamed.parts
    assert (whole.complete, whole.stop_reason) == (True, streamed.stop_reason)
    assert whole.stop_details == streamed.stop_details
    assert whole.usage.output_tokens == streamed.usage.output_tokens
    again = Message.user("And?", parent_id=None, created_at=utc_now())
    for reply in (streamed, whole):
        history = turns_from([prompt, Message(Role.ASSISTANT, reply.parts), again])
        assert (await collect(provider, ReplyRequest("demo", history)))[-1] == MessageStop()


def reasons() -> tuple[str, ...]:
    from anthropic.types import StopReason

    return (*get_args(StopReason), "a_reason_of_tomorrow")


@pytest.mark.parametrize("reason", reasons())
async def test_why_a_reply_stopped_is_told_in_either_mode(
    reason: str, server: Loopback, collect: Collect, request_for: Callable[..., ReplyRequest]
) -> None:
    start = {"type": "message_start", "message": {"id": "i", "model": "m"}}
    end = {"type": "message_delta", "delta": {"stop_reason": reason}, "usage": {"output_tokens": 3}}
    server.will(server.sse(start, end, {"type": "message_stop"}))
    streamed = ReplyAccumulator().extend(await collect(server.provider()))
    message = {"type": "message", "id": "i", "model": "m", "content": [], "stop_reason": reason}
    server.will(server.status(200, message | {"usage": {"output_tokens": 3}}))
    whole = ReplyAccumulator().extend(await server.provider().create(request_for(), lambda: None))
    assert (streamed.stop_reason, whole.stop_reason) == (reason, reason)
    assert streamed.usage == whole.usage
