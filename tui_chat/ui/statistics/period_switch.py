"""The switch between periods of time."""

from __future__ import annotations

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import Label

from tui_chat.records import dataclass
from tui_chat.ui.statistics.periods import Period


class PeriodSwitch(Horizontal):
    """The periods side by side, one of them chosen."""

    period: reactive[Period] = reactive(Period.MONTH)
    """The one that is chosen."""

    @dataclass
    class PeriodChanged(Message):
        """Another period was chosen."""

        switch: PeriodSwitch
        period: Period

        @property
        def control(self) -> PeriodSwitch:
            """The switch."""
            return self.switch

    def compose(self) -> ComposeResult:
        """Yield a label for each."""
        for period in Period:
            yield Label(period.label, id=period.name.lower())

    def step(self, step: int) -> None:
        """Choose the period beside the one that is chosen."""
        periods = list(Period)
        self.period = periods[(periods.index(self.period) + step) % len(periods)]

    def watch_period(self, period: Period) -> None:
        """Show which one is chosen, and say so."""
        for label in self.query(Label):
            label.set_class(label.id == period.name.lower(), "-chosen")
        self.post_message(self.PeriodChanged(self, period))

    @on(events.Click, "Label")
    def _choose(self, event: events.Click) -> None:
        name = event.control.id if event.control is not None else None
        if name is not None:
            self.period = Period[name.upper()]
