"""Text is measured, cut and filled in terminal cells."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len as rich_cell_len

from tui_chat.text import cell_len, clean, fit, grapheme_at, graphemes, pad, split_cells, whole_end

TEXTS = st.text(alphabet=list("ab 漢字e\u0301👩‍👧🏽❤\ufe0f🇩🇪שé"), max_size=20).map(clean)


@given(st.text(max_size=20))
def test_widths_are_those_of_rich(text: str) -> None:
    assert cell_len(text) == rich_cell_len(text)


def test_a_flag_is_one_character_whatever_stands_around_it() -> None:
    assert graphemes("a🇩🇪🇫🇷b") == [(0, 1, 1), (1, 3, 2), (3, 5, 2), (5, 6, 1)]


@given(TEXTS)
def test_graphemes_cover_the_text(text: str) -> None:
    spans = graphemes(text)
    assert "".join(text[start:end] for start, end, _ in spans) == text
    assert sum(cells for _, _, cells in spans) == cell_len(text)


@given(TEXTS, st.integers(0, 25))
def test_every_place_is_in_one_of_them(text: str, position: int) -> None:
    spans = [(start, end) for start, end, _ in graphemes(text)]
    inside = [span for span in spans if span[0] <= position < span[1]]
    assert [grapheme_at(text, position)] == (inside or [(len(text), len(text))])


@pytest.mark.parametrize("text", ["👩‍👩‍👧", "🇩🇪", "e\u0301", "❤\ufe0f", "👍🏽"])
def test_what_looks_like_one_character_is_one(text: str) -> None:
    assert len(graphemes(text)) == 1
    assert whole_end("a" + text + "b", 2) in (2, 1 + len(text))


@pytest.mark.parametrize("position", range(5))
def test_a_plain_text_has_a_character_at_each_place(position: int) -> None:
    assert grapheme_at("abc", position) == (min(position, 3), min(position + 1, 3))


@pytest.mark.parametrize(
    ("text", "end"),
    [("a漢", 1), ("e\u0301b", 2), ("a\u20ddb", 2), ("a\u200d漢b", 3), ("👍🏽b", 2), ("a𐂀", 1), ("ab", 1)],
)
def test_a_split_after_the_first_character_parts_no_mark_from_it(text: str, end: int) -> None:
    assert whole_end(text, 1) == end


@given(TEXTS, st.integers(0, 20))
def test_a_text_is_split_where_it_fits(text: str, width: int) -> None:
    head, rest = split_cells(text, width)
    assert head + rest == text
    assert cell_len(head) <= width


@given(TEXTS, st.integers(0, 20))
def test_a_text_is_made_to_fit(text: str, width: int) -> None:
    assert cell_len(fit(text, width)) <= width
    assert cell_len(pad(text, width)) == width


@pytest.mark.parametrize(
    ("text", "width", "shown"),
    [
        ("abc", 3, "abc"),
        ("abcd", 3, "ab…"),
        ("漢字漢", 4, "漢…"),
        ("abcd", 1, "…"),
        ("abcd", 0, ""),
        ("a bcd", 3, "a…"),
    ],
)
def test_what_is_too_long_ends_in_an_ellipsis(text: str, width: int, shown: str) -> None:
    assert fit(text, width) == shown


def test_a_text_is_filled_on_any_side() -> None:
    assert [pad("ab", 5), pad("ab", 5, "right"), pad("ab", 6, "center")] == ["ab   ", "   ab", "  ab  "]
