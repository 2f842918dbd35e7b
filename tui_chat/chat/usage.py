"""Usage of a reply, in tokens and searches: what the vendor counted, null where it did not say."""

from __future__ import annotations

from collections.abc import Mapping

from tui_chat.records import asdict, dataclass, fields
from tui_chat.text.reading import count

TOKEN_COUNTS = ("input_tokens", "output_tokens", "cache_read_input_tokens", "cache_creation_input_tokens")
"""The counts that every reply has."""


@dataclass(frozen=True, slots=True)
class Usage:
    """The usage of one reply; None means "not known", never 0."""

    input_tokens: int | None = None
    """Tokens of the request that were neither read from nor written to the cache."""
    output_tokens: int | None = None
    """Tokens that the model wrote, thinking included."""
    cache_read_input_tokens: int | None = None
    """Tokens of the request read from the prompt cache."""
    cache_creation_input_tokens: int | None = None
    """Tokens of the request written to the prompt cache."""
    web_search_requests: int | None = None
    """Searches that the vendor made for it, where it counted any: they have a price of their own."""

    @property
    def prompt_tokens(self) -> int | None:
        """All tokens of the request, wherever they were read from; None where the vendor did not say."""
        if self.input_tokens is None:
            return None
        return self.input_tokens + (self.cache_read_input_tokens or 0) + (self.cache_creation_input_tokens or 0)

    def updated(self, newer: Usage) -> Usage:
        """Counts are cumulative on the wire: what `newer` knows replaces, what it does not know stays."""
        known = {name: count for name, count in asdict(newer).items() if count is not None}
        return Usage(**{**asdict(self), **known})

    def plus(self, other: Usage) -> Usage:
        """Return the sum of two requests' usage; a count that neither knows stays unknown."""

        def add(a: int | None, b: int | None) -> int | None:
            return b if a is None else a if b is None else a + b

        return Usage(*(add(getattr(self, field.name), getattr(other, field.name)) for field in fields(Usage)))

    def minus(self, earlier: Usage) -> Usage:
        """Return what of it came after `earlier`."""
        counts = ((getattr(self, field.name), getattr(earlier, field.name) or 0) for field in fields(Usage))
        return Usage(*(None if now is None else max(now - before, 0) for now, before in counts))

    def to_json(self) -> dict[str, int | None]:
        """Return the counts under the names of the vendor's wire; searches only where there are any."""
        counts = asdict(self)
        return counts if self.web_search_requests else {name: counts[name] for name in TOKEN_COUNTS}

    @classmethod
    def from_json(cls, data: Mapping[str, object]) -> Usage:
        """Read counts from a mapping; what cannot be a count is unknown."""
        return cls(*(count(data.get(field.name)) for field in fields(cls)))
