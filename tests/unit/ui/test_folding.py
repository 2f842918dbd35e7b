"""A row that folds: nothing is wider than the screen, and what matters most is the last to go."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_chat.text import cell_len
from tui_chat.ui.folding import Piece, folded

PIECES = [Piece(("stream",), 3), Piece(("claude-model", "model"), 2), Piece(("context 34 % of 200k", "ctx 34 %"), 1)]


@pytest.mark.parametrize(
    ("width", "shown"),
    [
        (100, ["stream", "claude-model", "context 34 % of 200k"]),
        (46, ["stream", "claude-model", "ctx 34 %"]),
        (30, ["stream", "model", "ctx 34 %"]),
        (27, ["stream", "claude-model"]),
        (18, ["stream", "model"]),
        (10, ["stream"]),
        (3, []),
    ],
)
def test_what_matters_least_gets_shorter_and_then_goes(width: int, shown: list[str]) -> None:
    assert [text for _, text in folded(PIECES, width, " · ")] == shown


words = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Mn", "Cf")), min_size=1, max_size=20)
forms = st.lists(words, min_size=1, max_size=3).map(lambda found: tuple(sorted(found, key=cell_len, reverse=True)))


@given(st.lists(forms, max_size=6), st.integers(-5, 80))
def test_no_row_is_wider_than_the_screen_and_the_order_stays(found: list[tuple[str, ...]], width: int) -> None:
    pieces = [Piece(each, rank) for rank, each in enumerate(found)]
    shown = folded(pieces, width, " · ")
    assert sum(3 + cell_len(text) for _, text in shown) <= max(width, 0)
    assert [piece.rank for piece, _ in shown] == sorted(piece.rank for piece, _ in shown)
    assert all(text in piece.forms for piece, text in shown)
