"""The waits for a provider that takes no requests just now."""

from __future__ import annotations

import asyncio

import pytest

from tests.waiting import PATIENCE_S
from tui_chat.cli import rate_limit_waits
from tui_chat.cli.rate_limit_waits import RateLimitWaits


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setattr(rate_limit_waits, "FIRST_WAIT_S", 0.001)
    monkeypatch.setattr(rate_limit_waits, "stretch", lambda wait_s: f"{round(wait_s * 1_000)} ms")
    return []


async def test_each_wait_is_longer_until_a_request_is_taken(said: list[str]) -> None:
    waits = RateLimitWaits(asyncio.Event(), said.append)
    for name in ("a", "a", "b", "a"):
        await waits.wait(name, "Busy.")
    waits.note_taken("a")
    await waits.wait("a", "Busy.")
    assert said == [
        f"{name}: Busy. Waiting {ms} ms." for name, ms in (("a", 1), ("a", 2), ("b", 1), ("a", 4), ("a", 1))
    ]


async def test_requests_that_are_refused_while_one_waits_wait_with_it(
    said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rate_limit_waits, "FIRST_WAIT_S", PATIENCE_S)
    ending = asyncio.Event()
    waits = RateLimitWaits(ending, said.append)
    waiting = [asyncio.create_task(waits.wait("a", "Busy.")) for _ in range(8)]
    await asyncio.sleep(0)
    ending.set()
    await asyncio.gather(*waiting)
    assert len(said) == 1


async def test_no_wait_is_longer_than_the_longest_and_none_goes_on_at_the_end(
    said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rate_limit_waits, "FIRST_WAIT_S", 900.0)
    monkeypatch.setattr(rate_limit_waits, "LONGEST_WAIT_S", 60.0)
    ending = asyncio.Event()
    ending.set()
    waits = RateLimitWaits(ending, said.append)
    await waits.wait("a", "Busy.")
    await waits.wait("b", "Busy.")
    assert len(said) == 2
