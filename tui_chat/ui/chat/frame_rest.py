"""The rest of a reply that flows: its text waits in the socket until the next frame can be drawn."""

from __future__ import annotations

FLAT_OUT = 400
"""Characters: a reply that brings more than these for a frame does not rest."""


class FrameRest:
    """The time until which a reply rests after some text has come."""

    def __init__(self, length: int) -> None:
        """`length` is that of the text there is."""
        self._length = length
        self._until = 0.0
        self.gathers = False
        """True if it has rested for what has come last."""

    def until(self, length: int, now: float, frame_s: float) -> float:
        """Return the time until which text waits; `length` is that of the text that has come so far."""
        came = length - self._length
        if came > FLAT_OUT:
            self._length, self._until, self.gathers = length, now, False
        elif came and now >= self._until:
            self._length, self._until, self.gathers = length, now + frame_s, True
        return self._until
