"""The statistics: how many replies, how fast, how expensive, and what went wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, VerticalScroll
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Static

from tui_chat.records import dataclass
from tui_chat.storage import CallSums, Grouping, Standing, Statistics, Store
from tui_chat.text import clean_line
from tui_chat.text.amounts import money
from tui_chat.ui.look.keys import bound
from tui_chat.ui.shared.key_bar import KeyBar
from tui_chat.ui.shared.title_bar import TitleBar
from tui_chat.ui.statistics import words
from tui_chat.ui.statistics.panels import ChartPanel, Figure, FigurePanel, Share, SharesPanel, TablePanel
from tui_chat.ui.statistics.period_switch import PeriodSwitch
from tui_chat.ui.statistics.periods import Course, Period, course
from tui_chat.ui.textual_internals.layout import FreshLayout

UNNAMED = "unnamed"
_NOTHING = {
    Period.WEEK: "No replies in the last 7 days.",
    Period.MONTH: "No replies in the last 30 days.",
    Period.ALL: "No replies yet. They are counted here as they come.",
}


@dataclass(frozen=True)
class Report:
    """The figures shown of a period."""

    period: Period
    total: Statistics
    models: Sequence[tuple[str, Statistics]]
    standings: Sequence[Standing]
    course: Course
    conversation: Statistics
    """The conversation that one comes from, of all time."""


def report(store: Store, period: Period, conversation_id: str, now: datetime) -> Report:
    """Sum a period up; may be called from any thread."""
    since = period.since(now)
    days = store.statistics_by(Grouping.DAY, since)
    return Report(
        period,
        store.statistics(since),
        store.statistics_by(Grouping.MODEL, since),
        store.choices.standings(since),
        course(period, days, now.astimezone().date()),
        store.statistics(conversation_id=conversation_id),
    )


class StatisticsScreen(FreshLayout, Screen[None]):
    """All figures of a period on one page."""

    CSS_PATH = "screen.tcss"
    AUTO_FOCUS = "#page"
    HORIZONTAL_BREAKPOINTS = [(0, "-tiny"), (76, "-narrow"), (100, "-wide")]  # noqa: RUF012 - Textual declares it so
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "turn_period(-1)", "Shorter", priority=True),
        Binding("right", "turn_period(1)", "Longer", priority=True),
        Binding("escape", "close", "Close", priority=True),
        bound("statistics", "close", show=False, priority=True),
    ]

    @dataclass
    class Summed(Message):
        """The figures of a period are there."""

        report: Report

    def __init__(self, store: Store, conversation_id: str, now: Callable[[], datetime]) -> None:
        super().__init__()
        self._store = store
        self._conversation_id = conversation_id
        self._now = now

    def compose(self) -> ComposeResult:
        """Yield the period, and the figures, charts and tables below it."""
        yield TitleBar()
        yield PeriodSwitch()
        with VerticalScroll(id="page"):
            yield Static(id="nothing", markup=False)
            with Container(id="figures"):
                yield from (FigurePanel() for _ in range(4))
            with Container(id="charts", classes="pair"):
                yield ChartPanel(id="replies-chart")
                yield ChartPanel(id="cost-chart")
            with Container(classes="pair"):
                with Container(classes="column"):
                    yield SharesPanel(id="ends")
                    yield SharesPanel(id="ways")
                with Container(classes="column"):
                    yield SharesPanel(id="failures")
                    yield SharesPanel(id="recoveries")
            yield TablePanel(id="models")
            yield TablePanel(id="standings")
            yield TablePanel(id="tools")
            yield TablePanel(id="steps")
            yield Static("This conversation", id="here")
            with Container(id="conversation"):
                yield from (FigurePanel() for _ in range(4))
        yield KeyBar()

    def on_mount(self) -> None:
        """Show nothing before it is known."""
        self.query_one(TitleBar).title = "Statistics"
        self.query_one("#page").visible = False

    # -- summing up

    @on(PeriodSwitch.PeriodChanged)
    def _sum_again(self, event: PeriodSwitch.PeriodChanged) -> None:
        self._sum(event.period)

    @work(thread=True, exclusive=True, group="statistics", description="sum replies up")
    def _sum(self, period: Period) -> None:
        self.post_message(self.Summed(report(self._store, period, self._conversation_id, self._now())))

    @on(Summed)
    def _show(self, event: Summed) -> None:
        if event.report.period is self.query_one(PeriodSwitch).period:
            with self.app.batch_update():
                self._show_report(event.report)

    # -- what is shown

    def _show_report(self, report: Report) -> None:
        sums, here = report.total, report.conversation
        page = self.query_one("#page")
        page.visible = True
        page.update_classes({"-empty": not sums.replies, "-nowhere": not here.replies})
        self.query_one("#nothing", Static).update(_NOTHING[report.period])
        self._show_figures("#figures", words.figures(sums))
        self._show_figures("#conversation", words.conversation_figures(here))
        self._show_shares("#ends", "Outcome", words.ends(sums), sums.replies)
        self._show_shares("#ways", "Delivery", words.ways(sums), sums.replies)
        self._show_shares("#failures", "Errors", words.failures(sums), sum(sums.failed.values()))
        self._show_shares("#recoveries", "Recovered", words.recoveries(sums), 0)
        self._show_charts(report.course)
        self._show_models(report.models)
        self._show_standings(report.standings)
        self._show_tools(sums.tools)
        self._show_steps(report.course)

    def _show_figures(self, where: str, figures: Sequence[Figure]) -> None:
        for panel, figure in zip(self.query_one(where).query(FigurePanel), figures, strict=True):
            panel.show(figure)

    def _show_shares(self, where: str, title: str, shares: Iterable[Share], whole: int) -> None:
        self.query_one(where, SharesPanel).show(title, list(shares), whole)

    def _show_charts(self, course: Course) -> None:
        steps, unit = course.steps, course.unit
        labels = [step.label for step in steps]
        most = max(steps, key=lambda step: step.replies)
        said = f"peak {most.replies:,} ({most.label})"
        replies = self.query_one("#replies-chart", ChartPanel)
        replies.show(f"Replies per {unit}", said, [step.replies for step in steps], labels)
        dearest = max(steps, key=lambda step: step.cost_usd or 0)
        said = f"peak {money(dearest.cost_usd or 0)} ({dearest.label})"
        cost = self.query_one("#cost-chart", ChartPanel)
        cost.show(f"Cost per {unit}", said, [step.cost_usd or 0 for step in steps], labels)
        cost.display = bool(dearest.cost_usd)

    def _show_models(self, models: Sequence[tuple[str, Statistics]]) -> None:
        ordered = sorted(models, key=lambda item: -item[1].replies)
        names = [clean_line(name) or UNNAMED for name, _ in ordered]
        sums = [sums for _, sums in ordered]
        columns = words.model_columns(sums)
        self.query_one("#models", TablePanel).show("Model", names, [each.replies for each in sums], columns)

    def _show_standings(self, standings: Sequence[Standing]) -> None:
        names = [clean_line(each.model) or UNNAMED for each in standings]
        columns = words.standing_columns(standings)
        self.query_one("#standings", TablePanel).show("Chosen", names, [each.wins for each in standings], columns)

    def _show_tools(self, tools: Mapping[str, CallSums]) -> None:
        ordered = sorted(tools.items(), key=lambda item: -item[1].calls)
        names, sums = [clean_line(name) for name, _ in ordered], [each for _, each in ordered]
        columns = words.tool_columns(sums)
        self.query_one("#tools", TablePanel).show("Tool", names, [each.calls for each in sums], columns)

    def _show_steps(self, course: Course) -> None:
        steps = [step for step in reversed(course.steps) if step.replies]
        heading = course.unit.value.capitalize()
        names, values = [step.label for step in steps], [step.replies for step in steps]
        self.query_one("#steps", TablePanel).show(heading, names, values, words.step_columns(steps))

    # -- what the keys do

    def action_turn_period(self, step: int) -> None:
        """Look at the period beside."""
        self.query_one(PeriodSwitch).step(step)

    def action_close(self) -> None:
        """Go back to where one came from."""
        self.dismiss()
