"""One rendered line."""

from __future__ import annotations

from rich.segment import Segment

from tui_chat.records import dataclass
from tui_chat.text import cell_len, split_cells


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it is shown."""

    segments: list[Segment]
    """At most as wide as was asked; padded only where a background needs it."""
    cells: int
    """The width of all segments together."""
    text: str
    """The segments' text; x in selections and hits counts its code points."""

    @classmethod
    def of(cls, segments: list[Segment], width: int) -> Line:
        """Return a line of these segments, cut at the width: a wide character is wider than a single cell."""
        text = "".join(segment.text for segment in segments)
        cells = sum(cell_len(segment.text) for segment in segments)
        if cells <= width:
            return cls(segments, cells, text)
        kept: list[Segment] = []
        for segment in segments:
            head, rest = split_cells(segment.text, width)
            kept.append(Segment(head + "…" if rest and width > cell_len(head) else head, segment.style))
            width -= cell_len(kept[-1].text)
            if rest:
                break
        return cls.of(kept, 10**9)
