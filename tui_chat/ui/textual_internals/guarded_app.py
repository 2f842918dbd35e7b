"""Textual 8.2's app, with its faults reported in the program's own words, and a way to write to the terminal.

`App._handle_exception` prints a traceback over the screen and ends the app; there is no hook in front of it. The driver
that writes to the terminal is only in `App._driver`.
"""

from __future__ import annotations

from textual.app import App
from textual.worker import WorkerFailed


class GuardedApp(App[None]):
    """An app that shows no traceback."""

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

    def _handle_exception(self, error: Exception) -> None:
        if self.is_headless:
            super()._handle_exception(error)
        elif isinstance(error, WorkerFailed):
            self.report_worker_fault(error.error)
        elif not self.return_code:
            self.report_fault(error)
