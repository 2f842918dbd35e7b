"""A scroll bar of which few rows are drawn: Textual 8.2 styles, filters and pads each of them, at each line more."""

from __future__ import annotations

from typing import cast

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.scrollbar import ScrollBar, ScrollBarRender
from textual.strip import Strip

from tui_chat.ui.textual_internals.drawn_lines import LightStrip


class VerticalScrollBar(ScrollBar):
    """Draws the rows of its thumb and of its ground once; there are many of each, and few kinds."""

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return rows with every filter applied."""
        bar = cast(ScrollBarRender, self.render())
        style = cast(Style, bar.style)
        assert style.color is not None
        assert style.bgcolor is not None
        width, height = self.size
        rows = bar.render_bar(
            height, bar.virtual_size, bar.window_size, bar.position, width, True, style.bgcolor, style.color
        ).segments
        drawn = {row: self._draw(row, width) for row in dict.fromkeys(rows)}
        return [drawn[rows[y]] for y in crop.line_range]

    def _draw(self, row: Segment, width: int) -> Strip:
        segments = list(Segment.apply_style([row], self.visual_style.rich_style))
        for line_filter in self.get_line_filters():
            segments = line_filter.apply(segments, self.background_colors[1])
        return LightStrip(segments, width)
