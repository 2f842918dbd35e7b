"""The styles of rendered text, from the theme that the app has now."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from textual.app import App
from textual.color import Color

from tui_chat.rendering import Look

ASCII = "-ascii"
"""The app's class while only plain glyphs may be used."""
LIGHT_GROUND = "-light-ground"
"""The app's class on a terminal that has told that its own ground is light."""
LINE_NUMBERS = "-line-numbers"
WIDE_CODE = "-wide-code"
"""The app's class while lines of code are numbered."""

_COLOURS = (
    "foreground",
    "background",
    "primary",
    "secondary",
    "accent",
    "success",
    "warning",
    "error",
    "surface",
    "panel",
)
_WITHOUT_LINKS = ("linux", "dumb", "vt100", "vt220")
"""Terminals that would show what a hyperlink is made of."""

_looks: dict[tuple[object, ...], Look] = {}


def look_for(app: App[Any]) -> Look:
    """Return the look that goes with the app's theme and its classes; made once for each."""
    theme = app.current_theme
    key = (theme.name, app.has_class(ASCII), app.has_class(LINE_NUMBERS), app.has_class(WIDE_CODE))
    if key not in _looks:
        variables = theme.to_color_system().generate()  # for a while, the app's own are still the previous theme's
        _looks[key] = Look.from_colours(
            **{name: _colour(variables[name]) for name in _COLOURS},
            muted=_muted(variables),
            ansi=theme.ansi,
            hyperlinks=os.environ.get("TERM", "") not in _WITHOUT_LINKS,
            ascii=app.has_class(ASCII),
            line_numbers=app.has_class(LINE_NUMBERS),
            wrap_code=not app.has_class(WIDE_CODE),
            copy_hint="copy",
        )
    return _looks[key]


def _colour(variable: str) -> str:
    """Return a theme's colour as Rich names it: "#rrggbb", or one of the terminal's own."""
    colour = Color.parse(variable)
    return colour.hex6 if colour.ansi is None else variable.removeprefix("ansi_")


def _muted(variables: Mapping[str, str]) -> str:
    """Return a quiet colour for text: the text's own, most of the way from what is behind it."""
    background, foreground = Color.parse(variables["background"]), Color.parse(variables["foreground"])
    if foreground.ansi is not None:
        return _colour(variables["foreground"])
    return background.blend(foreground, 0.65).hex6
