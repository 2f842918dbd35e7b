"""The day's budget."""

from __future__ import annotations

import pytest

from tui_chat.chat.budget import Budget


@pytest.mark.parametrize(("spent", "near"), [(0.0, False), (0.79, False), (0.8, True), (1.5, True)])
def test_four_fifths_of_the_limit_are_nearly_all(spent: float, near: bool) -> None:
    assert Budget(1.0, spent).nearly_spent is near


@pytest.mark.parametrize(
    ("budget", "request_usd", "expected"),
    [(Budget(1.0), 0.1, 0.1), (Budget(1.0, 0.6, 3), 0.1, 0.2), (Budget(1.0, 0.6, 3), 0.3, 0.3)],
)
def test_a_reply_may_cost_what_the_days_replies_did_on_average(
    budget: Budget, request_usd: float, expected: float
) -> None:
    assert budget.expected_usd(request_usd) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("budget", "request_usd", "exceeded"),
    [
        (Budget(1.0, 2.0, 1), 0, False),  # what is free goes over no limit
        (Budget(1.0, 0.5), 0.5, False),
        (Budget(1.0, 0.5), 0.51, True),
        (Budget(1.0, 0.5), None, False),
        (Budget(1.0, 0.6, 1), None, True),
    ],
)
def test_a_request_may_reach_the_limit_and_not_go_over_it(
    budget: Budget, request_usd: float | None, exceeded: bool
) -> None:
    assert budget.exceeded_by(request_usd) is exceeded
