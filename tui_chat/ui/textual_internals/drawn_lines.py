"""Lines as a widget has drawn them, few and light.

Textual 8.2's `StylesCache` keeps every line that a widget has ever drawn, and each of its `Strip`s has seven caches of
its own. One of them holds the strip itself once a screen is composed, so that only a garbage collection gets rid of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from textual._styles_cache import StylesCache
from textual.cache import FIFOCache
from textual.strip import Strip

AROUND = 2
"""The lines that are kept above and below those just drawn: so many times as many."""
SCREENFUL = 50
"""The lines of a terminal, more or less: however few are drawn, the others in sight are kept."""


class _NoCache(FIFOCache[Any, Any]):
    """Keeps nothing."""

    __slots__ = ()

    def set(self, key: Any, value: Any) -> None:
        """Keep nothing."""

    __setitem__ = set


_NOTHING = _NoCache(0)


def light(strip: Strip) -> Strip:
    """Return the strip, without caches: what is asked of it once is not kept."""
    if strip._divide_cache is not _NOTHING:
        strip._divide_cache = strip._crop_cache = strip._style_cache = strip._filter_cache = _NOTHING
        strip._line_length_cache = strip._crop_extend_cache = strip._offsets_cache = _NOTHING
    return strip


def keep_near(lines: dict[int, Any], first: int, count: int) -> None:
    """Drop the lines that are far from these; now and then, not for each line that is drawn."""
    most = (2 * AROUND + 1) * count
    if len(lines) > 2 * most:
        near = range(first - AROUND * count, first + (AROUND + 1) * count)
        for y in [y for y in lines if y not in near]:
            del lines[y]


class FinishedLines:
    """The lines that a widget has handed out, cropped and with every filter applied: a scroll asks for few others."""

    def __init__(self, cache: StylesCache) -> None:
        self._cache = cache
        self._lines: dict[int, tuple[Strip, Strip]] = {}
        """For each line, what the widget had drawn, and what was handed out for it."""
        self._looks: object = None

    def wear(self, looks: object) -> None:
        """Take the looks that are handed out from now on; no line that was made for others is right."""
        if looks != self._looks:
            self._looks = looks
            self._lines.clear()

    def stale(self, lines: range) -> range:
        """Return the lines to be drawn anew, with those between."""
        stale = [y for y in lines if not self._holds(y)]
        return range(stale[0], stale[-1] + 1) if stale else range(0)

    def _holds(self, y: int) -> bool:
        found = self._lines.get(y)
        return found is not None and found[0] is self._cache._cache.get(y) and not self._cache.is_dirty(y)

    def keep(self, first: int, strips: Sequence[Strip]) -> None:
        """Keep lines that have just been drawn."""
        for y, strip in enumerate(strips, first):
            self._lines[y] = self._cache._cache[y], light(strip)

    def lines(self, lines: range) -> list[Strip]:
        """Return lines, none of which is stale; those some screens away from them are dropped."""
        screenful = max(len(lines), SCREENFUL)  # a frame asks for one line alone, too
        keep_near(self._cache._cache, lines.start, screenful)
        keep_near(self._lines, lines.start, screenful)
        return [self._lines[y][1] for y in lines]
