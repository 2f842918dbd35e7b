"""The margin left of a block: the bars of quotes, the bullets and numbers of lists, the names of footnotes."""

from __future__ import annotations

from collections.abc import Sequence

from rich.segment import Segment

from tui_chat.records import dataclass
from tui_chat.rendering.inline import footnote_sign
from tui_chat.rendering.leaves import Container
from tui_chat.rendering.painting import Painter
from tui_chat.text import cell_len, clean_line, fit

_BULLETS = "•◦▪"
_PLAIN_BULLETS = "-*+"
_MAX_LABEL = 12


@dataclass(frozen=True)
class Margin:
    """The margin of a block: of its first row, and of the others."""

    first: tuple[Segment, ...] = ()
    rest: tuple[Segment, ...] = ()
    cells: int = 0

    def row(self, y: int) -> tuple[Segment, ...]:
        """Return the margin of one row."""
        return self.rest if y else self.first

    def length(self, y: int) -> int:
        """Return the number of code points in the margin of a row."""
        return sum(len(segment.text) for segment in self.row(y))


NO_MARGIN = Margin()
"""Of most blocks, so that it is made once."""


def make_margin(containers: Sequence[Container], firsts: int, width: int, painter: Painter) -> Margin:
    """Return the margin in these containers, of which so many begin with the block.

    It takes at most half of the width: where there are more containers, the outer ones are not shown.
    """
    if not containers:
        return NO_MARGIN
    parts = [_part(container, painter) for container in containers]
    skipped = 0
    while skipped < len(parts) and sum(cells for _, _, cells in parts[skipped:]) > max(
        width // 2 if width > 3 else 0, min(width - 2, 4)
    ):
        skipped += 1
    new = len(parts) - firsts
    first = [sign if index >= new else rest for index, (sign, rest, _) in enumerate(parts)][skipped:]
    rest = [other for _, other, _ in parts[skipped:]]
    return Margin(tuple(first), tuple(rest), sum(cells for _, _, cells in parts[skipped:]))


def _part(container: Container, painter: Painter) -> tuple[Segment, Segment, int]:
    """Return a container's margin in its first row, in the others, and its width."""
    look = painter.look
    if container.kind == "quote":
        bar = Segment("> " if look.ascii else "▎ ", look.quote_bar)
        return bar, bar, 2
    if container.kind == "footnote":
        sign = fit(clean_line(footnote_sign(container.label, plain=look.ascii)), _MAX_LABEL) + " "
        style = look.footnote
    elif container.task is not None:
        boxes = ("[ ]", "[x]") if look.ascii else ("☐", "☑")
        sign, style = f" {boxes[container.task]} ", look.done if container.task else look.marker
    elif container.number is not None:
        sign, style = f"{container.number}{container.marker[-1]}".rjust(3) + " ", look.marker
    else:
        bullets = _PLAIN_BULLETS if look.ascii else _BULLETS
        sign, style = f" {bullets[(container.depth - 1) % 3]} ", look.marker
    cells = cell_len(sign)
    return Segment(sign, style), Segment(" " * cells, look.text), cells
