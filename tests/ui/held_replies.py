"""Replies that come as far as a test lets them: none ends, or grows, before the test has looked."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import pytest

from tests.waiting import LOOK_S
from tui_chat.demo.delivery import Delivery


@dataclass
class Held:
    """Holds every reply of the demo server that streams; up to there it comes as fast as the socket goes."""

    tokens: int | None = None
    """The tokens that may be sent of a reply; None for all of it."""

    def go_on(self, tokens: int | None = None) -> None:
        """Let replies come this far, or to their ends."""
        self.tokens = tokens

    async def wait(self, delivery: Delivery) -> None:
        """Wait where a reply is held."""
        while self.tokens is not None and delivery._tokens >= self.tokens:
            await delivery._flush()
            await asyncio.sleep(LOOK_S)  # what lets it go on is in another thread


def holds_replies(monkeypatch: pytest.MonkeyPatch) -> Held:
    """Return what holds replies from now on."""
    held, wait_until = Held(), Delivery._wait_until

    async def waits(delivery: Delivery, due: float) -> None:
        await held.wait(delivery)
        await wait_until(delivery, due)

    monkeypatch.setattr(Delivery, "_wait_until", waits)
    return held
