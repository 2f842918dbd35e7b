"""Widgets that grow line by line, laid out and drawn once for each line.

Textual 8.2's `Widget._size_updated` lays a scrollable widget out again whenever its virtual size has changed, though a
line more at its end changes the place of nothing that is in it. And the `StylesCache`
of a widget that is gone is held for long, with every line that was drawn.
"""

from __future__ import annotations

from textual.geometry import Region, Size
from textual.strip import Strip
from textual.widget import Widget

from tui_chat.ui.textual_internals.drawn_lines import FinishedLines


class AppendOnly(Widget):
    """Is laid out and drawn once for each line by which it or what is in it grows; a stock widget is twice."""

    _finished: FinishedLines | None = None

    def on_unmount(self) -> None:
        """Let go of the lines that were drawn: Textual holds on to their cache for long."""
        self._styles_cache.clear()
        self._finished = None

    def render_lines(self, crop: Region) -> list[Strip]:
        """Draw those of these lines that have changed, and keep them with those around them."""
        self._finished = finished = self._finished or FinishedLines(self._styles_cache)
        finished.wear((crop.column_span, self.size.width, self.get_line_filters(), self.hover_style))
        if stale := finished.stale(crop.line_range):
            drawn = super().render_lines(Region(crop.x, stale.start, crop.width, len(stale)))
            finished.keep(stale.start, drawn)
        return finished.lines(crop.line_range)

    def _size_updated(self, size: Size, virtual_size: Size, container_size: Size, layout: bool = True) -> bool:
        """Take a size from a layout. Where it only holds more lines, what that layout draws is right already."""
        as_wide = (size.width, virtual_size.width) == (self._size.width, self.virtual_size.width)
        if not as_wide or (self.is_scrollable and container_size != self._container_size):
            return super()._size_updated(size, virtual_size, container_size, layout)
        drawn: list[Widget] = [self] if size != self._size else []
        if self.show_vertical_scrollbar and virtual_size != self.virtual_size:
            drawn.append(self.vertical_scrollbar)
        drawn = [widget for widget in drawn if not widget._repaint_regions]
        changed = super()._size_updated(size, virtual_size, container_size, layout=False)
        for widget in drawn:
            widget._exchange_repaint_regions()
        return changed
