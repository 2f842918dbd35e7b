"""Selecting text with the mouse: what is copied is the source, what is drawn is the line as it stands."""

from __future__ import annotations

import re

from textual.geometry import Offset
from textual.selection import Selection

from tui_chat.text import split_cells
from tui_chat.ui.messages.section_stack import SectionStack


def selected_source(stack: SectionStack, selection: Selection) -> str:
    """Return the text that a selection stands for: Markdown as it was written, other lines as they are shown."""
    last = max(stack.height - 1, 0)
    start = (selection.start.y, selection.start.x) if selection.start else (0, 0)
    end = (selection.end.y, selection.end.x) if selection.end else (last, len(_text_at(stack, last)))
    return _source_between(stack, start, min(end, (last, len(_text_at(stack, last)))))


def _source_between(stack: SectionStack, start: tuple[int, int], end: tuple[int, int]) -> str:
    source, top = "", 0
    for number, section in enumerate(stack.sections):
        top += stack.gap_above(number)
        bottom = top + section.height
        first, last = max(start, (top, 0)), min(end, (bottom - 1, len(_text_at(stack, bottom - 1))))
        if section.height and first < last:
            parting = "\n\n" if stack.gap_above(number) else "\n"
            piece = section.source_between((first[0] - top, first[1]), (last[0] - top, last[1]))
            source += (parting if source else "") + piece
        top = bottom
    return source


def word_at(stack: SectionStack, cells: int, y: int) -> Selection:
    """Return the word at a place; the character there alone where there is no word."""
    text = _text_at(stack, y)
    start, end = word_around(text, len(split_cells(text, cells)[0]))
    return Selection(Offset(start, y), Offset(end, y))


def word_around(text: str, x: int) -> tuple[int, int]:
    """Return the bounds of the word at a place in a line; of the place alone where there is none."""
    for match in re.finditer(r"\w+", text):
        if match.start() <= x < match.end():
            return match.span()
    return x, min(x + 1, len(text))


def paragraph_at(stack: SectionStack, y: int) -> Selection | None:
    """Return the paragraph, the code block or the prompt's lines that a line belongs to; None between two of them."""
    found = stack.locate(y)
    if found is None:
        return None
    section, line = found
    first, last = section.paragraph_at(line)
    return Selection(Offset(0, y - line + first), Offset(len(_text_at(stack, y - line + last)), y - line + last))


def _text_at(stack: SectionStack, y: int) -> str:
    return "".join(segment.text for segment in stack.line(y)) if 0 <= y < stack.height else ""
