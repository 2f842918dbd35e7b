"""Finding a text in lines, and marking parts of a line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.segment import Segment
from rich.style import Style

from tui_chat.rendering import Hit
from tui_chat.ui.messages.highlights import find_in_lines, marked, spans_on

MARK = Style(reverse=True)


@pytest.mark.parametrize(
    ("lines", "query", "hits"),
    [
        (["one two one"], "ONE", [Hit(0, 0, 3, 0), Hit(0, 8, 11, 0)]),
        (["an old", "story"], "old story", [Hit(0, 3, 5, 1)]),
        (["a", "", "a"], "a", [Hit(0, 0, 1, 0), Hit(2, 0, 1, 2)]),
        (["a.c abc"], "a.c", [Hit(0, 0, 3, 0)]),
        (["something"], "", []),
        (["something"], "  ", []),
        ([], "x", []),
    ],
)
def test_a_text_is_found_in_lines(lines: list[str], query: str, hits: list[Hit]) -> None:
    assert find_in_lines(lines, query) == hits


def test_a_hit_that_runs_over_line_ends_is_on_all_of_its_lines() -> None:
    hit = Hit(0, 3, 5, 2)
    spans = [list(spans_on(line, 6, [hit])) for line in range(4)]
    assert spans == [[(3, 6, hit)], [(0, 6, hit)], [(0, 5, hit)], []]


def test_a_part_of_a_line_is_marked_across_its_segments() -> None:
    italic = Style(italic=True)
    line = [Segment("one "), Segment("two", italic), Segment(" three")]
    assert marked(line, (2, 5), MARK) == [
        Segment("on"),
        Segment("e ", MARK),
        Segment("t", italic + MARK),
        Segment("wo", italic),
        Segment(" three"),
    ]
    assert marked(line, (7, -1), MARK) == [*line[:2], Segment(" three", MARK)]


@given(st.lists(st.text(max_size=6)), st.integers(0, 40), st.integers(-1, 40))
def test_marking_never_changes_the_text(texts: list[str], start: int, end: int) -> None:
    line = marked([Segment(text) for text in texts], (start, end), MARK)
    assert "".join(segment.text for segment in line) == "".join(texts)
