"""Selecting text with the mouse: what is copied is the source, what is drawn is the line as it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator

from textual.selection import Selection

from tui_chat.ui.widgets.sections import SectionStack, TextSection


def selected_source(stack: SectionStack, selection: Selection) -> str:
    """The text that a selection stands for: Markdown as it was written, other lines as they are shown."""
    last = max(stack.height - 1, 0)
    start = (selection.start.y, selection.start.x) if selection.start else (0, 0)
    end = (selection.end.y, selection.end.x) if selection.end else (last, len(_text_at(stack, last)))
    return "\n".join(_pieces(stack, start, min(end, (last, len(_text_at(stack, last))))))


def _pieces(stack: SectionStack, start: tuple[int, int], end: tuple[int, int]) -> Iterator[str]:
    top = 0
    for number, section in enumerate(stack.sections):
        top += 1 if number > 1 else 0  # the blank line between two
        bottom = top + section.height
        first, last = max(start, (top, 0)), min(end, (bottom - 1, len(_text_at(stack, bottom - 1))))
        if section.height and first <= last and first != end:
            (y0, x0), (y1, x1) = first, last
            if isinstance(section, TextSection):
                yield section.document.source_between((y0 - top, x0), (y1 - top, x1))
            else:
                yield "\n".join(
                    _cut(_text_at(stack, y), x0 if y == y0 else 0, x1 if y == y1 else None) for y in range(y0, y1 + 1)
                )
        top = bottom


def word_around(text: str, x: int) -> tuple[int, int]:
    """The bounds of the word at a place in a line; of the place alone where there is none."""
    for match in re.finditer(r"\w+", text):
        if match.start() <= x < match.end():
            return match.span()
    return x, min(x + 1, len(text))


def _text_at(stack: SectionStack, y: int) -> str:
    return "".join(segment.text for segment in stack.line(y)) if 0 <= y < stack.height else ""


def _cut(text: str, start: int, end: int | None) -> str:
    return text[start:end].rstrip()
