"""How rendered text looks: every style that it is drawn with."""

from __future__ import annotations

from dataclasses import dataclass, field

from rich.style import Style


@dataclass(frozen=True)
class Look:
    """The styles of every part of a text, and which glyphs and links may be used."""

    text: Style = field(default_factory=Style)
    code_block: Style = field(default_factory=Style)
    code_label: Style = field(default_factory=Style)
    hit: Style = field(default_factory=Style)
    current_hit: Style = field(default_factory=Style)
    hyperlinks: bool = True
    ascii: bool = False
    line_numbers: bool = False

    @classmethod
    def default(cls, dark: bool) -> Look:
        """A look of our own for a dark or a light background."""
        if dark:
            return cls.from_colours(foreground="#d8dee9", background="#15181e", dark=True)
        return cls.from_colours(foreground="#1f2430", background="#ffffff", dark=False)

    @classmethod
    def from_colours(
        cls,
        *,
        foreground: str,
        background: str,
        primary: str = "",
        secondary: str = "",
        accent: str = "",
        success: str = "",
        warning: str = "",
        error: str = "",
        surface: str = "",
        panel: str = "",
        muted: str = "",
        dark: bool,
        ansi: bool = False,
        hyperlinks: bool = True,
        ascii: bool = False,
        line_numbers: bool = False,
    ) -> Look:
        """A look in a theme's colours, given as #rrggbb; what is left out is derived from the others."""
        panel_colour = panel or ("#1e232c" if dark else "#f0f2f5")
        return cls(
            text=Style() if ansi else Style(color=foreground),
            code_block=Style() if ansi else Style(color=foreground, bgcolor=panel_colour),
            code_label=Style(dim=True) if ansi else Style(color=muted or "#7f8796", bgcolor=panel_colour),
            hit=Style(reverse=True),
            current_hit=Style(reverse=True, bold=True),
            hyperlinks=hyperlinks,
            ascii=ascii,
            line_numbers=line_numbers,
        )
