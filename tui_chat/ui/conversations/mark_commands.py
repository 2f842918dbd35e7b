"""The palette's commands that mark the conversation that is looked at, and find what was marked."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Protocol, runtime_checkable

from tui_chat.ui.chat.session import ConversationSession
from tui_chat.ui.conversations.conversation_library import ConversationLibrary
from tui_chat.ui.shared.named_commands import NamedCommand, NamedCommands


@runtime_checkable
class MarksConversations(Protocol):
    """A screen that shows a conversation and knows the others."""

    session: ConversationSession
    library: ConversationLibrary

    def action_bookmarks(self) -> None:
        """Show the bookmarks of all conversations."""


class MarkCommands(NamedCommands):
    """Pins, archives and tags the conversation, and opens the list of bookmarks."""

    async def commands(self) -> list[NamedCommand]:
        """Return the bookmarks', and those for a conversation that has anything in it."""
        screen = self.screen
        if not isinstance(screen, MarksConversations):
            return []
        bookmarks = NamedCommand(
            "Bookmarks", "The bookmarks of all conversations, in one list", screen.action_bookmarks
        )
        conversation, library = screen.session.conversation, screen.library
        if not conversation.messages:
            return [bookmarks]
        marks = await asyncio.to_thread(library.marks, conversation.id)
        pin = partial(library.pin, conversation.id, pinned=not marks.pinned)
        archive = partial(library.archive, conversation.id, archived=not marks.archived)
        return [
            bookmarks,
            NamedCommand(
                "Unpin this conversation" if marks.pinned else "Pin this conversation",
                "Pinned conversations stand first in the list, and are never deleted for their age",
                partial(self._do, pin, "No longer pinned." if marks.pinned else "Pinned."),
            ),
            NamedCommand(
                "Take this conversation out of the archive" if marks.archived else "Archive this conversation",
                "Archived conversations are kept, but not listed",
                partial(self._do, archive, "Out of the archive." if marks.archived else "Archived."),
            ),
            NamedCommand(
                "Tag this conversation", "Words to find it by", partial(self._tag, library, conversation.id, marks.tags)
            ),
        ]

    def _do(self, command: Callable[[], None], done: str) -> None:
        command()
        self.app.notify(done, timeout=3)

    def _tag(self, library: ConversationLibrary, conversation_id: str, tags: tuple[str, ...]) -> None:
        from tui_chat.ui.conversations.tags_dialog import TagsDialog

        def save(changed: tuple[str, ...] | None) -> None:
            if changed is not None:
                library.tag(conversation_id, changed)

        self.app.push_screen(TagsDialog(tags, library.known_tags), save)
