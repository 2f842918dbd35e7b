"""The palette's command that brings the message back that was deleted last."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from typing import Protocol, runtime_checkable

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content

from tui_chat.chat.message import title_of
from tui_chat.text import clean_line, fit
from tui_chat.ui.chat.message_edits import MessageEdits
from tui_chat.ui.shared.matching import marked_name

LONGEST_EXCERPT = 60
ABOUT = "Undo the deletion of a message"


@runtime_checkable
class DeletesMessages(Protocol):
    """A screen on which messages are deleted and brought back."""

    edits: MessageEdits

    async def action_undelete_message(self) -> None:
        """Bring back the message that was deleted last."""


class UndeleteCommands(Provider):
    """A command for the message that was deleted last, until the app ends."""

    async def discover(self) -> Hits:
        """Yield it, if there is such a message."""
        for label, command in self._commands():
            yield DiscoveryHit(Content(label), command, label, ABOUT)

    async def search(self, query: str) -> Hits:
        """Yield it, if it fits a query."""
        matcher = self.matcher(query)
        for label, command in self._commands():
            if (score := matcher.match(label)) > 0:
                yield Hit(score, marked_name(matcher, label), command, label, ABOUT)

    def _commands(self) -> Iterator[tuple[str, Callable[[], Awaitable[None]]]]:
        screen = self.screen
        if isinstance(screen, DeletesMessages) and screen.edits.deleted:
            excerpt = fit(clean_line(title_of(screen.edits.deleted[-1].message)), LONGEST_EXCERPT)
            yield f"Undo: bring back the message “{excerpt}”", screen.action_undelete_message
