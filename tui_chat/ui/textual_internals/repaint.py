"""Draws a widget at once: Textual 8.2 draws only when it is idle, after text that comes has been laid out and drawn."""

from __future__ import annotations

from textual.widget import Widget


def paint(widget: Widget) -> None:
    """Draw what has changed in a widget now; left to itself it waits until text that comes is laid out and drawn."""
    screen, app = widget.screen, widget.app
    if screen is app.screen and not app._batch_count:
        screen._compositor.update_widgets({widget})
        app._display(screen, screen._compositor.render_update(screen_stack=app._background_screens))
