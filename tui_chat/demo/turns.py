"""The faults that strike a request: each may hit so many requests of a turn, and then one goes well."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from tui_chat.demo.faults import Fault

_MAX_TURNS = 1000


class Turns:
    """Counts the hits of each fault in each turn. Conversations that are equal word for word share their counts."""

    def __init__(self) -> None:
        self._hits: dict[str, Counter[Fault]] = {}

    def due(self, turn: str, faults: Iterable[Fault]) -> tuple[Fault, ...]:
        """Return those of the faults that have not yet hit this turn as often as they may.

        If all those that count have, the request goes well, and they begin again. Others of the turn, which
        another model was to meet with the same words, keep their counts.
        """
        hits, wanted = self._hits.get(turn, Counter()), tuple(faults)
        due = tuple(fault for fault in wanted if fault.count is None or hits[fault] < fault.count)
        if not any(fault.count for fault in due):
            for fault in wanted:
                hits.pop(fault, None)
        return due

    def hit(self, turn: str, fault: Fault) -> None:
        """Record that a fault struck."""
        if fault.count is None:
            return
        self._hits.setdefault(turn, Counter())[fault] += 1
        if len(self._hits) > _MAX_TURNS:
            self._hits.pop(next(iter(self._hits)))
