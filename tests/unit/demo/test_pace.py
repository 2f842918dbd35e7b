"""The times at which tokens are due."""

from hypothesis import given
from hypothesis import strategies as st

from tui_chat.demo.pace import Pace

RATES = st.floats(0.1, 100_000)


@given(RATES, st.integers(0, 1000), st.integers(1, 10_000))
def test_tokens_stay_in_order(rate: float, seed: int, token: int) -> None:
    pace = Pace(rate, seed)
    assert pace.due_s(token) < pace.due_s(token + 1)


@given(RATES, st.integers(0, 1000), st.integers(1, 100_000))
def test_no_token_is_further_than_one_place_from_the_even_pace(rate: float, seed: int, token: int) -> None:
    assert -0.01 < Pace(rate, seed).due_s(token) * rate - token < 1.01


def test_the_pace_is_a_little_uneven_and_the_same_every_time() -> None:
    gaps = [round(Pace(60).due_s(token + 1) - Pace(60).due_s(token), 6) for token in range(50)]
    assert len(set(gaps)) > 1
    assert gaps == [round(Pace(60).due_s(token + 1) - Pace(60).due_s(token), 6) for token in range(50)]


def test_rate_0_waits_for_nothing() -> None:
    assert Pace(0).due_s(10**6) == 0
