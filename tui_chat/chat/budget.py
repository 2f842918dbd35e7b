"""The limit on what is spent in a day."""

from __future__ import annotations

from dataclasses import dataclass

WARNED_FROM = 0.8
"""The share of a budget from which on the user is warned."""


@dataclass(frozen=True, slots=True)
class Budget:
    """A day's limit, and what today's replies have cost so far."""

    limit_usd: float
    spent_usd: float = 0.0
    replies: int = 0
    """Replies of today."""
    estimated: bool = False
    """True if what was spent is estimated in part."""

    @property
    def nearly_spent(self) -> bool:
        """True if it is time to warn."""
        return self.spent_usd >= WARNED_FROM * self.limit_usd

    def expected_usd(self, request_usd: float) -> float:
        """Return what a reply may cost: its request at the least, and as much as today's replies did on average."""
        return max(request_usd, self.spent_usd / self.replies if self.replies else 0.0)

    def exceeded_by(self, request_usd: float | None) -> bool:
        """True if one more request would go over the limit; a free one never does, one of unknown price counts as 0."""
        if request_usd == 0:
            return False
        return self.spent_usd + self.expected_usd(request_usd or 0.0) > self.limit_usd
