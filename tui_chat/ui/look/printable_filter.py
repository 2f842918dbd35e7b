"""The last thing that a line goes through before Textual makes a terminal's sequences of it."""

from __future__ import annotations

from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter

from tui_chat.patterns import pattern
from tui_chat.text.printable import printable
from tui_chat.ui.terminal.picture_cells import PictureCell

_ADDRESS = pattern(r"[!-~]+\Z")


class PrintableOnly(LineFilter):
    """Lets no text and no address pass that would end the sequence it stands in, or begin another.

    Each text was cleaned where it came in. What some library decodes afterwards, or what nobody thought of, ends here.
    """

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return the segments with nothing in them that a terminal obeys."""
        return [_harmless(segment) for segment in segments]


def _harmless(segment: Segment) -> Segment:
    text, style, control = segment
    unsafe = style is not None and style.link is not None and not _ADDRESS.match(style.link)
    if text.isprintable() and not unsafe:
        return segment
    if isinstance(text, PictureCell):  # made by us, and of a colour that a dialog above it may have dimmed
        return Segment(text, (style or Style()) + text.style, control)
    return Segment(printable(text), _without_link(style) if unsafe else style, control)


def _without_link(style: Style | None) -> Style | None:
    return style.update_link(None) if style is not None else None
