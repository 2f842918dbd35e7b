"""Waiting for providers that take no requests just now."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable

from tui_chat.text.amounts import stretch

FIRST_WAIT_S, LONGEST_WAIT_S = 1.0, 60.0
"""Seconds of a wait when the retries of a request are used up, first and at most."""


class RateLimitWaits:
    """The waits for each model: longer each time, until one of its requests is taken."""

    def __init__(self, ending: asyncio.Event, say: Callable[[str], None]) -> None:
        self._ending, self._say = ending, say
        self._next_s: dict[str, float] = defaultdict(lambda: FIRST_WAIT_S)
        self._ends: dict[str, float] = {}
        """The time of the event loop at which the wait for each model ends, or has ended."""

    async def wait(self, name: str, sentence: str) -> None:
        """Wait until the provider may take requests again, or the end is asked for.

        Many requests are refused at the same moment: they wait together, as long as one would.
        """
        now = asyncio.get_running_loop().time()
        if self._ends.get(name, now) <= now:
            wait_s = self._next_s[name]
            self._next_s[name], self._ends[name] = min(2 * wait_s, LONGEST_WAIT_S), now + wait_s
            self._say(f"{name}: {sentence} Waiting {stretch(wait_s)}.")
        try:
            async with asyncio.timeout_at(self._ends[name]):
                await self._ending.wait()
        except TimeoutError:
            pass

    def note_taken(self, name: str) -> None:
        """Note that the provider takes requests: the next wait is as short as the first."""
        self._next_s.pop(name, None)
