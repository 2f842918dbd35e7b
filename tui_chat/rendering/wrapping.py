"""Breaks text into lines: between words, in Chinese and Japanese between any two characters that may be parted."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from tui_chat.text import cell_len, graphemes

# Scripts without spaces: each character may begin a line, unless it is bound to the one before or after it.
_FREE = r"\u2e80-\u2fff\u3003-\u3007\u3012\u3013\u3020-\u30ff\u3105-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff10-\uff9f"
_FREE += r"\U00020000-\U0003ffff"
_CLOSING = r"\u3001\u3002\u3009\u300b\u300d\u300f\u3011\u3015\u3017\u3019\u301b\u30fb\u30fc\u3005\u2019\u201d"
_CLOSING += (
    r"\uff01\uff09\uff0c\uff0e\uff1a\uff1b\uff1f\uff3d\uff5d\uff60)\],.!?:;\u2026ぁぃぅぇぉっゃゅょァィゥェォッャュョ"
)
_OPENING = r"\u3008\u300a\u300c\u300e\u3010\u3014\u3016\u3018\u301a\u2018\u201c\uff08\uff3b\uff5b\uff5f(\["
_MARKS = r"\u0300-\u036f\u3099\u309a\ufe00-\ufe0f\U000e0100-\U000e01ef"
_UNIT = (
    rf"\n| +|[{_OPENING}]*[{_FREE}][{_MARKS}]*(?:[{_CLOSING}][{_MARKS}]*)*"
    rf"|[^ \n{_FREE}]+?(?=[ \n]|\Z|[{_OPENING}]*[{_FREE}])|[{_OPENING}{_CLOSING}]"
)


@cache
def _unit() -> re.Pattern[str]:
    """Return the pattern of a part that is not broken; it takes five milliseconds to make."""
    return re.compile(_UNIT)


def wrap(text: str, width: int, start: int = 0) -> list[tuple[int, int]]:
    """Return the lines of the text from `start` on, as (start, end); no line is wider than `width` cells.

    A line end in the text ends a line; spaces at a break belong to no line.
    """
    if text.isascii():
        return _wrap_ascii(text, width, start)
    return _wrap_units(text, width, start)


def longest_unit(text: str) -> int:
    """Return the width of the longest part that is broken only where a line has no room for it."""
    if text.isascii():
        return max(map(len, text.split()), default=0)
    return max((cell_len(unit) for unit in _unit().findall(text) if not unit.isspace()), default=0)


def chop(text: str, width: int) -> list[tuple[int, int]]:
    """Return the text in parts of at most `width` cells, cut anywhere but within a character."""
    if text.isascii():
        return [(start, min(start + width, len(text))) for start in range(0, len(text), width)] or [(0, 0)]
    return [(start, end) for start, end, _ in _break(text, 0, len(text), width)]


@lru_cache(64)
def _ascii_line(width: int) -> re.Pattern[str]:
    """Return a pattern for a line that ends between words or at a line end, or the part of a long word that fits."""
    line = rf"[^\n ][^\n]{{0,{width - 1}}}"
    return re.compile(rf" *(?:({line})(?: *(\n)| +|\Z)|({line})|()(\n|\Z))")


def _wrap_ascii(text: str, width: int, start: int) -> list[tuple[int, int]]:
    lines: list[tuple[int, int]] = []
    match_line, length = _ascii_line(width).match, len(text)
    ended = True
    while start < length or ended:
        match = match_line(text, start)
        assert match is not None
        ended = bool(match[2] or match[5])
        begin, end = next(match.span(group) for group in (1, 3, 4) if match[group] is not None)
        while end > begin and text[end - 1] == " ":
            end -= 1
        lines.append((begin, end))
        start = match.end()
    return lines


def _wrap_units(text: str, width: int, start: int) -> list[tuple[int, int]]:
    lines: list[tuple[int, int]] = []
    begin = stop = start
    used = spaces = 0
    for match in _unit().finditer(text, start):
        unit = match[0]
        if unit == "\n":
            lines.append((begin, stop) if stop > begin else (match.start(), match.start()))
            begin = stop = match.end()
            used = spaces = 0
        elif unit[0] == " ":
            spaces += len(unit)
        else:
            cells = cell_len(unit)
            if stop == begin:
                begin, spaces = match.start(), 0
            if used and used + spaces + cells > width:
                lines.append((begin, stop))
                begin, used, spaces = match.start(), 0, 0
            used += spaces + cells
            spaces = 0
            stop = match.end()
            if used > width:
                *broken, (begin, stop, used) = _break(text, begin, stop, width)
                lines.extend((first, last) for first, last, _ in broken)
    lines.append((begin, stop) if stop > begin else (len(text), len(text)))
    return lines


def _break(text: str, start: int, end: int, width: int) -> list[tuple[int, int, int]]:
    """Return a part of the text in parts that fit a line: (start, end, cells)."""
    parts: list[tuple[int, int, int]] = []
    begin, used = start, 0
    for first, _, cells in graphemes(text[start:end]):
        if used and used + cells > width:
            parts.append((begin, start + first, used))
            begin, used = start + first, 0
        used += cells
    return [*parts, (begin, end, used)]
