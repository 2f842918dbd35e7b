"""Widgets that grow line by line, laid out and drawn once for each line.

Textual 8.2's `Widget._size_updated` lays a scrollable widget out again whenever its virtual size has changed, though a
line more at its end changes the place of nothing that is in it, and has all lines drawn of one that has grown.
"""

from __future__ import annotations

from typing import Self

from textual.geometry import Region, Size
from textual.widget import Widget


class AppendOnly(Widget):
    """Is laid out and drawn once for each line by which it or what is in it grows; a stock widget is twice."""

    drawn_at_once = False
    """True while whoever changes it has it drawn: it needs no turn of its own for that."""

    def check_idle(self) -> None:
        """Have what has changed drawn in a turn of its own."""
        if not self.drawn_at_once:
            super().check_idle()

    def refresh(self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False) -> Self:
        """Draw it, or lay it out, anew: also what changes when a layout is asked for already is a change.

        As on a `FreshLayout`; but what is shown here may be on a screen of another app.
        """
        self._layout_updates += layout
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)

    def _size_updated(self, size: Size, virtual_size: Size, container_size: Size, layout: bool = True) -> bool:
        """Take a size from a layout. Where it only holds more lines, what that layout draws is right already."""
        as_wide = (size.width, virtual_size.width) == (self._size.width, self.virtual_size.width)
        if not as_wide or (self.is_scrollable and container_size != self._container_size):
            return super()._size_updated(size, virtual_size, container_size, layout)
        moved = self.show_vertical_scrollbar and virtual_size != self.virtual_size
        bar = self.vertical_scrollbar if moved and not self.vertical_scrollbar._repaint_regions else None
        self._size = size  # or Textual would have all lines drawn; whoever has lines tells which have changed
        changed = super()._size_updated(size, virtual_size, container_size, layout=False)
        if bar is not None:
            bar._exchange_repaint_regions()
            bar._repaint_required = False
        return changed
