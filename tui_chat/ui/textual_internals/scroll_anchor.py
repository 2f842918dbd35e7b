"""A list that keeps the reader's place.

Textual 8.2 anchors a list at its end only. What is read moves when something comes above it or when text is wrapped
anew.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable

from rich.style import Style
from textual.containers import VerticalScroll
from textual.geometry import Region, Size
from textual.layout import WidgetPlacement
from textual.reactive import var
from textual.scrollbar import ScrollBar
from textual.strip import Strip
from textual.widget import Widget

from tui_chat.records import dataclass
from tui_chat.ui.textual_internals.scroll_bar import VerticalScrollBar


@dataclass(frozen=True)
class _Reading:
    """The line at the top of what is in sight."""

    widget: Widget
    line_now: Callable[[], int]
    """Tells where that is in the widget, whatever has been laid out anew."""


class ScrollAnchor(VerticalScroll):
    """A scroll view that keeps what is read in its place when more comes above it, or all is wrapped anew."""

    following: var[bool] = var(True, init=False)
    """True if the reader is at the end."""

    def __init__(self) -> None:
        super().__init__()
        self._placements: list[WidgetPlacement] = []
        self._reading: _Reading | None = None

    @property
    def vertical_scrollbar(self) -> ScrollBar:
        """The scroll bar, which is made when it is first asked for."""
        if self._vertical_scrollbar is None:
            self._vertical_scrollbar = VerticalScrollBar(name="vertical", thickness=self.scrollbar_size_vertical)
            self._vertical_scrollbar.display = False
            self.app._start_widget(self, self._vertical_scrollbar)
        return self._vertical_scrollbar

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Remember what is read."""
        super().watch_scroll_y(old_value, new_value)
        self._follow_if(at_end=self.at_end)
        if not self.holds_end:
            self._note_reading()

    def render_line(self, y: int) -> Strip:
        """Return the ground that is seen beside what is in it."""
        return Strip.blank(self.size.width, Style(bgcolor=self.background_colors[1].rich_color))

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return lines of the ground: one is drawn, for each is like the others."""
        return super().render_lines(Region(crop.x, crop.y, crop.width, 1)) * crop.height

    def keep_line(self, widget: Widget, line: int) -> Callable[[], int]:
        """Return what tells where a line of a widget is from now on."""
        return lambda: line

    def process_layout(self, placements: list[WidgetPlacement]) -> list[WidgetPlacement]:
        """Note where everything is now; an anchored list sees to its place itself."""
        self._placements = placements
        if self.holds_end:
            self._reading = None  # it is noted when the end is left
        elif placements:
            self._place_at(self._within(self._line_read(placements), placements))
        return placements

    def forget_places(self) -> None:
        """Let go of what was here: a list that is not shown is not laid out again, and would hold on to it."""
        self._placements, self._reading = [], None
        self._clear_arrangement_cache()

    @property
    def holds_end(self) -> bool:
        """True if each layout puts the list at its end."""
        return self._anchored and not self._anchor_released

    def _note_reading(self) -> None:
        """Remember what is read."""
        line = int(self.scroll_y)
        at = bisect_right(self._placements, line, key=lambda placement: placement.region.y) - 1
        if at >= 0:
            widget = self._placements[at].widget
            self._reading = _Reading(widget, self.keep_line(widget, line - self._placements[at].region.y))

    def _line_read(self, placements: list[WidgetPlacement]) -> int:
        """Return the line at the top of what is read; as it was, if that is not here any longer."""
        reading = self._reading
        found = next((one for one in placements if reading is not None and one.widget is reading.widget), None)
        if reading is None or found is None:
            return int(self.scroll_y)
        return found.region.y + reading.line_now()

    def _within(self, line: int, placements: list[WidgetPlacement]) -> int:
        """Return a line that shows as much as there is; what is shorter than the list stands at its end."""
        bottom = max(one.region.bottom + one.margin.bottom for one in placements)
        end = bottom - self.container_size.height
        return min(max(line, 0), end)

    def _place_at(self, line: int) -> None:
        """Scroll in the middle of a layout, as Textual does for the end of an anchored list."""
        self.set_reactive(Widget.scroll_y, float(line))
        self.set_reactive(Widget.scroll_target_y, float(line))
        if self.vertical_scrollbar.position != line:
            self.vertical_scrollbar.set_reactive(ScrollBar.position, float(line))
            self.vertical_scrollbar.refresh()

    @property
    def at_end(self) -> bool:
        """True if there is nothing below what is in sight."""
        return self.scroll_y >= self.max_scroll_y or not self.max_scroll_y

    def _follow_if(self, *, at_end: bool) -> None:
        self._anchor_released = not at_end
        self.following = at_end

    def release_anchor(self) -> None:
        """Leave the end; but a key or a wheel that goes further down from there, and so moves nothing, does not."""
        if self.at_end:
            self.call_later(self._follow_unless_moved, self.scroll_y)
        if self.holds_end:
            self._note_reading()
        super().release_anchor()

    def _follow_unless_moved(self, line: float) -> None:
        if self.scroll_y == line and self.at_end:
            self._follow_if(at_end=True)

    def _size_updated(self, size: Size, virtual_size: Size, container_size: Size, layout: bool = True) -> bool:
        """Let a layout move the end, not the reader: whoever was there still follows it."""
        held, reading = self.holds_end, self._reading
        if container_size.height != self.container_size.height:
            self._clear_arrangement_cache()  # what was placed by the height of before is placed again
        changed = super()._size_updated(size, virtual_size, container_size, layout)
        self._reading = reading  # though what is left of it may be in sight further down
        self._follow_if(at_end=held or self.at_end)
        return changed
