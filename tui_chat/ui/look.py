"""The styles of rendered text, from the theme that the app has now."""

from __future__ import annotations

from typing import Any

from textual.app import App
from textual.color import Color

from tui_chat.rendering import Look

_LOOKS: dict[str, Look] = {}


def look_for(app: App[Any]) -> Look:
    """The look that goes with the app's theme; made once a theme."""
    theme = app.current_theme
    key = theme.name
    if key not in _LOOKS:
        variables = app.theme_variables
        _LOOKS[key] = Look.from_colours(
            foreground=variables["foreground"],
            background=variables["background"],
            primary=variables["primary"],
            secondary=variables["secondary"],
            accent=variables["accent"],
            success=variables["success"],
            warning=variables["warning"],
            error=variables["error"],
            surface=variables["surface"],
            panel=variables["panel"],
            muted=_muted(variables),
            dark=theme.dark,
            ansi=theme.ansi,
        )
    return _LOOKS[key]


def _muted(variables: dict[str, str]) -> str:
    """The colour of what should stand back: the text's own, most of the way to what is behind it."""
    if variables["foreground"].startswith("ansi"):
        return variables["foreground"]
    return Color.parse(variables["background"]).blend(Color.parse(variables["foreground"]), 0.58).hex6
