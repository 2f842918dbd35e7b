"""What is known of a model: its limits, its price, whether it is on its way out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars per million tokens."""

    input: float
    output: float
    cache_read: float
    cache_write: float


@dataclass(frozen=True, slots=True)
class Model:
    """One model that a provider offers; None means "not known"."""

    id: str
    name: str = ""
    context_window: int | None = None
    """Tokens that a request and its reply may have together."""
    max_output: int | None = None
    """Tokens that a reply may have."""
    price: Price | None = None
    deprecated: bool = False
    retires: str | None = None
    """The day on which it goes, as YYYY-MM-DD."""

    def to_json(self) -> Mapping[str, object]:
        """A JSON object, for `models --format json` and for the cache."""
        return asdict(self)
