"""What a selection copies, and what a double click takes."""

from __future__ import annotations

import pytest
from rich.segment import Segment
from rich.style import Style

from tui_chat.ui.line_marks import marked
from tui_chat.ui.widgets.selecting import word_around


@pytest.mark.parametrize(
    ("text", "x", "word"),
    [("one two", 4, "two"), ("one two", 2, "one"), ("a.b", 1, "."), ("héllo", 1, "héllo"), ("", 0, "")],
)
def test_a_double_click_takes_the_word_under_it(text: str, x: int, word: str) -> None:
    start, end = word_around(text, x)
    assert text[start:end] == word


@pytest.mark.parametrize(
    ("span", "chosen"), [((0, 3), "one"), ((2, 5), "e t"), ((4, -1), "two"), ((0, 0), ""), ((9, 12), "")]
)
def test_the_selected_characters_alone_are_marked(span: tuple[int, int], chosen: str) -> None:
    style = Style(reverse=True)
    segments = marked([Segment("one "), Segment("two")], span, style)
    assert "".join(segment.text for segment in segments) == "one two"
    assert "".join(segment.text for segment in segments if segment.style == style) == chosen
