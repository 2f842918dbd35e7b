"""The rest of a reply that flows: what comes waits in the socket until the next frame can be drawn."""

from __future__ import annotations

FLAT_OUT = 100
"""Events: a reply that brings more than these for a frame does not rest."""


class FrameRest:
    """The time until which a reply rests after something has come."""

    def __init__(self) -> None:
        self.gathers = False
        """True if it has rested for what has come last."""
        self._arrived = 0
        self._until = 0.0

    def until(self, arrived: int, now: float, frame_s: float) -> float:
        """Return the time until which what comes waits; `arrived` is the number of events so far."""
        came = arrived - self._arrived
        if came > FLAT_OUT:
            self._arrived, self._until, self.gathers = arrived, now, False
        elif came and now >= self._until:
            self._arrived, self._until, self.gathers = arrived, now + frame_s, True
        return self._until
