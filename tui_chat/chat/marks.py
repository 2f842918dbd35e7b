"""The marks that a user puts on a conversation and its messages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from tui_chat.records import dataclass, field


@dataclass(frozen=True, slots=True)
class ConversationMarks:
    """All the marks of one conversation."""

    pinned: bool = False
    archived: bool = False
    tags: tuple[str, ...] = ()
    bookmarks: Mapping[str, datetime] = field(default_factory=dict)
    """The messages that have one, on all branches, and since when."""
