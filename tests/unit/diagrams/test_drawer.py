"""Diagrams are drawn by a process that may do what it likes."""

from __future__ import annotations

from threading import Event

import pytest

from tests.waiting import PATIENCE_S
from tui_chat.diagrams import drawer
from tui_chat.diagrams.drawer import DiagramDrawer, draw


def test_a_diagram_is_drawn_in_the_background_and_kept() -> None:
    drawn, diagrams = Event(), DiagramDrawer()
    diagrams.on_drawn = drawn.set
    source = "graph LR\n  A[One] --> B[\x1b[31mTwo\x9b0m\u202e]"
    assert diagrams.drawings(source, ascii=True) is None
    assert drawn.wait(PATIENCE_S)
    found = diagrams.drawings(source, ascii=True)
    assert found
    assert any("One" in line and "Two" in line and ">" in line for line in found[0])
    assert all(character.isprintable() for line in found[0] for character in line)
    assert found is diagrams.drawings(source, ascii=True)


@pytest.mark.parametrize("source", ["", "Hello", "graph LR\n" + "A --> B\n" * 2000])
def test_what_is_no_diagram_or_too_long_is_not_tried(source: str) -> None:
    assert DiagramDrawer().drawings(source, ascii=False) == ()


def test_a_diagram_that_takes_for_ever_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawer, "PATIENCE_S", 0.3)
    many = " & ".join(f"N{number}" for number in range(20))
    assert draw(f"graph TD\n  {many} --> {many}", ascii=False) == ()


def test_a_diagram_that_would_fill_the_memory_is_given_up() -> None:
    assert draw("block-beta\n  columns 99999999\n  a b c:9999999", ascii=False) == ()
