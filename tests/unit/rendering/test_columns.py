"""The columns of a table share the room there is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_chat.rendering.columns import column_widths


@pytest.mark.parametrize(
    ("natural", "least", "room", "widths"),
    [
        ([5, 5], [5, 5], 20, [5, 5]),
        ([5, 50], [5, 10], 20, [5, 15]),
        ([50, 50], [5, 5], 21, [11, 10]),
        ([50, 5, 50], [5, 5, 5], 25, [10, 5, 10]),
        ([30, 30], [15, 3], 20, [15, 5]),
        ([30, 30], [30, 30], 20, [10, 10]),
        ([10, 10, 10, 10, 10, 10, 1], [8, 8, 8, 8, 8, 8, 1], 35, [8, 6, 5, 5, 5, 5, 1]),
        ([14, 8, 9, 8, 9, 5, 4], [14, 8, 9, 8, 9, 5, 4], 42, [6, 8, 6, 8, 5, 5, 4]),
    ],
)
def test_columns_share_the_room(natural: list[int], least: list[int], room: int, widths: list[int]) -> None:
    assert column_widths(natural, least, room) == widths


@given(st.lists(st.tuples(st.integers(1, 99), st.integers(1, 99)), min_size=1, max_size=9), st.integers(36, 120))
def test_columns_fit(columns: list[tuple[int, int]], room: int) -> None:
    widths = column_widths([wish for wish, _ in columns], [min(pair) for pair in columns], room)
    assert sum(widths) <= room
    assert min(widths) >= 1
