"""Lines as a widget has drawn them, few and light.

Textual 8.2's `StylesCache` works the edges of a widget out anew for each line, keeps every line that was ever drawn and
is held long after its widget; and each of its `Strip`s has seven caches of its own. One of them holds the strip itself
once a screen is composed, so that only a garbage collection gets rid of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from rich.segment import Segment
from textual.cache import FIFOCache
from textual.color import Color
from textual.filter import LineFilter
from textual.geometry import Region
from textual.strip import Strip

from tui_chat.ui.textual_internals.append_only import AppendOnly

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


class LightStrip(Strip):
    """A strip without caches: what is asked of it once is not kept, but for what is written of it."""

    __slots__ = ()

    def __init__(self, segments: Iterable[Segment], cell_length: int) -> None:
        self._segments = list(segments)
        self._cell_length = cell_length
        self._divide_cache = self._crop_cache = self._style_cache = self._filter_cache = _NOTHING
        self._line_length_cache = self._crop_extend_cache = self._offsets_cache = _NOTHING
        self._render_cache = self._link_ids = self._cell_count = None


def keep_near(lines: dict[int, Any], first: int, count: int) -> None:
    """Drop the lines that are far from these; now and then, not for each line that is drawn."""
    most = (2 * AROUND + 1) * count
    if len(lines) > 2 * most:
        near = range(first - AROUND * count, first + (AROUND + 1) * count)
        for y in [y for y in lines if y not in near]:
            del lines[y]


class _Frame(NamedTuple):
    """All that is the same in each line of a widget."""

    left: Sequence[Segment]
    right: Sequence[Segment]
    filters: Sequence[LineFilter]
    background: Color


class DrawnByLine(AppendOnly):
    """Hands out finished lines, and draws each once: a scroll, or a line more at the end, asks for few others."""

    def __init__(self, *, id: str) -> None:
        self._drawn: dict[int, Strip] = {}
        self._drawn_for: object = None
        self._frame: _Frame | None = None
        """Found in a line that Textual has drawn; None if there is none that would be right for all lines."""
        super().__init__(id=id)

    def content_line(self, y: int) -> Sequence[Segment]:
        """Return one line of the content, as wide as that is; `render_line` says where in the text each part stands."""
        raise NotImplementedError

    def on_unmount(self) -> None:
        """Let go of the lines that were drawn."""
        self._drawn.clear()

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return lines with every filter applied; those some screens away from them are dropped."""
        drawn_for = crop.column_span, self.size.width, self.get_line_filters(), self.hover_style.link_id
        if drawn_for != self._drawn_for:
            self._drawn_for, self._frame = drawn_for, None
            self._drawn.clear()
        keep_near(self._drawn, crop.y, max(crop.height, SCREENFUL))
        for y in crop.line_range:
            if y not in self._drawn:
                self._drawn[y] = self._draw(y, crop)
        return [self._drawn[y] for y in crop.line_range]

    def _draw(self, y: int, crop: Region) -> Strip:
        if self._frame is None:
            (strip,) = super().render_lines(Region(crop.x, y, crop.width, 1))
            self._styles_cache.clear()
            self._frame = self._frame_of(strip)
            if self._frame is None:
                return LightStrip(strip, crop.width)
        segments = list(self.content_line(y))
        for line_filter in self._frame.filters:
            segments = line_filter.apply(segments, self._frame.background)
        return LightStrip([*self._frame.left, *segments, *self._frame.right], crop.width)

    def _frame_of(self, strip: Strip) -> _Frame | None:
        """Return what a line has in common with all others, if nothing is done to what is between."""
        gutter, width = self.gutter, self.size.width
        whole = strip.cell_length == gutter.width + width
        if not whole or gutter.height or self.hover_style.link_id or self.opacity * self.styles.text_opacity != 1:
            return None
        left, _, right = strip.divide([gutter.left, gutter.left + width, strip.cell_length])
        return _Frame(tuple(left), tuple(right), self.get_line_filters(), self.background_colors[1])

    def _set_dirty(self, *regions: Region) -> None:
        """Have these regions drawn again, or everything."""
        super()._set_dirty(*regions)
        self._styles_cache.clear()  # the lines are here, and Textual would note each that has changed for ever
        self._dirty_regions.clear()
        top = self.gutter.top
        for region in regions:
            for y in region.line_range:
                self._drawn.pop(top + y, None)
        if not regions:
            self._drawn.clear()
            self._frame = None
