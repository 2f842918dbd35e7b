"""The palette's commands that bring deleted conversations back."""

from __future__ import annotations

from functools import partial
from typing import Protocol, runtime_checkable

from tui_chat.chat.message import Conversation, ConversationSummary
from tui_chat.text import clean_line, fit
from tui_chat.ui.conversations.conversation_library import UNTITLED, ConversationLibrary
from tui_chat.ui.shared.named_commands import NamedCommand, NamedCommands

LONGEST_TITLE = 60
ABOUT = "Undo the deletion and open the conversation"


@runtime_checkable
class BringsBack(Protocol):
    """A screen on which deleted conversations can be brought back."""

    library: ConversationLibrary

    async def action_bring_back(self, conversation_id: str = "") -> None:
        """Bring one back and look at it."""


class UndoCommands(NamedCommands):
    """A command for each deleted conversation, until the app ends."""

    async def commands(self) -> list[NamedCommand]:
        """Return one for each, the last one first."""
        screen = self.screen
        if not isinstance(screen, BringsBack):
            return []
        return [
            NamedCommand(_name(deleted), ABOUT, partial(screen.action_bring_back, deleted.id))
            for deleted in reversed(screen.library.deleted)
        ]


def _name(deleted: Conversation | ConversationSummary) -> str:
    return f"Undo: bring back “{fit(clean_line(deleted.title) or UNTITLED, LONGEST_TITLE)}”"
