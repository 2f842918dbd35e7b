"""Plain text in rows: nothing is wider than asked, nothing is lost, and every character is found again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_chat.text import cell_len, clean
from tui_chat.ui.shared.text_rows import before_tabs_grew, rows_of, wrapped

texts = st.text(st.sampled_from("ab c\n\t  .漢字👩\u200d👩\u200d👧é\u0301"), max_size=60)


@pytest.mark.parametrize(
    ("text", "width", "rows"),
    [
        ("one two three", 8, ["one two", "three"]),
        ("one\n\ntwo", 8, ["one", "", "two"]),
        ("  - an item that goes on", 12, ["  - an item", "  that goes", "  on"]),
        ("        deep", 8, ["deep"]),
        ("漢字漢字", 5, ["漢字", "漢字"]),
        ("", 8, []),
    ],
)
def test_lines_are_wrapped_between_words_and_keep_their_indentation(text: str, width: int, rows: list[str]) -> None:
    assert wrapped(text, width) == rows


@given(texts, st.integers(2, 30))
def test_no_row_is_wider_than_asked_and_no_character_is_lost(text: str, width: int) -> None:
    shown = clean(text)
    rows = rows_of(shown, width)
    assert all(cell_len(row.text) <= width for row in rows)
    assert "".join("".join(row.text.split()) for row in rows) == "".join(shown.split())
    for row in rows:
        for x in range(row.indent, len(row.text)):
            assert shown[row.position(x)] == row.text[x]


@given(texts)
def test_a_place_in_expanded_text_is_found_in_the_text_with_tabs(text: str) -> None:
    source = clean(text, keep_tabs=True)
    shown = clean(source)
    for position, character in enumerate(shown):
        if not character.isspace():
            assert source[before_tabs_grew(source, position)] == character
