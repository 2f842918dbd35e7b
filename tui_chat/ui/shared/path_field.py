"""A field for a path, which is completed by what is on the disk."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.suggester import SuggestionReady

from tui_chat.attachments.listing import FileListing
from tui_chat.ui.shared.background import begin
from tui_chat.ui.shared.line_input import LineInput


class PathField(LineInput):
    """A path; what completes it stands behind it."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("tab", "complete", "Complete")]

    def __init__(self, value: str = "") -> None:
        self._listing = FileListing()  # first: from Python 3.12 on, what is begun for the value runs at once
        super().__init__(value, placeholder="The file's path")

    def watch_value(self, value: str) -> None:
        """Look for what completes it.

        Textual's own way, a `Suggester`, leaves a coroutine behind that nobody awaits where the field goes at once.
        """
        if value:
            begin(self, partial(self._suggest, value), "completing", exclusive=True)

    async def _suggest(self, value: str) -> None:
        offers = await asyncio.to_thread(self._listing.offers, value)
        for offer in offers:
            if offer.text.startswith(value) and offer.text != value:
                self.post_message(SuggestionReady(value, offer.text))
                return

    def action_complete(self) -> None:
        """Take what is suggested, as Right does at the end."""
        self.action_end()
        self.action_cursor_right()
