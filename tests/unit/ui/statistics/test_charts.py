"""Charts of block characters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_chat.ui.statistics.charts import bar, columns


def test_columns_are_as_high_as_their_values() -> None:
    assert columns([0, 1, 2, 4], 8, 2) == ["      █", "  ▄ █ █"]


def test_few_columns_are_wide_and_too_many_leave_out_the_earliest() -> None:
    assert columns([1, 1], 40, 1) == ["██████ ██████"]
    assert columns([9, 1, 1], 2, 1) == ["██"]


@pytest.mark.parametrize(
    ("share", "drawn"), [(0, ""), (0.0001, "▏"), (0.5, "██"), (0.53, "██▏"), (1, "████"), (7, "████")]
)
def test_a_bar_is_as_long_as_its_share(share: float, drawn: str) -> None:
    assert bar(share, 4) == drawn


@given(st.lists(st.floats(0, 1e12), max_size=80), st.integers(0, 60), st.integers(1, 6))
def test_columns_never_leave_their_room(values: list[float], width: int, height: int) -> None:
    rows = columns(values, width, height)
    assert len(rows) == height
    assert all(len(row) <= width for row in rows)


@given(st.floats(0, 1e12), st.integers(0, 60))
def test_a_bar_never_leaves_its_room(share: float, width: int) -> None:
    assert len(bar(share, width)) <= width
