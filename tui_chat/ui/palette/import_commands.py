"""The palette's command that imports conversations."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from textual.command import DiscoveryHit, Hit, Hits, Provider

from tui_chat.ui.shared.matching import marked_name

if TYPE_CHECKING:
    from tui_chat.ui.app import TuiChatApp

NAME = "Import conversations"
ABOUT = "From claude.ai, ChatGPT, llm, elia, oterm, Markdown or an export"


class ImportCommands(Provider):
    """Opens the dialog in which a file is named."""

    async def discover(self) -> Hits:
        """Yield it."""
        yield DiscoveryHit(NAME, self._open, help=ABOUT)

    async def search(self, query: str) -> Hits:
        """Yield it if it fits what was typed."""
        matcher = self.matcher(query)
        if (score := matcher.match(NAME)) > 0:
            yield Hit(score, marked_name(matcher, NAME), self._open, NAME, ABOUT)

    def _open(self) -> None:
        from tui_chat.ui.conversations.import_screen import ImportScreen

        app = cast("TuiChatApp", self.app)
        app.push_screen(ImportScreen(app.program.store))
