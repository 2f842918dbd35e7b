"""Conversations from outside, as they are added to those that are here."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from tui_chat.chat.marks import ConversationMarks
from tui_chat.chat.message import Conversation, Message
from tui_chat.records import dataclass, field

_ID_LENGTH = 32


class ImportOutcome(StrEnum):
    """The result of importing one conversation."""

    ADDED = "added"
    EXTENDED = "extended"
    """It was here, and has got the messages that it lacked."""
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class ImportedConversation:
    """A conversation from outside. Its id and those of its messages are the same whenever it is imported."""

    conversation: Conversation
    """Along the branch that is looked at."""
    others: tuple[Message, ...] = ()
    """The messages on its other branches, each after the one that it follows."""
    settings: Mapping[str, str] = field(default_factory=dict)
    marks: ConversationMarks = field(default_factory=ConversationMarks)


def settings_with_ids(settings: Mapping[str, str], ids: Mapping[str, str]) -> dict[str, str]:
    """Return a conversation's own settings where its messages have other ids: in a value, and at the end of its key."""
    renamed: dict[str, str] = {}
    for key, value in settings.items():
        id = ids.get(value, value)
        renamed[f"{key.removesuffix(value)}{id}" if key.endswith(f".{value}") else key] = id
    return renamed


def stable_id(*names: str) -> str:
    """Return the id of what has these names where it comes from, and always the same."""
    content = "\0".join(name.replace("\0", "\0\0") for name in names)
    import hashlib

    return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()[:_ID_LENGTH]
