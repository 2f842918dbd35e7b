"""Copies what is shown as the Markdown that it was made from."""

from __future__ import annotations

from tui_chat.rendering.code import StreamingCodeBlock
from tui_chat.rendering.page import Page

_Point = tuple[int, int]


def source_between(page: Page, source: str, start: _Point, end: _Point) -> str:
    """Return the source of what is shown between two places; whole blocks with their marks."""
    if start[0] >= page.height:
        return ""
    first = page.entry_at(start[0])
    begin = first.source_at(start[0] - first.top, start[1])
    shown = page.line(start[0]).text[start[1] : end[1]] if start[0] == end[0] else ""
    if shown and source.startswith(shown, begin):
        return shown  # all within one span: copied without its marks
    if end[0] >= page.height:
        return source[begin:]
    last = page.entry_at(end[0])
    is_last_row = end[0] == last.bottom - 1 and end[1] >= len(page.line(end[0]).text.rstrip())
    inside_code = isinstance(last.block, StreamingCodeBlock) and begin > last.leaf.start
    stop = last.end if is_last_row and not inside_code else last.source_at(end[0] - last.top, end[1])
    return source[begin : max(stop, begin)]
