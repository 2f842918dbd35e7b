"""Text whose columns hold in every terminal, though some draw an emoji of several characters wider or narrower."""

from __future__ import annotations

from rich.cells import cell_len

from tui_chat.patterns import pattern

REACH = 8
"""The number of columns beyond its place that such an emoji may be drawn over."""
_CLUSTER = pattern(
    "[\U0001f1e6-\U0001f1ff]{2}|[^\x1b\u200d](?:[\ufe0f\u20e3\U0001f3fb-\U0001f3ff]|\u200d[^\x1b\u200d])+"
)
_STYLES = pattern(r"(\x1b\[[0-9;:]*m|\x1b\]8;[^\x1b\a]*\x1b\\)")
_NO_WRAP, _WRAP = "\x1b[?7l", "\x1b[?7h"


def is_steady(text: str) -> bool:
    """True if every terminal draws the styled text in the same columns."""
    return text.isascii() or _CLUSTER.search(text) is None


def steadied(row: int, column: int, text: str) -> str:
    """Return styled text at its place; each doubtful cluster stands on blanks, and what follows is placed anew."""
    written = [_move(row, column)]
    for place, part in enumerate(_STYLES.split(text)):
        if place % 2:
            written.append(part)
            continue
        last = 0
        for cluster in _CLUSTER.finditer(part):
            before, width = part[last : cluster.start()], cell_len(cluster[0])
            column += cell_len(before)
            written += [before, " " * width, _move(row, column), _NO_WRAP, cluster[0], _WRAP]
            written += [_move(row, column + width)]
            column, last = column + width, cluster.end()
        written.append(part[last:])
        column += cell_len(part[last:])
    return "".join(written)


def _move(row: int, column: int) -> str:
    return f"\x1b[{row};{column}H"
