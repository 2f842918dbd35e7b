"""Periods of time that replies are summed over, and their use day by day, week by week or month by month."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from enum import Enum, StrEnum

from tui_chat.chat.usage import Usage
from tui_chat.records import dataclass, field, replace
from tui_chat.storage import Statistics
from tui_chat.ui.shared.times import day_name, month_name

MOST_STEPS = 52
"""The most steps of a course: more days than that are grouped into weeks, more weeks into months."""


class Period(Enum):
    """The span that one looks back over."""

    WEEK = 7
    MONTH = 30
    ALL = None

    @property
    def label(self) -> str:
        """As it stands on the screen."""
        return f"{self.value} days" if self.value else "All time"

    def first_day(self, today: date) -> date | None:
        """Return the day that it begins with; None if that is the day of the first reply there is."""
        return today - timedelta(days=self.value - 1) if self.value else None

    def since(self, now: datetime) -> datetime | None:
        """Return the moment that it begins with: midnight, where the user is."""
        first = self.first_day(now.astimezone().date())
        return datetime.combine(first, time()).astimezone() if first else None


class Unit(StrEnum):
    """The length of a course's steps."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"

    def first_day(self, day: date) -> date:
        """Return the first day of the step that a day is in."""
        if self is Unit.DAY:
            return day
        return day - timedelta(days=day.weekday()) if self is Unit.WEEK else day.replace(day=1)

    def label(self, first: date, today: date) -> str:
        """Return the name of the step that begins with a day."""
        return month_name(first) if self is Unit.MONTH else day_name(first, today)


@dataclass(frozen=True, slots=True)
class PeriodStep:
    """The use in a day, a week or a month."""

    label: str
    replies: int = 0
    usage: Usage = field(default_factory=Usage)
    cost_usd: float | None = None
    estimated: int = 0
    """Replies whose figures are estimated in part."""

    def plus(self, sums: Statistics) -> PeriodStep:
        """Return the step with the replies of one more day."""
        cost = self.cost_usd if sums.cost_usd is None else (self.cost_usd or 0) + sums.cost_usd
        replies, estimated = self.replies + sums.replies, self.estimated + sums.estimated
        usage = self.usage.plus(sums.usage)
        return replace(self, replies=replies, usage=usage, cost_usd=cost, estimated=estimated)


@dataclass(frozen=True, slots=True)
class Course:
    """The use step by step, without a gap, the earliest first."""

    unit: Unit = Unit.DAY
    steps: Sequence[PeriodStep] = ()


def course(period: Period, days: Sequence[tuple[str, Statistics]], today: date) -> Course:
    """Return the course of a period, from the sums of its days, in steps so long that there are not too many."""
    sums = {date.fromisoformat(day): replies for day, replies in days}
    first = min([period.first_day(today) or today, *sums])
    length = (max([today, *sums]) - first).days + 1
    all_days = [first + timedelta(days=number) for number in range(length)]
    unit = _unit_for(all_days)
    steps = {first: PeriodStep(unit.label(first, today)) for first in map(unit.first_day, all_days)}
    for day, replies in sums.items():
        steps[unit.first_day(day)] = steps[unit.first_day(day)].plus(replies)
    return Course(unit, list(steps.values()))


def _unit_for(days: Sequence[date]) -> Unit:
    """Return days if there are not too many, else weeks, else months."""
    for unit in (Unit.DAY, Unit.WEEK):
        if len(set(map(unit.first_day, days))) <= MOST_STEPS:
            return unit
    return Unit.MONTH
