"""The events of a reply that are fetched for a frame: as many as the screen keeps up with."""

from __future__ import annotations

SHOWN_A_SECOND = 5_000
"""The rate at which events are fetched at first: a frame's share of them delays no key."""
MOST_SHARES = 4
"""The most that is fetched for a frame, in such shares."""


class FrameShare:
    """The number of events that are fetched until the next frame."""

    def __init__(self, frames_per_second: int) -> None:
        self._least = self.events = SHOWN_A_SECOND // frames_per_second

    def adapt(self, *, used_up: bool, laid_out: bool, typing: bool) -> None:
        """Take more while all that comes is laid out in time, less if it is not, and little while keys come."""
        if typing:
            self.events = self._least
        elif not laid_out:
            self.events = max(self.events // 2, self._least)
        elif used_up:
            self.events = min(self.events * 2, self._least * MOST_SHARES)
