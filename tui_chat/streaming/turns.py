"""The turns in which a reply takes what has come of it: what else there is to do gets done between them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from tui_chat.streaming.phase import ReplyWatcher

TURN_S = 0.005
"""Seconds for which waiting events are taken one after the other; then Stop gets its turn."""
BREATH_S = 0.01
"""Seconds that a reply which comes flat out leaves the processor to the screen."""
FLAT_OUT_S = 0.001
"""Seconds within which the next event comes after a turn's end if it has waited."""


class Turns:
    """The turns of one request."""

    def __init__(self, watcher: ReplyWatcher, clock: Callable[[], float]) -> None:
        self._watcher = watcher
        self._clock = clock
        self._ends = 0.0

    async def taken(self, *, flowing: bool) -> None:
        """Go on with the next event at once, or end the turn; `flowing` is true once there is text."""
        if (now := self._clock()) >= self._ends:
            flat_out = flowing and now - self._ends < FLAT_OUT_S
            await asyncio.sleep(BREATH_S if flat_out and self._watcher.unseen else 0)
            self._ends = self._clock() + TURN_S
        while self._watcher.behind:  # the socket waits meanwhile: nothing is lost, and nothing piles up
            await asyncio.sleep(BREATH_S)
