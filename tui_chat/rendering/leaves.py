"""What the text is cut into: leaves (paragraphs, code, tables ...), each with the containers that it stands in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

HARD_BREAK = "  "
"""Ends a line of Markdown after which a new one begins, come what may."""

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
    """Whether a task is done; None if the item is no task."""
    depth: int = 0
    """How many lists the item stands in."""
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
    """How many of the containers, counted from the innermost, begin with this leaf."""
    gap: bool = False
    """Whether the source has a blank line before it."""
    start: int = 0
    """Where it begins in the source, its markers included."""
    end: int = 0
    lines: list[str] = field(default_factory=list)
    """Its text; of code only what is new since it was last cut."""
    at: list[int] = field(default_factory=list)
    """Where each line begins in the source."""
    level: int = 0
    """Of a heading."""
    info: str = ""
    """The language of a fence, the column alignments of a table, the label of a definition."""
    rows: list[list[Cell]] = field(default_factory=list)
    references: dict[str, dict[str, str]] = field(default_factory=dict)
    more: bool = False
    """Whether it goes on with the block of the leaf before it."""
    joined: bool = False
    """Whether its first line goes on with the last line of the leaf before it."""
    complete: bool = False
    """Whether nothing can be added to it any more."""


def lead(containers: Sequence[Container]) -> str:
    """What a line of Markdown begins with to stay in these containers."""
    text, frame = "", 0
    for container in containers:
        if container.kind == "quote":
            text += "> "
            frame = len(text)
        else:
            text = text.ljust(frame + container.content_column)
    return text


def opening(containers: Sequence[Container]) -> str:
    """A line that opens the innermost of these containers within the others, where the source did."""
    outer, inner = containers[:-1], containers[-1]
    if inner.kind == "quote":
        return lead(outer) + "> #"
    text = lead(outer)
    frame = len(lead(outer[: _quotes_end(outer)]))
    return (text.ljust(frame + inner.marker_column) + inner.marker + " ").ljust(frame + inner.content_column) + "#"


def _quotes_end(containers: Sequence[Container]) -> int:
    return max((index + 1 for index, container in enumerate(containers) if container.kind == "quote"), default=0)
