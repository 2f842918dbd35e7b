"""A row that folds: nothing is wider than the screen, and what matters most is the last to go."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_chat.text import cell_len
from tui_chat.ui.shared.row_layout import folded, piece

PIECES = [
    piece(("stream", 9)),
    piece(("model", 8), ("claude-model", 4)),
    piece(("ctx 34 %", 7), ("context 34 % of 200k", 1)),
    piece(("next $1", 2)),
]


@pytest.mark.parametrize(
    ("width", "shown"),
    [
        (100, ["stream", "claude-model", "context 34 % of 200k", "next $1"]),
        (57, ["stream", "claude-model", "context 34 % of 200k", "next $1"]),
        (56, ["stream", "claude-model", "ctx 34 %", "next $1"]),
        (45, ["stream", "claude-model", "ctx 34 %", "next $1"]),
        (44, ["stream", "claude-model", "ctx 34 %"]),
        (28, ["stream", "model", "ctx 34 %"]),
        (18, ["stream", "model"]),
        (10, ["stream"]),
        (3, []),
    ],
)
def test_what_matters_least_gets_shorter_and_then_goes(width: int, shown: list[str]) -> None:
    assert [text for _, text in folded(PIECES, width, " · ")] == shown


words = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Mn", "Cf")), min_size=1, max_size=20)
texts = st.lists(words, min_size=1, max_size=3).map(lambda found: sorted(found, key=cell_len))


@given(st.lists(texts, max_size=6), st.integers(-5, 80))
def test_no_row_is_wider_than_the_screen_and_the_order_stays(found: list[list[str]], width: int) -> None:
    pieces = [
        piece(*((text, 100 - 10 * size - place) for size, text in enumerate(each))) for place, each in enumerate(found)
    ]
    shown = folded(pieces, width, " · ")
    assert sum(3 + cell_len(text) for _, text in shown) <= max(width, 0)
    places = [pieces.index(said) for said, _ in shown]
    assert places == sorted(places)
    assert all(text in [form.text for form in said.forms] for said, text in shown)
