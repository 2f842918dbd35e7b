"""Draws at once: Textual 8.2 draws only when it is idle, after text that comes has been laid out and drawn."""

from __future__ import annotations

from collections.abc import Callable

from textual.widget import Widget

from tui_chat.ui.textual_internals.append_only import AppendOnly
from tui_chat.ui.textual_internals.layout import forget_size


def paint(widget: Widget) -> None:
    """Draw what has changed in a widget now; left to itself it waits until text that comes is laid out and drawn."""
    screen, app = widget.screen, widget.app
    if screen is app.screen and not app._batch_count:
        screen._compositor.update_widgets({widget})
        app._display(screen, screen._compositor.render_update(screen_stack=app._background_screens))


def draw_frame(widget: AppendOnly, change: Callable[[], bool]) -> None:
    """Change a widget; if that returns True, lay out and draw it now, and what else waits for the next frame.

    Left to itself, a frame passes through the queues of the widget and of the screen, and waits for a timer.
    """
    screen, app = widget.screen, widget.app
    widget.drawn_at_once = True
    try:
        complete = change()
    finally:
        widget.drawn_at_once = False
    if not complete or screen is not app.screen or app._batch_count:
        widget.check_idle()
        return
    if widget._repaint_required:
        widget._repaint_required = False
        screen._dirty_widgets.add(widget)
    if widget._layout_required:
        widget._layout_required = False
        forget_size(widget)
        screen._layout_required, screen._scroll_required = True, False
    screen._on_timer_update()
