"""Deletes conversations that have not been touched for long, if that is wanted."""

from __future__ import annotations

from concurrent.futures import Future
from typing import Any

from textual.app import App

from tui_chat.program.wiring import Program

SHOWN_S = 10.0


def apply_retention(app: App[Any], program: Program) -> None:
    """Delete in the background what has been kept for long enough, and say how much that was."""
    days = program.settings.now.history.retention_days

    def tell(removing: Future[int]) -> None:
        """Notify of the number deleted; called in the store's thread, which has told what went wrong."""
        if count := 0 if removing.exception() else removing.result():
            what = f"{count:,} conversation{'' if count == 1 else 's'}"
            untouched = f"{days:,} day{'' if days == 1 else 's'}"
            app.notify(f"Deleted {what} not touched for {untouched} (history.retention_days).", timeout=SHOWN_S)

    if days:
        program.store.apply_retention(days).add_done_callback(tell)
