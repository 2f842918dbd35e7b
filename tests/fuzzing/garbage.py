"""Structured garbage: an honest value with something in it that makes no sense, from a seed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from math import inf, nan
from random import Random
from typing import Any

DEEP, DIGITS = "@@deep@@", "@@digits@@"
"""Stand in a value for what cannot be written as one, in its JSON text for brackets and digits."""

NUMBERS = (0, -1, 1, 10**12, 10**13, 2**63, -(2**63), 10**400, 1e308, 5e-324, nan, inf, -inf, True, False)
TEXTS = (
    *("", " ", "\0", "\ud800", "\udfff\ud800", "\x1b[2J", "\x1b]52;c;eA==\x07", "‮", "é" * 300, "x" * 5_000, "\n" * 99),
    *("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "2026-02-31", "2026-01-01T00:00", "24:00"),
    *("text", "thinking", "tool_use", "server_tool_use", "web_search_tool_result", "novel", "message_stop", "error"),
    *("user", "assistant", "complete", "pending", "streaming", "failed", "cancelled", "batch", "stream", "max_tokens"),
    *("{", "[]", "null", "NaN", "%1B%5D52", "<b>", "../../x", "a b", "'", '"', "--", "-1", "9" * 30, "~nosuchuser"),
    *("claude-haiku-4-5", "pause_turn", "refusal", "end_turn", DEEP, DIGITS),
)


class Garbage(Random):
    """A source of it; the same seed gives the same."""

    def text(self) -> str:
        """Return a text that a decoder may stumble over, or several in one."""
        if self.random() < 0.01:
            return "x" * 1_000_000
        return "".join(self.choice(TEXTS) for _ in range(self.choice((1, 1, 1, 2, 3))))

    def value(self) -> Any:
        """Return a value of any kind."""
        kind = self.randrange(8)
        if kind < 3:
            return self.choice(NUMBERS)
        if kind < 5:
            return self.text()
        if kind == 5:
            return [self.value() for _ in range(self.randrange(3))]
        if kind == 6:
            return {self.text(): self.value() for _ in range(self.randrange(3))}
        return nested(self.choice((2, 60, 150))) if self.random() < 0.3 else None

    def mangled(self, honest: Any, *, changes: int = 0) -> Any:
        """Return an honest value with a few things changed."""
        for _ in range(changes or self.choice((0, 1, 1, 2, 3, 8))):
            honest = self._changed(honest)
        return honest

    def json(self, honest: Any) -> str:
        """Such a value as JSON text, which itself may be spoilt."""
        text = json.dumps(self.mangled(honest), ensure_ascii=self.random() < 0.5)
        depth = self.choice((500, 2_000, 100_000))
        text = text.replace(f'"{DEEP}"', "[" * depth + "]" * depth).replace(f'"{DIGITS}"', "9" * 5_000)
        return self.spoilt(text) if self.random() < 0.1 else text

    def spoilt(self, text: str) -> str:
        """Return a text that breaks off, or has a piece that does not belong there."""
        at = self.randrange(len(text) + 1)
        return text[:at] + self.choice(("", self.text(), text[at:], self.text() + text[at:]))

    def _changed(self, value: Any) -> Any:
        """Return the value with one thing in it changed: anything, wherever it stands."""
        return self._changed_at(value, self.choice(list(_places(value))))

    def _changed_at(self, value: Any, place: tuple[Any, ...]) -> Any:
        if not place:
            return self.value()
        at, *rest = place
        inner = self._changed_at(value[at], tuple(rest))
        if isinstance(value, dict):
            gone = not rest and self.random() < 0.2
            return {key: inner if key == at else item for key, item in value.items() if not (gone and key == at)}
        return [*value[:at], *[inner] * (self.choice((0, 1, 1, 1, 2)) if not rest else 1), *value[at + 1 :]]


def _places(value: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the ways to a value and to all that is in it, as long as that is not nested too deeply."""
    yield place
    if len(place) < 20:
        inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        for at, item in inner:
            yield from _places(item, (*place, at))


def nested(depth: int) -> Any:
    """Return a value of lists and objects in each other."""
    value: Any = "x"
    for level in range(depth):
        value = [value] if level % 2 else {"x": value}
    return value
