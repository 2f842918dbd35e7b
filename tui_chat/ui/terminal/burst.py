"""A paste in a terminal that does not mark pastes, told from typing: by an Enter with text right behind it."""

from __future__ import annotations

import math

GAP_S = 0.010
"""No finger is as fast: what follows sooner comes from a program, all at once."""

_CONTROL = "".join(map(chr, [*range(32), 127]))


class Burst:
    """Text that comes faster than fingers type.

    An Enter at the end of it is a press of Enter: scripts, dictation and `tmux send-keys` write a line and its Enter
    at once. One with text behind it is a line end that was pasted, and then so are all others in the burst. Which it
    is shows only after the gap, so an Enter at the end waits for that; one that is pressed by hand never does.
    """

    def __init__(self) -> None:
        self.is_paste = False
        self._waiting = ""
        self._last_at = -math.inf

    @property
    def due_at(self) -> float:
        """The time when what waits should be released."""
        return self._last_at + GAP_S if self._waiting else math.inf

    def take(self, text: str, now: float) -> str:
        """Take text that came; return the part that is typed, the rest waits."""
        goes_on = bool(self._waiting) or now - self._last_at < GAP_S
        self._last_at = now
        text = self._waiting + text
        self.is_paste = (self.is_paste and goes_on) or "\r" in text.rstrip(_CONTROL)
        if self.is_paste:
            self._waiting = text
            return ""
        typed, enter, others = text.partition("\r")
        if not typed and not goes_on:
            return text
        self._waiting = enter + others
        return typed

    def end_paste(self) -> None:
        """Count what waits as pasted, as its end mark came: one that was given up for, or had another in it."""
        self.is_paste = bool(self._waiting)

    def release(self) -> str:
        """Return what waits: pasted text or typed keys, as `is_paste` says."""
        released, self._waiting = self._waiting, ""
        return released
