"""Stop ends a reply, and nothing else that its task does."""

from __future__ import annotations

import asyncio

import pytest

from tui_chat.streaming.stop import Outcome, Stop


async def test_a_stop_cancels_the_reply_that_is_attached() -> None:
    stop = Stop()
    asyncio.get_running_loop().call_soon(stop.request, Outcome.KEEP)
    with pytest.raises(asyncio.CancelledError), stop.attached():
        await asyncio.sleep(60)


async def test_a_stop_that_comes_as_the_reply_ends_cancels_nothing_that_follows() -> None:
    stop = Stop()
    with stop.attached():
        stop.request(Outcome.KEEP)  # its callback runs when the task waits, and that is after the reply
    await asyncio.sleep(0)
    assert stop.outcome is Outcome.KEEP
