"""Notices of which only the last of a kind stands on the screen: Textual 8.2 takes one back in `App._unnotify` only."""

from __future__ import annotations

from typing import Any

from textual.app import App
from textual.notifications import Notification, Notify


class LatestNotice:
    """Shows a notice in the place of the one before: what it says holds now, and that one no longer."""

    def __init__(self, app: App[Any]) -> None:
        self._app = app
        self._shown: Notification | None = None

    def show(self, sentence: str, timeout_s: float, *, markup: bool = False) -> None:
        """Show a sentence, plain text unless it has `markup`, for so long."""
        self.take_back()
        self._shown = Notification(sentence, timeout=timeout_s, markup=markup)
        self._app.post_message(Notify(self._shown))

    def take_back(self) -> None:
        """Show it no longer."""
        if self._shown is not None:
            self._app._unnotify(self._shown)
            self._shown = None
