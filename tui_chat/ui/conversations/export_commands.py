"""The palette's commands that export conversations, and the way to their dialog."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import Any, Protocol, runtime_checkable

from textual.app import App

from tui_chat.storage import Store
from tui_chat.ui.chat.session import ConversationSession
from tui_chat.ui.conversations.conversation_library import ConversationLibrary
from tui_chat.ui.shared.named_commands import NamedCommand, NamedCommands

ABOUT = "To a file: HTML, Markdown, plain text, or JSON for this program"


@runtime_checkable
class ExportsConversations(Protocol):
    """A screen that shows a conversation and knows the others."""

    session: ConversationSession
    library: ConversationLibrary


def open_export(app: App[Any], store: Store, ids: Sequence[str], title: str = "") -> None:
    """Open the dialog that exports conversations; `title` is that of the first, or only, one."""
    from tui_chat.ui.conversations.export_screen import ExportScreen

    app.push_screen(ExportScreen(store, ids, title))


class ExportCommands(NamedCommands):
    """Exports the conversation that is looked at, or all."""

    async def commands(self) -> list[NamedCommand]:
        """Return that for all, and that for a conversation which has anything in it."""
        screen = self.screen
        if not isinstance(screen, ExportsConversations):
            return []
        store, conversation = screen.library.store, screen.session.conversation
        everything = NamedCommand("Export all conversations", ABOUT, partial(self._export_all, store))
        if not conversation.messages:
            return [everything]
        this = partial(open_export, self.app, store, [conversation.id], conversation.title)
        return [NamedCommand("Export this conversation", ABOUT, this), everything]

    async def _export_all(self, store: Store) -> None:
        summaries = await asyncio.to_thread(store.conversations, archived=None)
        if summaries:
            open_export(self.app, store, [summary.id for summary in summaries])
        else:
            self.app.notify("No conversations yet.")
