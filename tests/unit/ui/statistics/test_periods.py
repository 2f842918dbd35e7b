"""The use step by step."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from tui_chat.chat.usage import Usage
from tui_chat.storage import Statistics
from tui_chat.ui.statistics.periods import MOST_STEPS, Period, PeriodStep, Unit, course

TODAY = date(2026, 11, 21)


def used(replies: int, cost_usd: float | None = None) -> Statistics:
    return Statistics(replies=replies, usage=Usage(replies * 10, replies), cost_usd=cost_usd)


def test_every_day_of_a_period_has_its_step() -> None:
    found = course(Period.WEEK, [("2026-11-16", used(2, 0.5)), ("2026-11-21", used(1))], TODAY)
    assert found.unit is Unit.DAY
    assert [step.label for step in found.steps] == [f"{day} Nov" for day in range(15, 22)]
    assert found.steps[1] == PeriodStep("16 Nov", 2, Usage(20, 2), 0.5)
    assert found.steps[-1].cost_usd is None


@pytest.mark.parametrize(
    ("days", "unit"), [(1, Unit.DAY), (50, Unit.DAY), (60, Unit.WEEK), (350, Unit.WEEK), (800, Unit.MONTH)]
)
def test_all_time_is_told_in_steps_so_long_that_there_are_not_too_many(days: int, unit: Unit) -> None:
    first = TODAY - timedelta(days=days)
    found = course(Period.ALL, [(first.isoformat(), used(3, 1.0)), (TODAY.isoformat(), used(4, 2.0))], TODAY)
    assert found.unit is unit
    assert len(found.steps) <= MOST_STEPS
    assert sum(step.replies for step in found.steps) == 7
    assert sum(step.cost_usd or 0 for step in found.steps) == 3.0


def test_a_clock_that_was_wrong_does_not_matter() -> None:
    found = course(Period.WEEK, [("2026-12-24", used(1))], TODAY)
    assert found.steps[-1].replies == 1
    assert course(Period.ALL, [("1970-01-01", used(1))], TODAY).steps[0].label == "Jan 1970"


def test_without_a_reply_there_is_the_period_all_the_same() -> None:
    assert len(course(Period.MONTH, [], TODAY).steps) == 30
    assert len(course(Period.ALL, [], TODAY).steps) == 1


def test_a_period_begins_at_midnight() -> None:
    now = datetime(2026, 11, 21, 15, 30).astimezone()
    since = Period.WEEK.since(now)
    assert since is not None
    assert since.replace(tzinfo=None) == datetime(2026, 11, 15)
    assert Period.ALL.since(now) is None
