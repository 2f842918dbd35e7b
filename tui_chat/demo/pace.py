"""The times at which tokens are due: a steady mean rate, a little uneven so that it looks alive."""

from __future__ import annotations

_WOBBLE = 0.8
"""The most that a token may be off its even time, as a share of the time between two."""


class Pace:
    """The times of the tokens of one reply, in seconds from its first one."""

    def __init__(self, rate: float, seed: int = 0) -> None:
        self._rate = rate
        self._seed = seed

    def due_s(self, token: int) -> float:
        """Return the time of a token; tokens are in order, at an exact mean rate. Rate 0 is as fast as can be."""
        if not self._rate:
            return 0.0
        scattered = (token * 2_654_435_761 + self._seed * 40_503) % 1024 / 1024
        return (token + _WOBBLE * scattered) / self._rate
