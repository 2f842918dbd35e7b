"""Textual's palette, which may be closed while it searches.

Its search in Textual 8.2 goes on for a moment when the app ends, and looks for a list that has gone. A click that comes
right behind Esc closes it once more, which closes the screen below it, or ends the app where there is none.
"""

from __future__ import annotations

from textual.await_complete import AwaitComplete
from textual.command import CommandList, CommandPalette
from textual.widgets import LoadingIndicator


class ClosingPalette(CommandPalette):
    """A palette that shows nothing more once its list has gone."""

    def dismiss(self, result: None = None) -> AwaitComplete:
        """Close, unless it is closed already."""
        return super().dismiss(result) if self.app.screen is self else AwaitComplete.nothing()  # type: ignore[no-untyped-call]

    def _watch__list_visible(self) -> None:
        if self.query(CommandList):
            super()._watch__list_visible()

    # Textual's is a coroutine that awaits nothing, and nobody awaits it once the palette takes no more messages.
    def _watch__show_busy(self) -> None:  # type: ignore[override]
        self.query(LoadingIndicator).set_class(self._show_busy, "--visible")
        self.query(CommandList).set_class(self._show_busy, "--populating")
