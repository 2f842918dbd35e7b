"""The app's appearance from the settings: its theme, its glyphs, what moves, and its keys."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol, runtime_checkable

from textual import constants
from textual.app import App
from textual.filter import LineFilter, Monochrome, NoColor

from tui_chat.settings import Resolved, Settings
from tui_chat.ui.look.ascii_filter import NoColours, PlainGlyphs
from tui_chat.ui.look.keys import keymap
from tui_chat.ui.look.printable_filter import PrintableOnly
from tui_chat.ui.look.text_styles import ASCII, LINE_NUMBERS, WIDE_CODE
from tui_chat.ui.look.themes import PLAIN, theme_for

_PLAIN_GLYPHS = PlainGlyphs()
_PRINTABLE_ONLY = PrintableOnly()
_NO_COLOURS = NoColours()


@runtime_checkable
class FollowsSettings(Protocol):
    """A screen that takes up settings which have changed while it is open."""

    def apply_settings(self) -> None:
        """Take them up."""
        ...


def apply_appearance(app: App[Any], resolved: Resolved) -> None:
    """Make the app look and move as the settings say."""
    ui = resolved.settings.ui
    classes = {ASCII: ui.ascii, LINE_NUMBERS: ui.code_line_numbers, WIDE_CODE: not ui.wrap_code}
    redraw = any(app.has_class(name) is not wanted for name, wanted in classes.items())
    app.update_classes(classes)
    app.no_color = resolved.no_color
    app.theme = theme_for(app, resolved)
    app.animation_level = constants.TEXTUAL_ANIMATIONS if ui.motion else "none"
    app.set_keymap(keymap(resolved.settings.keys))
    if redraw and app.is_running:
        app.refresh_css(animate=False)


def line_filters(app: App[Any], usual: Sequence[LineFilter]) -> list[LineFilter]:
    """Return the filters of every line on its way to the terminal."""
    filters = [line_filter for line_filter in usual if not isinstance(line_filter, Monochrome | NoColor)]
    if app.theme == PLAIN.name:
        filters.append(_NO_COLOURS)
    if app.has_class(ASCII):
        filters.append(_PLAIN_GLYPHS)
    return [*filters, _PRINTABLE_ONLY]


def may_blink(settings: Settings) -> bool:
    """True if cursors may blink."""
    return settings.streaming.cursor_blink and settings.ui.motion
