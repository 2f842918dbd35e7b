"""Layouts that know every change.

Textual 8.2 keeps the size that a widget was found to need until its `_layout_updates` are more. They are counted when a
change asks for a layout, but not while one is asked for already: what changes after the screen has been laid out for
something else, and before the widget has told the screen, keeps the size of before. Its last lines are never shown.
"""

from __future__ import annotations

from textual.messages import Layout
from textual.widget import Widget


def forget_size(widget: Widget) -> None:
    """Have the size of a widget found anew, and everything arranged anew whose size may depend on it."""
    widget._layout_updates += 1
    for ancestor in widget.ancestors:
        if not isinstance(ancestor, Widget):
            return
        ancestor._clear_arrangement_cache()
        ancestor._layout_updates += 1
        if not ancestor.styles.auto_dimensions:
            return


class FreshLayout:
    """A screen, before its other bases, on which each widget has the size of what is in it last.

    It is no widget itself: Textual takes the styles of a class from the first of its bases that is one.
    """

    async def _on_layout(self, message: Layout) -> None:  # Textual calls that of each class
        forget_size(message.widget)
