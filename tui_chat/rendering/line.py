"""One rendered line."""

from __future__ import annotations

from dataclasses import dataclass

from rich.segment import Segment


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it is shown, and where each of its characters comes from."""

    segments: list[Segment]
    """At most as wide as was asked; padded only where a background needs it."""
    cells: int
    """The width of all segments together."""
    text: str
    """The segments' text; x in selections and hits counts its code points."""
