"""The limit on what is spent in a day."""

from __future__ import annotations

from tui_chat.records import dataclass

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

    def expected_usd(self, *requests_usd: float | None) -> float:
        """Return what replies may cost: their requests at the least, and as much as today's did on average.

        A free one costs nothing; one of unknown price counts as 0.
        """
        average = self.spent_usd / self.replies if self.replies else 0.0
        return sum(max(usd or 0.0, average) for usd in requests_usd if usd != 0)

    def exceeded_by(self, *requests_usd: float | None) -> bool:
        """True if these requests would go over the limit; free ones never do."""
        if all(usd == 0 for usd in requests_usd):
            return False
        return self.spent_usd + self.expected_usd(*requests_usd) > self.limit_usd
