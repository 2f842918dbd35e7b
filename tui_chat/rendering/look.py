"""The look of rendered text: every style that it is drawn with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from rich.style import Style

from tui_chat.records import dataclass
from tui_chat.rendering.theme_styles import DARK, LIGHT, Theme, TokenStyles, ansi_styles, coloured_styles


class Diagrams(Protocol):
    """Draws diagrams, in its own time."""

    def drawings(self, source: str, *, ascii: bool) -> Sequence[Sequence[str]] | None:
        """Return a diagram's drawings, the widest first; none if it cannot be drawn, None while it is being drawn."""
        ...


@dataclass(frozen=True)
class Look:
    """The styles of every part of a text, and which glyphs and links may be used.

    Only code blocks and hits have a background; everything else is drawn on the one that it is shown on.
    """

    text: Style
    headings: tuple[Style, ...]
    """Of the six levels."""
    heading_rule: Style
    emphasis: Style
    strong: Style
    strike: Style
    code: Style
    """Code in a line of text."""
    link: Style
    target: Style
    """The address behind a link."""
    image: Style
    html: Style
    math: Style
    footnote: Style
    marker: Style
    """The bullet or number of a list item, or the box of a task."""
    done: Style
    """The box of a task that is done."""
    quote: Style
    quote_bar: Style
    rule: Style
    table_header: Style
    table_line: Style
    code_block: Style
    """The ground of a code block."""
    code_label: Style
    code_note: Style
    """Line numbers, and the sign of a line that goes on."""
    tokens: TokenStyles
    hit: Style
    current_hit: Style
    hyperlinks: bool = True
    """True if links may be written as OSC 8."""
    ascii: bool = False
    line_numbers: bool = False
    wrap_code: bool = True
    """True if a long line of code goes on in the next row; if not, a line is as wide as it is."""
    copy_hint: str = ""
    """The text at the right of a code block's label, to be clicked."""
    diagrams: Diagrams | None = None
    """The one that draws diagrams; without it their source is shown."""

    @property
    def framed(self) -> bool:
        """True if code blocks have a line at their side, as they have no background of their own."""
        return self.code_block.bgcolor is None

    @classmethod
    def default(cls, dark: bool) -> Look:
        """Return a look of our own, for a dark or a light background."""
        return cls(**coloured_styles(DARK if dark else LIGHT))

    @classmethod
    def from_colours(
        cls,
        *,
        foreground: str,
        background: str,
        primary: str,
        secondary: str = "",
        accent: str = "",
        success: str = "",
        warning: str = "",
        error: str = "",
        surface: str = "",
        panel: str = "",
        muted: str = "",
        ansi: bool = False,
        hyperlinks: bool = True,
        ascii: bool = False,
        line_numbers: bool = False,
        wrap_code: bool = True,
        copy_hint: str = "",
    ) -> Look:
        """Return a look in a theme's colours, as #rrggbb; with `ansi` in the terminal's own, `primary` among them."""
        theme = Theme(
            foreground, background, primary, secondary, accent, success, warning, error, surface, panel, muted
        )
        styles = ansi_styles(primary) if ansi else coloured_styles(theme)
        return cls(
            **styles,
            hyperlinks=hyperlinks,
            ascii=ascii,
            line_numbers=line_numbers,
            wrap_code=wrap_code,
            copy_hint=copy_hint,
        )
