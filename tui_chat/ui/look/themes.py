"""The themes: our own quiet ones, one of high contrast, and the terminal's own colours."""

from __future__ import annotations

from typing import Any

from textual.app import App
from textual.theme import BUILTIN_THEMES, Theme

from tui_chat.records import replace
from tui_chat.settings import Origin, Resolved
from tui_chat.settings.errors import nearest
from tui_chat.ui.look.text_styles import LIGHT_GROUND

_INKS = ("primary", "secondary", "accent", "success", "warning", "error")


def _written_as_it_is(theme: Theme) -> Theme:
    """Return a theme with readable text colours: Textual mixes them with black or white, as those of most are not."""
    inks = {f"text-{name}": getattr(theme, name) for name in _INKS}
    return replace(theme, variables=inks | theme.variables)


DARK = _written_as_it_is(
    Theme(
        name="tui-chat-dark",
        primary="#d58f6f",
        secondary="#7fa7bd",
        accent="#e3b58d",
        success="#95b87c",
        warning="#dcb76f",
        error="#e07f83",
        foreground="#dad8d2",
        background="#15171c",
        surface="#1c1f26",
        panel="#262a33",
        boost="#2b303a",
        dark=True,
        variables={
            "text-disabled": "auto 50%",
            "input-cursor-background": "#d58f6f",
            "input-selection-background": "#d58f6f 30%",
            "scrollbar": "#2b303a",
            "scrollbar-background": "#15171c",
            "scrollbar-background-hover": "#15171c",
            "scrollbar-background-active": "#15171c",
            "scrollbar-corner-color": "#15171c",
        },
    )
)

LIGHT = _written_as_it_is(
    Theme(
        name="tui-chat-light",
        primary="#a14c2b",
        secondary="#346880",
        accent="#8a5a24",
        success="#447030",
        warning="#7f5f0c",
        error="#b23a43",
        foreground="#191814",
        background="#fbfaf7",
        surface="#f3f1eb",
        panel="#e7e4dc",
        boost="#dedad0",
        dark=False,
        variables={
            "text-disabled": "auto 56%",
            "input-cursor-background": "#a14c2b",
            "input-selection-background": "#a14c2b 25%",
            "scrollbar": "#d8d3c7",
            "scrollbar-background": "#fbfaf7",
            "scrollbar-background-hover": "#fbfaf7",
            "scrollbar-background-active": "#fbfaf7",
            "scrollbar-corner-color": "#fbfaf7",
        },
    )
)

CONTRAST = _written_as_it_is(
    Theme(
        name="tui-chat-contrast",
        primary="#ffd84d",
        secondary="#6fdcff",
        accent="#ffb347",
        success="#7dff7d",
        warning="#ffd84d",
        error="#ff8080",
        foreground="#ffffff",
        background="#000000",
        surface="#1c1c1c",
        panel="#3a3a3a",
        boost="#262626",
        dark=True,
        variables={
            "border": "#ffd84d",
            "border-blurred": "#8a8a8a",
            "text-muted": "#d0d0d0",
            "text-disabled": "#b0b0b0",
            "foreground-muted": "#d0d0d0",
            "block-cursor-foreground": "#000000",
            "block-cursor-background": "#ffd84d",
            "input-cursor-background": "#ffd84d",
            "input-cursor-foreground": "#000000",
            "input-selection-background": "#005fd7",
            "screen-selection-background": "#005fd7",
            "scrollbar": "#8a8a8a",
            "scrollbar-background": "#000000",
            "scrollbar-background-hover": "#000000",
            "scrollbar-background-active": "#000000",
            "scrollbar-corner-color": "#000000",
        },
    )
)

# In these Textual leaves panels and scrollbars in the colour of the background: nothing would have a border.
_TERMINAL = {
    "panel": "ansi_bright_black",
    "border-blurred": "ansi_bright_black",
    "scrollbar": "ansi_bright_black",
    "scrollbar-background": "ansi_default",
    "scrollbar-background-hover": "ansi_default",
    "scrollbar-background-active": "ansi_default",
    "input-cursor-background": "ansi_default",
    "input-cursor-foreground": "ansi_default",
    "input-cursor-text-style": "reverse",
}

# The filter `NoColours` draws whatever has a background of its own in reverse.
_MARKED = ("block-cursor", "block-cursor-blurred", "input-cursor", "input-selection", "screen-selection")
_PLAIN = (
    dict.fromkeys(("border", "border-blurred", "panel", "scrollbar", "link-color"), "ansi_default")
    | {f"{name}-background": "ansi_white" for name in _MARKED}
    | {f"{name}-foreground": "ansi_black" for name in _MARKED}
    | {f"{name}-text-style": "none" for name in _MARKED}
)

PLAIN = replace(
    BUILTIN_THEMES["ansi-dark"],
    name="tui-chat-plain",
    primary="ansi_default",
    secondary="ansi_default",
    accent="ansi_default",
    success="ansi_default",
    warning="ansi_default",
    error="ansi_default",
    variables=BUILTIN_THEMES["ansi-dark"].variables | _TERMINAL | _PLAIN,
)
"""The terminal's own two colours and nothing else: what NO_COLOR asks for."""

# On black, most terminals' blue cannot be read, and their red hardly. On what is chosen, the default colour and the
# leading one have to be readable too.
ANSI_DARK = replace(
    BUILTIN_THEMES["ansi-dark"],
    primary="ansi_cyan",
    secondary="ansi_bright_blue",
    error="ansi_bright_red",
    variables=BUILTIN_THEMES["ansi-dark"].variables
    | _TERMINAL
    | {
        "block-cursor-background": "ansi_blue",
        "block-cursor-foreground": "ansi_bright_white",
        "block-cursor-blurred-background": "ansi_blue",
        "block-cursor-blurred-foreground": "ansi_bright_white",
        "link-color": "ansi_default",
    },
)
ANSI_LIGHT = replace(
    BUILTIN_THEMES["ansi-light"],
    variables=BUILTIN_THEMES["ansi-light"].variables
    | _TERMINAL
    | {
        "block-cursor-background": "ansi_white",
        "block-cursor-foreground": "ansi_black",
        "block-cursor-blurred-background": "ansi_white",
        "block-cursor-blurred-foreground": "ansi_black",
    },
)

OURS = (DARK, LIGHT, CONTRAST, PLAIN)
THEMES = (*OURS, ANSI_DARK, ANSI_LIGHT)
"""The themes that are ours, or Textual's with changes of ours."""


NAMES = (*(theme.name for theme in OURS), *sorted(BUILTIN_THEMES))
"""The names of all themes, ours first."""


def theme_for(app: App[Any], resolved: Resolved) -> str:
    """Return the name of the theme that the settings ask for, or of the one that is used instead."""
    if resolved.no_color:
        return PLAIN.name
    if app.console.color_system == "standard" and resolved.origin("ui.theme") is Origin.DEFAULT:
        # With sixteen colours, all of ours would come out grey.
        return ANSI_LIGHT.name if app.has_class(LIGHT_GROUND) else ANSI_DARK.name
    name = resolved.settings.ui.theme
    return name if name in NAMES else DARK.name


def theme_problem(name: str, instead: str = "") -> str:
    """Return a sentence about an unknown theme and what is done instead; "" if all is well."""
    if name in NAMES:
        return ""
    near = nearest(name, NAMES)
    return f"There is no theme {name}{instead}" + (f"; did you mean {near}?" if near else ".")


def worn_instead(resolved: Resolved) -> str:
    """Return a sentence about the theme of the settings, if it is unknown."""
    return theme_problem(resolved.settings.ui.theme, f": {DARK.name} is used")
