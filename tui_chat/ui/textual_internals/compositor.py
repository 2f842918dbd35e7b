"""Composes of a frame only what is written.

Textual 8.2's `Compositor` asks every widget between the first and the last changed line for all of its lines, also
those that nobody sees or that have not changed: a status bar that counts, below a reply that grows, has all between
them drawn at each frame.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from typing import Any, TypeAlias

from rich.console import Console
from textual._compositor import Compositor, CompositorMap, CompositorUpdate, ReflowResult
from textual.geometry import Region, Size
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget

from tui_chat.ui.textual_internals.layout import FreshLayout

_Missing: TypeAlias = dict[int, list[int]]
"""For each line, the columns in which what has yet to be drawn begins."""

CACHES: Sequence[Any] = (
    Strip.render_ansi,
    Region.grow,
    Region.intersection,
    Region.overlaps,
    Region.shrink,
    Region.translate,
    Region.union,
)
"""Caches of Textual's, of up to 16,384 places and styles: while text grows, few of these are asked for again."""
MOST_KEPT = 256


def _let_go_of_places() -> None:
    for cache in CACHES:
        if cache.cache_info().currsize > MOST_KEPT:
            cache.cache_clear()


class _Pieces(CompositorUpdate):
    """Strips, each at the line and the column in which it begins."""

    def __init__(self, pieces: Sequence[tuple[int, int, Strip]]) -> None:
        self._pieces = pieces

    def render_segments(self, console: Console) -> str:
        """Return them as they are written to a terminal, those beside each other in one go."""
        written, beside = [], (-1, 0)
        for y, x, strip in self._pieces:
            if (y, x) != beside:
                written.append(f"\x1b[{y + 1};{x + 1}H")
            written.append(strip.render(console))
            beside = y, x + strip.cell_length
        _let_go_of_places()
        return "".join(written)


class SparingCompositor(Compositor):
    """Asks the uppermost widget alone for a line, and only for one that has changed.

    What has changed is told from what was drawn. Textual 8.2 compares a layout with whatever map was last made: where
    one was looked at after a text had grown and before that was laid out, it would find nothing new.
    """

    def __init__(self) -> None:
        super().__init__()
        self._laid_out: CompositorMap = {}
        """The map of the last layout."""
        self._scrolled: CompositorMap | None = None
        """The map of what was in sight when something was last scrolled after it."""

    def reflow(self, parent: Widget, size: Size) -> ReflowResult:
        """Lay everything out, and note what is not where it was."""
        self._full_map, scrolled = self._laid_out, self._scrolled
        result = super().reflow(parent, size)
        self._laid_out, self._scrolled = self._full_map, None
        if scrolled is not None:
            moved = (geometry for _, geometry in scrolled.items() ^ self._laid_out.items())
            self._dirty_regions.update(filter(None, (one.clip.intersection(one.region) for one in moved)))
        return result

    def reflow_visible(self, parent: Widget, size: Size) -> set[Widget]:
        """Lay out what is in sight, after something was scrolled."""
        exposed = super().reflow_visible(parent, size)
        self._scrolled = self._visible_map
        return exposed

    def clear(self) -> None:
        """Let go of all widgets: the screen closes."""
        super().clear()
        self._laid_out, self._scrolled = {}, None

    def render_partial_update(self) -> CompositorUpdate | None:  # type: ignore[override] # its callers take any update
        """Return what has changed since the last call; None if nothing has."""
        screen = self.size.region
        dirty = [region.intersection(screen) for region in self._dirty_regions]
        self._dirty_regions.clear()
        missing: _Missing = {}
        ends: dict[tuple[int, int], int] = {}
        for y, left, right in self._regions_to_spans(dirty):
            places = [x for x, end in pairwise(self.cuts[y]) if x < right and end > left]
            missing[y] = sorted({*missing.get(y, ()), *places})
            ends |= {(y, x): right for x in places}
        pieces = sorted(self._drawn(missing), key=lambda piece: piece[:2])
        return _Pieces([(y, x, strip.crop(0, ends[y, x] - x)) for y, x, strip in pieces]) if pieces else None

    def _drawn(self, missing: _Missing) -> Iterator[tuple[int, int, Strip]]:
        """Yield what is missing, from the uppermost widget to the lowest."""
        for widget, (region, clip) in self.visible_widgets.items():
            if not missing:
                return
            if shown := region.intersection(clip):
                yield from self._drawn_by(widget, region, shown, missing)

    def _drawn_by(
        self, widget: Widget, region: Region, shown: Region, missing: _Missing
    ) -> Iterator[tuple[int, int, Strip]]:
        """Yield what a widget shows of what is missing; one strip on many lines is cut once."""
        left, right = shown.column_span
        lines = [y for y in missing if y in shown.line_range and any(left <= x < right for x in missing[y])]
        last: tuple[Strip, list[int]] | None = None
        parts: dict[int, Strip] = {}
        for first, count in _runs(lines):
            crop = Region(left - region.x, first - region.y, shown.width, count)
            for y, strip in enumerate(widget.render_lines(crop), first):
                cuts = [cut for cut in self.cuts[y] if left <= cut <= right]
                if last is None or last[0] is not strip or last[1] != cuts:
                    last, parts = (strip, cuts), _parts(strip, cuts)
                yield from ((y, x, parts[x]) for x in missing[y] if x in parts)
                missing[y] = [x for x in missing[y] if not left <= x < right]
                if not missing[y]:
                    del missing[y]


def _parts(strip: Strip, cuts: list[int]) -> dict[int, Strip]:
    """Return a widget's line cut where other widgets begin and end, each part at its column."""
    left, *ends = cuts
    if len(ends) == 1 and strip.cell_length == ends[0] - left:
        return {left: strip}
    return dict(zip(cuts, strip.divide([cut - left for cut in ends]), strict=False))


def _runs(numbers: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield each run of numbers that follow each other: the first, and how many."""
    for _, grouped in groupby(enumerate(numbers), lambda item: item[1] - item[0]):
        run = [number for _, number in grouped]
        yield run[0], len(run)


class SparingScreen(FreshLayout, Screen[None]):
    """A screen of which no more is drawn than has changed."""

    def __init__(self) -> None:
        super().__init__()
        self._compositor = SparingCompositor()
