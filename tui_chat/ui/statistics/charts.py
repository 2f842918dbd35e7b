"""Charts of block characters."""

from __future__ import annotations

from collections.abc import Sequence

_LOWER = " ▁▂▃▄▅▆▇█"
_LEFT = " ▏▎▍▌▋▊▉█"
_THICKEST = 6
"""The greatest width, in cells, of one of a few columns."""


def columns(values: Sequence[float], width: int, height: int) -> list[str]:
    """Return a column for each value, as rows from the top; the last ones where there is no room for all."""
    values = values[-width:] if width > 0 else ()
    if not values:
        return [""] * height
    most = max(values) or 1.0
    step = min(width // len(values), _THICKEST + 1)
    thick = max(step - 1, 1)
    eighths = [_eighths(value / most, height) for value in values]
    return [
        "".join(_LOWER[min(max(filled - 8 * row, 0), 8)] * thick + " " * (step - thick) for filled in eighths).rstrip()
        for row in reversed(range(height))
    ]


def bar(share: float, width: int) -> str:
    """Return a bar of this share of the width; anything above 0 can be seen."""
    whole, rest = divmod(_eighths(share, width), 8)
    return "█" * whole + (_LEFT[rest] if rest else "")


def _eighths(share: float, cells: int) -> int:
    filled = round(min(max(share, 0.0), 1.0) * cells * 8)
    return max(filled, 1) if share > 0 and cells > 0 else filled
