"""When each token is due: a steady mean rate, with a little unevenness so that it looks alive."""

from __future__ import annotations

_WOBBLE = 0.8
"""How far tokens may come from their even place, as a share of the distance between them."""


class Pace:
    """The times of the tokens of one reply, in seconds from its first one."""

    def __init__(self, rate: float, seed: int = 0) -> None:
        self._rate = rate
        self._seed = seed

    def due_s(self, token: int) -> float:
        """When a token is due; tokens are in order, and their mean rate is exact. Rate 0 is as fast as can be."""
        if not self._rate:
            return 0.0
        scattered = (token * 2_654_435_761 + self._seed * 40_503) % 1024 / 1024
        return (token + _WOBBLE * scattered) / self._rate
