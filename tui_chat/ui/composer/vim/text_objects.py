"""The text objects: the word, the quotation, the brackets or the paragraph that the cursor is in."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial

from tui_chat.ui.composer.vim.buffer import SPACE, Buffer, Span
from tui_chat.ui.composer.vim.motions import closing_bracket, opening_bracket

FindObject = Callable[[Buffer, int, int], Span | None]
"""Returns the object at a place, or as many as the last number says; None if there is none."""


# -- words


def _inner_word(buffer: Buffer, at: int, count: int, *, big: bool) -> Span | None:
    """Return words and the spaces between them, each counts."""
    start = end = _run(buffer, at, big=big)[0]
    for _ in range(count):
        end = _run(buffer, end, big=big)[1]
    return Span(start, end)


def _a_word(buffer: Buffer, at: int, count: int, *, big: bool) -> Span | None:
    """Return words, each with the spaces behind it; or where there are none with those before, but with no indent."""
    start = end = _run(buffer, at, big=big)[0]
    spaces_first, both = _is_space(buffer, start), False
    for _ in range(count):
        middle = end = _run(buffer, end, big=big)[1]
        if middle < buffer.line_end(at) and _is_space(buffer, middle) is not spaces_first:
            end = _run(buffer, middle, big=big)[1]
        both = end > middle
    if not spaces_first and not both and start > buffer.line_start(at) and _is_space(buffer, buffer.before(start)):
        before = _run(buffer, buffer.before(start), big=big)[0]
        start = before if before > buffer.line_start(at) else start
    return Span(start, end)


def _run(buffer: Buffer, at: int, *, big: bool) -> tuple[int, int]:
    """Return where the word, or the spaces, at a place in a line begin and end."""
    kind, start, end = buffer.kind(at, big=big), buffer.unit(at)[0], at
    while start > buffer.line_start(at) and buffer.kind(buffer.before(start), big=big) == kind:
        start = buffer.before(start)
    while end < buffer.line_end(at) and buffer.kind(end, big=big) == kind:
        end = buffer.after(end)
    return start, end


def _is_space(buffer: Buffer, at: int) -> bool:
    return buffer.kind(at) == SPACE


# -- quotations and brackets


def _quotation(buffer: Buffer, at: int, _count: int, *, sign: str, around: bool) -> Span | None:
    """Return the quotation at a place or behind it in the line."""
    line, begin = buffer.line_text(at), buffer.line_start(at)
    quoted = re.compile(rf"{sign}((?:[^{sign}\\]|\\.)*+){sign}")
    found = next((found for found in quoted.finditer(line) if begin + found.end() > at), None)
    if found is None:
        return None
    if not around:
        return Span(begin + found.start(1), begin + found.end(1))
    start, end = found.span()
    behind = len(line[end:]) - len(line[end:].lstrip())
    before = 0 if behind else len(line[:start]) - len(line[:start].rstrip())
    return Span(begin + start - before, begin + end + behind)


def _bracketed(buffer: Buffer, at: int, count: int, *, opening: str, around: bool) -> Span | None:
    """Return what is between brackets, or the brackets with it: those around a place, or else behind it in the line.

    The count goes outwards.
    """
    content, opened = buffer.content, opening_bracket(buffer.content, at, opening)
    following = content.find(opening, at, buffer.line_end(at))
    if (following == at or (following > at and opened is None)) and not buffer.is_token(following):
        opened = following
    for _ in range(count - 1):
        opened = None if opened is None else opening_bracket(content, opened, opening)
    closed = None if opened is None else closing_bracket(content, opened)
    if opened is None or closed is None:
        return None
    return Span(opened, closed + 1) if around else _inside(buffer, opened + 1, closed)


def _inside(buffer: Buffer, start: int, end: int) -> Span:
    """Return what is between brackets, without the line end behind one and the indent before the other."""
    first, line = start + buffer.content.startswith("\n", start), buffer.line_start(end)
    last = line - 1 if line > first and not buffer.content[line:end].strip() else end
    return Span(first, last, linewise=start < first and last < end)


# -- paragraphs


def _paragraph(buffer: Buffer, at: int, count: int, *, around: bool) -> Span | None:
    """Return paragraphs and the blank lines between them; around, blank lines go with each."""
    start, end = _block(buffer, at)
    blank_first = buffer.is_blank(at)
    for _ in range(count * 2 - 1 if around else count - 1):
        if end < len(buffer):
            end = _block(buffer, end + 1)[1]
    if around and not blank_first and not buffer.is_blank(end) and start > 0 and buffer.is_blank(start - 1):
        start = _block(buffer, start - 1)[0]
    return Span(start, end, linewise=True)


def _block(buffer: Buffer, at: int) -> tuple[int, int]:
    """Return where the lines around a place begin and end that are blank, or are not, as its own is."""
    blank, start, end = buffer.is_blank(at), buffer.line_start(at), buffer.line_end(at)
    while start > 0 and buffer.is_blank(start - 1) is blank:
        start = buffer.line_start(start - 1)
    while end < len(buffer) and buffer.is_blank(end + 1) is blank:
        end = buffer.line_end(end + 1)
    return start, end


# -- the table

_NAMES_OF_BRACKETS = {"(": "()b", "[": "[]", "{": "{}B", "<": "<>"}


def _objects() -> dict[str, FindObject]:
    objects: dict[str, FindObject] = {
        "iw": partial(_inner_word, big=False),
        "iW": partial(_inner_word, big=True),
        "aw": partial(_a_word, big=False),
        "aW": partial(_a_word, big=True),
    }
    for kind, around in (("i", False), ("a", True)):
        objects[f"{kind}p"] = partial(_paragraph, around=around)
        objects |= {kind + sign: partial(_quotation, sign=sign, around=around) for sign in "\"'`"}
        for opening, names in _NAMES_OF_BRACKETS.items():
            objects |= {kind + name: partial(_bracketed, opening=opening, around=around) for name in names}
    return objects


TEXT_OBJECTS: Mapping[str, FindObject] = _objects()
"""The text objects, by their keys."""
