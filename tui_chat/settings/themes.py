"""The names of the themes, for code that does not import Textual."""

OURS = ("tui-chat-dark", "tui-chat-light", "tui-chat-contrast", "tui-chat-plain")
TEXTUALS = (
    "ansi-dark",
    "ansi-light",
    "atom-one-dark",
    "atom-one-light",
    "catppuccin-frappe",
    "catppuccin-latte",
    "catppuccin-macchiato",
    "catppuccin-mocha",
    "dracula",
    "flexoki",
    "gruvbox",
    "monokai",
    "nord",
    "rose-pine",
    "rose-pine-dawn",
    "rose-pine-moon",
    "solarized-dark",
    "solarized-light",
    "textual-dark",
    "textual-light",
    "tokyo-night",
)
THEMES = OURS + TEXTUALS
"""The themes to choose from; Textual may come to have others."""
