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


async def test_a_stop_that_came_before_the_reply_began_counts() -> None:
    stop = Stop()
    stop.request(Outcome.DISCARD)
    with pytest.raises(asyncio.CancelledError), stop.attached():
        await asyncio.sleep(60)


async def test_a_second_stop_changes_the_outcome_and_does_not_cancel_what_clears_up() -> None:
    stop, cleared_up = Stop(), False
    with stop.attached():
        stop.request(Outcome.KEEP)
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            stop.request(Outcome.INTERRUPT)
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            cleared_up = True
    assert cleared_up
    assert stop.outcome is Outcome.INTERRUPT
