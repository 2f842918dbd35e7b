"""The result of a search, as lists show it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, TypeVar

from tui_chat.records import dataclass

ItemT = TypeVar("ItemT")


@dataclass(frozen=True)
class SearchResult(Generic[ItemT]):
    """The result of a search."""

    query: str = ""
    items: Sequence[ItemT] = ()
    texts: tuple[str, ...] | None = None
    """The texts that were looked for, to be marked; None: the query's words."""

    @property
    def words(self) -> Sequence[str]:
        """The texts to mark."""
        return self.query.split() if self.texts is None else self.texts
