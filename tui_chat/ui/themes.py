"""The program's own themes: quiet surfaces, one warm colour."""

from __future__ import annotations

from textual.theme import Theme

DARK = Theme(
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
        "footer-background": "#15171c",
        "footer-key-foreground": "#d58f6f",
        "footer-description-foreground": "#8d9099",
        "input-cursor-background": "#d58f6f",
        "input-selection-background": "#d58f6f 30%",
        "scrollbar": "#2b303a",
        "scrollbar-background": "#15171c",
        "scrollbar-background-hover": "#15171c",
        "scrollbar-background-active": "#15171c",
        "scrollbar-corner-color": "#15171c",
    },
)

LIGHT = Theme(
    name="tui-chat-light",
    primary="#a9512f",
    secondary="#346880",
    accent="#8a5a24",
    success="#4b7a34",
    warning="#8f6a10",
    error="#b23a43",
    foreground="#2c2b28",
    background="#fbfaf7",
    surface="#f3f1eb",
    panel="#e7e4dc",
    boost="#dedad0",
    dark=False,
    variables={
        "footer-background": "#fbfaf7",
        "footer-key-foreground": "#a9512f",
        "footer-description-foreground": "#77736a",
        "input-cursor-background": "#a9512f",
        "input-selection-background": "#a9512f 25%",
        "scrollbar": "#d8d3c7",
        "scrollbar-background": "#fbfaf7",
        "scrollbar-background-hover": "#fbfaf7",
        "scrollbar-background-active": "#fbfaf7",
        "scrollbar-corner-color": "#fbfaf7",
    },
)
