"""Notices of which only the last of a kind stands on the screen: Textual 8.2 takes one back in `App._unnotify` only."""

from __future__ import annotations

from typing import Any

from textual.app import App
from textual.notifications import Notification, Notify

UNDO_SHOWN_S = 10.0


class LatestNotice:
    """Shows a notice in the place of the one before: what it says holds now, and that one no longer."""

    def __init__(self, app: App[Any]) -> None:
        self._app = app
        self._shown: Notification | None = None

    def show(self, sentence: str, timeout_s: float) -> None:
        """Show a sentence, plain text, for so long."""
        self._show(Notification(sentence, timeout=timeout_s, markup=False))

    def offer_undo(self, sentence: str, action: str) -> None:
        """Show what was done, with a link to an action of the screen that takes it back; the sentence is markup."""
        self._show(Notification(f"{sentence} [@click=screen.{action}]Undo[/]", timeout=UNDO_SHOWN_S, markup=True))

    def _show(self, notice: Notification) -> None:
        self.take_back()
        self._shown = notice
        self._app.post_message(Notify(notice))

    def take_back(self) -> None:
        """Show it no longer."""
        if self._shown is not None:
            self._app._unnotify(self._shown)
            self._shown = None
