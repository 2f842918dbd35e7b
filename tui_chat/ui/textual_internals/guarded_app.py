"""Textual 8.2's app, with its faults reported in the program's own words, and a way to write to the terminal.

`App._handle_exception` prints a traceback over the screen and ends the app; there is no hook in front of it. The driver
that writes to the terminal is only in `App._driver`. Textual cancels the work of a widget that is taken away when the
children have gone, for one of which it may have looked in vain by then; what is taken away goes through `App._prune`.
Until its children have gone it lives on, and its timers with it: `DOMNode._pruning` tells. The timer that ends what the
palette begins with `App.delay_update` may never call on a busy machine, and nothing would be drawn any more; nor would
be, until the next key, what came to be drawn in a batch of which nobody tells the screen that it is over.
"""

from __future__ import annotations

from typing import Any

from textual.app import App
from textual.await_remove import AwaitRemove
from textual.dom import DOMNode
from textual.widget import Widget
from textual.worker import WorkerFailed

from tui_chat.ui.textual_internals.delays import call_after


def is_being_taken_away(node: DOMNode) -> bool:
    """True if a widget, or one that it is in, is being taken away: its children may have gone before it."""
    return node._pruning


class GuardedApp(App[None]):
    """An app that shows no traceback, and gives up the work of what is taken away while all of it is still there."""

    def report_fault(self, error: Exception) -> None:
        """End the app after a fault of the program; another that comes of it is not reported."""
        raise NotImplementedError

    def report_worker_fault(self, error: BaseException) -> None:
        """Go on after a fault of work in the background."""
        raise NotImplementedError

    def write_to_terminal(self, sequence: str) -> None:
        """Send the terminal a control sequence at once, if there is a terminal."""
        if self._driver is not None:
            self._driver.write(sequence)
            self._driver.flush()

    def delay_update(self, delay: float = 0.05) -> None:
        """Draw nothing for so long."""
        self._begin_batch()
        call_after(delay, self, self._end_batch)

    def _end_batch(self) -> None:
        super()._end_batch()
        if not self._batch_count and self.screen_stack:
            self.screen.refresh()

    def _prune(self, *nodes: Widget, **where: Any) -> AwaitRemove:
        for worker in self.workers:
            if any(node in worker.node.ancestors_with_self for node in nodes):
                worker.cancel()
        return super()._prune(*nodes, **where)

    def _handle_exception(self, error: Exception) -> None:
        if self.is_headless:
            super()._handle_exception(error)
        elif isinstance(error, WorkerFailed):
            self.report_worker_fault(error.error)
        elif not self.return_code:
            self.report_fault(error)
