"""Textual's palette, which may be closed while it searches.

Its search in Textual 8.2 goes on for a moment when the app ends, and looks for a list that has gone.
"""

from __future__ import annotations

from textual.command import CommandList, CommandPalette
from textual.widgets import LoadingIndicator


class ClosingPalette(CommandPalette):
    """A palette that shows nothing more once its list has gone."""

    def _watch__list_visible(self) -> None:
        if self.query(CommandList):
            super()._watch__list_visible()

    # Textual's is a coroutine that awaits nothing, and nobody awaits it once the palette takes no more messages.
    def _watch__show_busy(self) -> None:  # type: ignore[override]
        self.query(LoadingIndicator).set_class(self._show_busy, "--visible")
        self.query(CommandList).set_class(self._show_busy, "--populating")
