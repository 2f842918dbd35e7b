"""Lines as a widget has drawn them, few and light.

Textual 8.2's `StylesCache` keeps every line that a widget has ever drawn, and each of its `Strip`s has seven caches of
its own. One of them holds the strip itself once a screen is composed, so that only a garbage collection gets rid of it.
"""

from __future__ import annotations

from typing import Any

from textual._styles_cache import StylesCache
from textual.cache import FIFOCache
from textual.strip import Strip

AROUND = 2
"""The lines that are kept above and below those just drawn: so many times as many."""


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


def keep_near(lines: dict[int, Strip], first: int, count: int) -> None:
    """Drop the lines that are far from these; now and then, not for each line that is drawn."""
    most = (2 * AROUND + 1) * count
    if len(lines) > 2 * most:
        near = range(first - AROUND * count, first + (AROUND + 1) * count)
        for y in [y for y in lines if y not in near]:
            del lines[y]


def keep_drawn_near(cache: StylesCache, first: int, count: int) -> None:
    """Drop what a widget has drawn far from these lines."""
    keep_near(cache._cache, first, count)
