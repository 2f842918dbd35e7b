"""Code that is not wrapped: the part of its lines that is in sight, and marks where there is more."""

from __future__ import annotations

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from tui_chat.rendering import Look
from tui_chat.text import cell_len, split_cells

STEP = 20
"""Cells by which code is scrolled sideways at a time."""


def part_in_sight(segments: list[Segment], margin: int, shift: int, width: int, look: Look) -> list[list[Segment]]:
    """Return the margin of a line of code, and what is in sight of the code when so many cells are left of it."""
    cells = sum(segment.cell_length for segment in segments)
    head, code = _split(segments, margin)
    hidden, code = _split(code, shift)
    room = max(width - margin, 0)
    code, beyond = _split([*code, Segment(" " * (shift + room), look.code_block)], room)
    more = any(segment.text.strip() for segment in beyond) and cells > width
    if more and code:
        code = [*_split(code, max(room - 1, 0))[0], Segment(">" if look.ascii else "›", look.code_note)]
    if any(segment.text.strip() for segment in hidden) and margin:
        head = [*_split(head, max(margin - 1, 0))[0], Segment("<" if look.ascii else "‹", look.code_note)]
    return [head, code]


def strip_of(parts: list[list[Segment]], x: int, y: int, base: Style, width: int) -> Strip:
    """Return the strip of a line of code whose part in sight begins at a code point: so a mouse finds its place."""
    head, code = (Strip(Segment.apply_style(part, base)) for part in parts)
    shown = Strip.join([head.apply_offsets(0, y), code.apply_offsets(x, y)])
    return shown.adjust_cell_length(width, base)


def first_in_sight(segments: list[Segment], margin: int, shift: int) -> int:
    """Return how many code points of a line stand before the part in sight."""
    return len(split_cells("".join(segment.text for segment in segments), margin + shift)[0])


def shift_for(text: str, x: int, margin: int, shift: int, width: int) -> int:
    """Return the shift at which a code point of a line is in sight: the same if it is already."""
    at, room = cell_len(text[:x]) - margin, max(width - margin - 2, 1)
    if at < shift:
        return max(at - STEP // 2, 0)
    return at - room + STEP // 2 if at >= shift + room else shift


def _split(segments: list[Segment], cells: int) -> tuple[list[Segment], list[Segment]]:
    """Return segments up to a cell, and from there on; a wide character that is cut becomes blanks."""
    before: list[Segment] = []
    for number, segment in enumerate(segments):
        if segment.cell_length > cells:
            head, tail = segment.split_cells(cells)
            return [*before, *([head] if head.text else [])], [tail, *segments[number + 1 :]]
        before.append(segment)
        cells -= segment.cell_length
    return before, []
