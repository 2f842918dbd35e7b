"""Amounts as they are written."""

from __future__ import annotations

import pytest

from tui_chat.text.amounts import counted, money, stretch, tokens


@pytest.mark.parametrize(
    ("usd", "text"),
    [
        (0, "$0.00"),
        (0.000001, "<$0.0001"),
        (0.0001, "$0.0001"),
        (0.00234, "$0.0023"),
        (0.5, "$0.5000"),
        (1, "$1.00"),
        (1234.5, "$1,234.50"),
    ],
)
def test_small_amounts_of_money_keep_the_digits_that_matter(usd: float, text: str) -> None:
    assert money(usd) == text


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0"),
        (1_204, "1,204"),
        (9_999, "9,999"),
        (10_000, "10k"),
        (199_999, "199k"),
        (1_000_000, "1M"),
        (1_550_000, "1.6M"),
    ],
)
def test_tokens_are_exact_while_they_are_few(count: int, text: str) -> None:
    assert tokens(count) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.4, "0 s"), (59.9, "59 s"), (60, "1 min"), (61, "1 min 1 s"), (3600, "1 h 0 min"), (7265, "2 h 1 min")],
)
def test_stretches_of_time_are_in_the_units_one_would_use(seconds: float, text: str) -> None:
    assert stretch(seconds) == text


@pytest.mark.parametrize(("count", "text"), [(0, "0 files"), (1, "1 file"), (2, "2 files"), (1_200, "1,200 files")])
def test_one_thing_is_no_plural(count: int, text: str) -> None:
    assert counted(count, "file") == text
