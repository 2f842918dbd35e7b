"""A field for a path, which is completed by what is on the disk."""

from __future__ import annotations

import asyncio
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.suggester import Suggester

from tui_chat.attachments.listing import FileListing
from tui_chat.ui.shared.line_input import LineInput


class _PathSuggester(Suggester):
    """Completes a path by what is on the disk."""

    def __init__(self) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._listing = FileListing()

    async def get_suggestion(self, value: str) -> str | None:
        """Return the best path that begins so."""
        if not value:
            return None
        offers = await asyncio.to_thread(self._listing.offers, value)
        return next((offer.text for offer in offers if offer.text.startswith(value) and offer.text != value), None)


class PathField(LineInput):
    """A path; what completes it stands behind it."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("tab", "complete", "Complete")]

    def __init__(self, value: str = "") -> None:
        super().__init__(value, placeholder="The file's path")
        self.suggester = _PathSuggester()

    def action_complete(self) -> None:
        """Take what is suggested, as Right does at the end."""
        self.action_end()
        self.action_cursor_right()
