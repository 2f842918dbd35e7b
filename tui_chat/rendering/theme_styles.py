"""The styles of a look, worked out from a theme's colours or from the terminal's own sixteen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pygments.token import Comment, Generic, Keyword, Literal, Name, Number, Operator, Punctuation, String
from rich.style import Style

from tui_chat.records import dataclass
from tui_chat.rendering.palette import Colour

TokenStyles = Mapping[object, Style]
"""A style for each Pygments token type; a type without one has its parent's."""


@dataclass(frozen=True, slots=True)
class Theme:
    """A theme's colours, as #rrggbb; those that are empty are worked out from the others."""

    foreground: str
    background: str
    primary: str
    secondary: str = ""
    accent: str = ""
    success: str = ""
    warning: str = ""
    error: str = ""
    surface: str = ""
    panel: str = ""
    muted: str = ""


DARK = Theme(
    foreground="#d8dbe2",
    background="#16181d",
    primary="#8ab4f8",
    secondary="#c9a2f5",
    accent="#f0ab7c",
    success="#98cf95",
    warning="#e6c27a",
    error="#f08a84",
)
LIGHT = Theme(
    foreground="#24292f",
    background="#ffffff",
    primary="#0b57d0",
    secondary="#7a2fbf",
    accent="#ab4b12",
    success="#1a7037",
    warning="#7d5600",
    error="#b3261e",
)


class _Inks:
    """The colours that styles are made of, each readable on its background."""

    def __init__(self, theme: Theme) -> None:
        self.ground = Colour.parse(theme.surface or theme.background)
        self.text = Colour.parse(theme.foreground).readable_on(self.ground, 7)
        self.panel = self._quiet_panel(theme.panel)
        faint = self.text.towards(self.ground, 0.42)
        self.muted = (Colour.parse(theme.muted) if theme.muted else faint).readable_on(self.panel)
        self.line = self.ground.towards(self.text, 0.28).readable_on(self.ground, 1.8)
        primary = Colour.parse(theme.primary)
        self._named = {
            "primary": primary,
            "secondary": Colour.parse(theme.secondary) if theme.secondary else primary,
            "accent": Colour.parse(theme.accent or theme.secondary or theme.primary),
            "success": Colour.parse(theme.success or "#5faf5f"),
            "warning": Colour.parse(theme.warning or "#d7af5f"),
            "error": Colour.parse(theme.error or "#d75f5f"),
        }

    def _quiet_panel(self, panel: str) -> Colour:
        """Return the background of code: the theme's, but neither too near to the text's nor too far from it."""
        wanted = Colour.parse(panel) if panel else self.ground.towards(self.text, 0.07)
        shares = (step / 10 for step in range(10, 0, -1))
        colour = next(
            (near for share in shares if (near := self.ground.towards(wanted, share)).contrast(self.ground) <= 1.35),
            wanted,
        )
        return colour if colour.contrast(self.ground) >= 1.06 else self.ground.towards(self.text, 0.07)

    def ink(self, name: str, ground: Colour | None = None) -> str:
        """Return a theme's colour, changed until it can be read."""
        return self._named[name].readable_on(ground or self.ground).hex


def coloured_styles(theme: Theme) -> dict[str, Any]:
    """Return the styles in a theme's colours."""
    inks = _Inks(theme)
    text, muted, line, panel = inks.text.hex, inks.muted.hex, inks.line.hex, inks.panel.hex
    chip = inks.ground.towards(inks.text, 0.08)
    soft = inks.text.towards(inks.ground, 0.22).readable_on(inks.ground).hex
    # The colours of a theme are for who speaks, for the focus and for what went wrong: a reply is read, and is quiet.
    return {
        "text": Style(color=text),
        "headings": tuple(Style(color=ink, bold=True) for ink in (text, text, soft, soft, muted, muted)),
        "heading_rule": Style(color=line),
        "emphasis": Style(italic=True),
        "strong": Style(bold=True),
        "code": Style(color=text, bgcolor=chip.hex),
        "link": Style(color=text, underline=True),
        "target": Style(color=muted),
        "image": Style(color=muted, italic=True),
        "html": Style(color=muted),
        "math": Style(color=text, italic=True),
        "footnote": Style(color=muted),
        "marker": Style(color=muted),
        "done": Style(color=inks.ink("success")),
        "strike": Style(color=muted, strike=True),
        "quote": Style(color=soft),
        "quote_bar": Style(color=line),
        "rule": Style(color=line),
        "table_header": Style(color=text, bold=True),
        "table_line": Style(color=line),
        "code_block": Style(color=text, bgcolor=panel),
        "code_label": Style(color=muted, bgcolor=panel),
        "code_note": Style(color=inks.text.towards(inks.panel, 0.55).readable_on(inks.panel, 3).hex, bgcolor=panel),
        "tokens": _code_styles(inks),
        "hit": Style(color=inks.ground.hex, bgcolor=inks.ink("warning")),
        "current_hit": Style(color=inks.ground.hex, bgcolor=inks.ink("accent"), bold=True, underline=True),
    }


def _code_styles(inks: _Inks) -> TokenStyles:
    def ink(name: str) -> Style:
        return Style(color=inks.ink(name, inks.panel))

    quiet = Style(color=inks.text.towards(inks.panel, 0.3).readable_on(inks.panel).hex)
    return {
        Comment: Style(color=inks.muted.hex, italic=True),
        Keyword: ink("secondary"),
        Keyword.Constant: ink("accent"),
        Keyword.Type: ink("warning"),
        Name.Builtin: ink("primary"),
        Name.Function: ink("primary"),
        Name.Class: ink("warning"),
        Name.Exception: ink("warning"),
        Name.Decorator: ink("accent"),
        Name.Tag: ink("secondary"),
        Name.Attribute: ink("warning"),
        Name.Constant: ink("accent"),
        Name.Variable: ink("error"),
        Number: ink("accent"),
        String: ink("success"),
        String.Escape: ink("accent"),
        String.Interpol: ink("accent"),
        Literal: ink("accent"),
        Operator: quiet,
        Operator.Word: ink("secondary"),
        Punctuation: quiet,
        Generic.Deleted: ink("error"),
        Generic.Inserted: ink("success"),
        Generic.Heading: Style(bold=True),
        Generic.Subheading: ink("primary"),
        Generic.Prompt: Style(color=inks.muted.hex),
    }


def ansi_styles(primary: str) -> dict[str, Any]:
    """Return the styles in the terminal's own colours; only the primary one depends on its background."""
    bold, lead, magenta = Style(bold=True), Style(color=primary), Style(color="magenta")
    cyan, green, yellow, red = (Style(color=name) for name in ("cyan", "green", "yellow", "red"))
    line, quiet = Style(color="bright_black"), Style(dim=True)  # of text: some palettes hide bright black
    return {
        "text": Style(),
        "emphasis": Style(italic=True),
        "strong": bold,
        "strike": Style(strike=True),
        "quote": Style(),
        "code_block": Style(),
        "hit": Style(reverse=True),
        "current_hit": Style(reverse=True, bold=True, underline=True),
        "headings": (bold,) * 6,
        "heading_rule": line,
        "code": bold,  # as in manuals
        "link": Style(underline=True),
        "target": quiet,
        "image": Style(italic=True),
        "html": quiet,
        "math": Style(italic=True),
        "footnote": Style(),
        "marker": Style(),
        "done": green,
        "quote_bar": line,
        "rule": line,
        "table_header": bold,
        "table_line": line,
        "code_label": quiet,
        "code_note": quiet,
        "tokens": {
            Comment: quiet,
            Keyword: magenta,
            Keyword.Type: yellow,
            Name.Builtin: cyan,
            Name.Function: lead,
            Name.Class: yellow,
            Name.Decorator: cyan,
            Name.Tag: magenta,
            Name.Attribute: yellow,
            Number: cyan,
            String: green,
            Literal: cyan,
            Operator.Word: magenta,
            Generic.Deleted: red,
            Generic.Inserted: green,
            Generic.Heading: bold,
        },
    }
