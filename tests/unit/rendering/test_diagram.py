"""A diagram is its code until it is closed and drawn; what is copied of it stays its code."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tui_chat.records import replace
from tui_chat.rendering import Look
from tui_chat.rendering.document import Document

SOURCE = "graph LR\n  A --> B"
DRAWING = ("+---+  +---+", "| A |->| B |", "+---+  +---+")
TEXT = f"Before\n\n```mermaid\n{SOURCE}\n```\n\nAfter"


class Drawer:
    """Has what is put into it."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.drawn: Sequence[Sequence[str]] | None = None

    def drawings(self, source: str, *, ascii: bool) -> Sequence[Sequence[str]] | None:
        self.asked.append(source)
        return self.drawn


@pytest.fixture
def drawer() -> Drawer:
    return Drawer()


def document(drawer: Drawer, width: int = 40) -> Document:
    return Document(width, replace(Look.default(dark=True), diagrams=drawer), paced=True)


def lines(shown: Document) -> list[str]:
    shown.advance()
    return [shown.line(y).text.strip() for y in range(shown.height)]


def test_a_diagram_is_drawn_once_its_fence_is_closed(drawer: Drawer) -> None:
    shown = document(drawer)
    shown.append(f"Before\n\n```mermaid\n{SOURCE}\n")
    assert lines(shown)[-1] == "A --> B"
    assert drawer.asked == []
    shown.append("```\n\nAfter")
    assert lines(shown) == ["Before", "", "mermaid", "graph LR", "A --> B", "", "After"]
    waited = shown.waits_for_drawings
    shown.take_changed()
    drawer.drawn = (DRAWING,)
    assert lines(shown) == ["Before", "", "mermaid", *DRAWING, "", "After"]
    assert (waited, shown.waits_for_drawings) == (True, False)
    assert shown.take_changed() <= 2
    assert set(drawer.asked) == {SOURCE}


def test_what_is_copied_or_run_of_a_diagram_is_its_source(drawer: Drawer) -> None:
    drawer.drawn = (DRAWING,)
    shown = document(drawer)
    shown.append(TEXT)
    shown.finish()
    assert DRAWING[1] in lines(shown)
    assert [block.text for block in shown.code_blocks] == [SOURCE]
    assert shown.source_between((0, 0), (shown.height, 0)) == TEXT
    assert shown.source_between((2, 0), (5, 40)) == f"```mermaid\n{SOURCE}\n```"
    assert SOURCE.startswith(shown.source_between((3, 0), (4, 0)).rstrip("\n"))
    assert [hit.line for hit in shown.find("| b |")] == [4]


def test_the_widest_drawing_that_fits_is_shown_and_the_source_if_none_does(drawer: Drawer) -> None:
    drawer.drawn = (("-" * 30,), ("=" * 20,))
    shown = document(drawer)
    shown.append(TEXT)
    shown.finish()
    for width, row in ((40, "-" * 30), (24, "=" * 20), (18, "graph LR"), (40, "-" * 30)):
        shown.resize(width)
        assert lines(shown)[3] == row


def test_a_diagram_that_cannot_be_drawn_or_is_not_to_be_is_its_source(drawer: Drawer) -> None:
    drawer.drawn = ()
    shown = document(drawer)
    shown.append(TEXT)
    shown.finish()
    assert lines(shown)[3:5] == ["graph LR", "A --> B"]
    assert not shown.waits_for_drawings
    drawer.drawn = (DRAWING,)
    shown.restyle(replace(Look.default(dark=True), diagrams=drawer, ascii=True))
    assert lines(shown)[3] == DRAWING[0]
    shown.restyle(Look.default(dark=True))
    assert lines(shown)[3] == "graph LR"
