"""The palette's commands that bring deleted conversations back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from typing import Protocol, runtime_checkable

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content

from tui_chat.text import clean_line, fit
from tui_chat.ui.conversations.conversation_library import UNTITLED, ConversationLibrary
from tui_chat.ui.shared.matching import marked_name

LONGEST_TITLE = 60


@runtime_checkable
class BringsBack(Protocol):
    """A screen on which deleted conversations can be brought back."""

    library: ConversationLibrary

    async def action_bring_back(self, conversation_id: str = "") -> None:
        """Bring one back and look at it."""


class UndoCommands(Provider):
    """A command for each deleted conversation, until the app ends."""

    async def discover(self) -> Hits:
        """Yield all of them, the last one first."""
        for label, command in self._commands():
            yield DiscoveryHit(Content(label), command, label, "Undo the deletion and open the conversation")

    async def search(self, query: str) -> Hits:
        """Yield those that a query fits."""
        matcher = self.matcher(query)
        for label, command in self._commands():
            score = matcher.match(label)
            if score > 0:
                yield Hit(
                    score, marked_name(matcher, label), command, label, "Undo the deletion and open the conversation"
                )

    def _commands(self) -> Iterator[tuple[str, Callable[[], Awaitable[None]]]]:
        screen = self.screen
        if isinstance(screen, BringsBack):
            for deleted in reversed(screen.library.deleted):
                title = fit(clean_line(deleted.title) or UNTITLED, LONGEST_TITLE)
                yield f"Undo: bring back “{title}”", partial(screen.action_bring_back, deleted.id)
