"""The facts about a model: its limits, its price, whether it is on its way out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from tui_chat.records import asdict, dataclass
from tui_chat.text import reading


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
    """The day on which it retires, as YYYY-MM-DD."""

    @property
    def has_retired(self) -> bool:
        """True if that day is past."""
        return self.retires is not None and self.retires < date.today().isoformat()

    @property
    def remark(self) -> str:
        """Its deprecation in a few words, with the day it retires if known; "" if not deprecated."""
        if not (self.deprecated and self.retires):
            return "deprecated" if self.deprecated else ""
        return f"retired on {self.retires}" if self.has_retired else f"deprecated, retires on {self.retires}"

    def to_json(self) -> Mapping[str, object]:
        """Return a JSON object, for `models --format json` and for the cache."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, object]) -> Model:
        """Return a model from the cache, without its price: that is looked up anew."""
        return cls(
            reading.name(data.get("id")),
            name=reading.name(data.get("name")),
            context_window=reading.count(data.get("context_window")) or None,
            max_output=reading.count(data.get("max_output")) or None,
            deprecated=data.get("deprecated") is True,
            retires=reading.name(data.get("retires")) or None,
        )
