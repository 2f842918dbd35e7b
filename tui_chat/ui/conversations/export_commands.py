"""The palette's commands that export conversations, and the way to their dialog."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from typing import TYPE_CHECKING, Any, Protocol, cast, runtime_checkable

from textual.app import App
from textual.command import DiscoveryHit, Hit, Hits, Provider

from tui_chat.ui.chat.session import ConversationSession
from tui_chat.ui.shared.matching import marked_name

if TYPE_CHECKING:
    from tui_chat.ui.app import TuiChatApp

ABOUT = "To a file: HTML, Markdown, plain text, or JSON for this program"


@runtime_checkable
class ShowsConversation(Protocol):
    """A screen that shows a conversation."""

    session: ConversationSession


def open_export(app: App[Any], ids: Sequence[str], title: str = "") -> None:
    """Open the dialog that exports conversations; `title` is that of the only one."""
    from tui_chat.ui.conversations.export_screen import ExportScreen

    app.push_screen(ExportScreen(cast("TuiChatApp", app).program.store, ids, title))


class ExportCommands(Provider):
    """Exports the conversation that is looked at, or all."""

    async def discover(self) -> Hits:
        """Yield the commands that apply now."""
        for name, command in self._commands():
            yield DiscoveryHit(name, command, help=ABOUT)

    async def search(self, query: str) -> Hits:
        """Yield the commands that fit a query."""
        matcher = self.matcher(query)
        for name, command in self._commands():
            if (score := matcher.match(name)) > 0:
                yield Hit(score, marked_name(matcher, name), command, name, ABOUT)

    def _commands(self) -> list[tuple[str, Callable[[], Coroutine[Any, Any, None]]]]:
        screen = self.screen
        if not isinstance(screen, ShowsConversation):
            return []
        everything = ("Export all conversations", self._export_all)
        if not screen.session.conversation.messages:
            return [everything]
        return [("Export this conversation", self._export_this), everything]

    async def _export_this(self) -> None:
        if isinstance(self.screen, ShowsConversation):
            conversation = self.screen.session.conversation
            open_export(self.app, [conversation.id], conversation.title)

    async def _export_all(self) -> None:
        store = cast("TuiChatApp", self.app).program.store
        summaries = await asyncio.to_thread(store.conversations, archived=None)
        if summaries:
            open_export(self.app, [summary.id for summary in summaries])
        else:
            self.app.notify("There are no conversations yet.")
