"""Textual's palette, which may be closed while it searches, and runs what was found for all that was typed.

Its search in Textual 8.2 goes on for a moment when the app ends, and looks for a list that has gone. A click that comes
right behind Esc closes it once more, which closes the screen below it, or ends the app where there is none. Enter right
behind a letter runs what was found for the letters before it.
"""

from __future__ import annotations

import asyncio

from textual import on
from textual.await_complete import AwaitComplete
from textual.command import CommandList, CommandPalette
from textual.widgets import Input, LoadingIndicator

from tui_chat.ui.textual_internals.layout import FreshLayout

SEARCH_S = 2.0
"""Seconds for which Enter waits until what was typed has been looked for; what has been found by then has to do."""


class ClosingPalette(FreshLayout, CommandPalette):
    """A palette that shows nothing more once its list has gone."""

    def dismiss(self, result: None = None) -> AwaitComplete:
        """Close, unless it is closed already."""
        return super().dismiss(result) if self.app.screen is self else AwaitComplete.nothing()  # type: ignore[no-untyped-call]

    @on(Input.Submitted)
    async def _run_when_found(self, event: Input.Submitted) -> None:
        event.prevent_default()
        workers = [worker for worker in self.workers if worker.group == self._GATHER_COMMANDS_GROUP]
        if searches := [worker._task for worker in workers if worker._task is not None]:
            await asyncio.wait(searches, timeout=SEARCH_S)
        if self.query(CommandList):
            self._select_or_command(event)

    def _watch__list_visible(self) -> None:
        if self.query(CommandList):
            super()._watch__list_visible()

    # Textual's is a coroutine that awaits nothing, and nobody awaits it once the palette takes no more messages.
    def _watch__show_busy(self) -> None:  # type: ignore[override]
        self.query(LoadingIndicator).set_class(self._show_busy, "--visible")
        self.query(CommandList).set_class(self._show_busy, "--populating")
