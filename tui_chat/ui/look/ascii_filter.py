"""Lines made plain on their way to the terminal: glyphs that every font has, and no colours."""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache

from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter

from tui_chat.text import cell_len

_BOX_DRAWING = range(0x2500, 0x2580)
_BLOCKS = range(0x2580, 0x25A0)
_SHAPES = range(0x25A0, 0x2600)
_SIGNS = {
    "*": "•◉⚙★",
    "o": "◦○◯☐",
    ".": "·…",
    ">": "▸▹▶▷›→",
    "<": "◂◃◀◁‹←↵",
    "v": "▾▿▼▽↓",
    "^": "▴▵▲△↑",
    "+": "✓✔",
    "x": "✗✘☑×",
    "-": "–—",
    "'": "‘’",
    '"': "“”",
    "!": "⚠",
    "?": "\N{REPLACEMENT CHARACTER}",
}
_WIDE = {"🔎": "/ "}
_KEYS = {"⏎": "enter", "⌫": "bksp", "↑": "up", "↓": "down", "←": "left", "→": "right"}


def _box(code: int) -> str:
    """Return a piece of a box in ASCII, by its name: a line across, a line down, or where lines meet."""
    name = unicodedata.name(chr(code))
    if "DIAGONAL" in name:
        return "/" if "RIGHT TO LOWER LEFT" in name else "\\"
    if " AND " in name or "ARC" in name:
        return "+"
    return "-" if any(word in name for word in ("HORIZONTAL", "LEFT", "RIGHT")) else "|"


def _block(code: int) -> str:
    """Return a piece of a bar in ASCII, by its name."""
    name = unicodedata.name(chr(code))
    if "SHADE" in name or "FULL" in name:
        return "#"
    return "_" if "LOWER" in name else "-" if "UPPER" in name else "|"


@cache
def _plain_glyphs() -> dict[int, str]:
    """Return the table for `str.translate`, which asks for hundreds of names."""
    return str.maketrans(
        {chr(code): "*" * cell_len(chr(code)) for code in _SHAPES}
        | {chr(code): _box(code) for code in _BOX_DRAWING}
        | {chr(code): _block(code) for code in _BLOCKS}
        | {glyph: plain for plain, glyphs in _SIGNS.items() for glyph in glyphs}
        | _WIDE
    )


def plain_key(display: str) -> str:
    """Return a key's name without the glyphs that keyboards have on it."""
    for glyph, name in _KEYS.items():
        display = display.replace(glyph, name)
    return display


class PlainGlyphs(LineFilter):
    """Draws borders, bars, bullets, arrows and quotes in ASCII, cell for cell; letters stay as they are."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return the segments in plain glyphs."""
        return [
            segment
            if segment.text.isascii()
            else Segment(segment.text.translate(_plain_glyphs()), segment.style, segment.control)
            for segment in segments
        ]


class NoColours(LineFilter):
    """Draws in the terminal's own two colours; what had a background of its own is drawn in reverse."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return the segments without colours."""
        return [Segment(text, style and _without_colours(style), control) for text, style, control in segments]


@lru_cache(1024)
def _without_colours(style: Style) -> Style:
    marked = style.bgcolor is not None and not style.bgcolor.is_default
    return style + Style(color="default", bgcolor="default", reverse=True if marked else None)
