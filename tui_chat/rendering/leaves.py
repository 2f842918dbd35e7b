"""The parts that a text is cut into: leaves (paragraphs, code, tables ...), each with its containers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from tui_chat.records import dataclass, field

HARD_BREAK = "  "
"""The end of a line of Markdown that forces a line break."""

Kind = Literal["paragraph", "heading", "fence", "code", "html", "table", "rule", "math", "definition", "empty"]


@dataclass(eq=False, slots=True)
class Container:
    """A quote, a list item or a footnote, open from one leaf to the next."""

    kind: Literal["quote", "item", "footnote"]
    marker: str = ""
    """As in the text: `-`, `3.`, `[^1]:`."""
    number: int | None = None
    """The item's place in its ordered list, counted on from the first item's number."""
    marker_column: int = 0
    content_column: int = 0
    """Columns are counted from where the innermost quote's content begins."""
    list_id: object = None
    """The same for all items of one list."""
    task: bool | None = None
    """True if a task is done; None if the item is no task."""
    depth: int = 0
    """The number of lists that the item stands in."""
    label: str = ""
    """A footnote's name."""


@dataclass(slots=True)
class Cell:
    """A table's cell: its Markdown and where that stands in the source."""

    text: str
    at: int


@dataclass(slots=True)
class Leaf:
    """One block of text as it was cut; the block that shows it is made from this."""

    kind: Kind
    containers: tuple[Container, ...]
    firsts: int = 0
    """The number of the containers, counted from the innermost, that begin with this leaf."""
    gap: bool = False
    """True if the source has a blank line before it."""
    start: int = 0
    """The place in the source where it begins, its markers included."""
    end: int = 0
    lines: list[str] = field(default_factory=list)
    """Its text; of code only what is new since it was last cut."""
    at: list[int] = field(default_factory=list)
    """The place in the source where each line begins."""
    level: int = 0
    """Of a heading."""
    info: str = ""
    """The language of a fence, the column alignments of a table, the label of a definition."""
    rows: list[list[Cell]] = field(default_factory=list)
    references: dict[str, dict[str, str]] = field(default_factory=dict)
    more: bool = False
    """True if it continues the block of the leaf before it."""
    joined: bool = False
    """True if its first line continues the last line of the leaf before it."""
    complete: bool = False
    """True if nothing can be added to it any more."""


def lead(containers: Sequence[Container]) -> str:
    """Return the prefix that keeps a line of Markdown in these containers."""
    text, frame = "", 0
    for container in containers:
        if container.kind == "quote":
            text += "> "
            frame = len(text)
        else:
            text = text.ljust(frame + container.content_column)
    return text


def opening(containers: Sequence[Container]) -> str:
    """Return a line that opens the innermost of these containers within the others, where the source did."""
    outer, inner = containers[:-1], containers[-1]
    if inner.kind == "quote":
        return lead(outer) + "> #"
    text = lead(outer)
    frame = len(lead(outer[: _quotes_end(outer)]))
    return (text.ljust(frame + inner.marker_column) + inner.marker + " ").ljust(frame + inner.content_column) + "#"


def _quotes_end(containers: Sequence[Container]) -> int:
    return max((index + 1 for index, container in enumerate(containers) if container.kind == "quote"), default=0)
