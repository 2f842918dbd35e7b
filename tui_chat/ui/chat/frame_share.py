"""The events of a reply that are fetched for a frame: as many as the screen keeps up with."""

from __future__ import annotations

SHOWN_A_SECOND = 5_000
"""The rate at which events are fetched at first: a frame's share of them delays no key."""
MOST_SHARES = 16
"""The most that is fetched for a frame, in such shares."""
GROWTH = 4
"""The number of times as much that the next frame gets where a share was used up in time."""
FLOOD_FRAMES = 3
"""The frames' time until the next of a flood: text that nobody can read yet need not move smoothly."""


class FrameShare:
    """The number of events that are fetched until the next frame."""

    def __init__(self, frames_per_second: int) -> None:
        self._least = self.events = SHOWN_A_SECOND // frames_per_second

    @property
    def frames(self) -> int:
        """The time until the next frame, in frames: drawing is most of the work of a flood, whatever it brings."""
        return FLOOD_FRAMES if self.events == self._least * MOST_SHARES else 1

    def adapt(self, *, used_up: bool, laid_out: bool, typing: bool) -> None:
        """Take more while all that comes is laid out in time, less if it is not, and little while keys come."""
        if typing:
            self.events = self._least
        elif used_up and laid_out:
            self.events = min(self.events * GROWTH, self._least * MOST_SHARES)
        else:
            self.events = max(self.events // 2, self._least)
