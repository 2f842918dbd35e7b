"""The settings of a single conversation: which of its messages are sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tui_chat.chat.context import sent_from
from tui_chat.chat.message import Message
from tui_chat.storage import Store

SENT_FROM = "sent_from"
"""The name, in a conversation's own settings, of the message that its requests begin with."""


class ConversationSettings:
    """Keeps each conversation's own settings, once they have been read."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: dict[str, Mapping[str, str]] = {}

    def of(self, conversation_id: str) -> Mapping[str, str]:
        """Return what holds for one conversation only; it is read the first time."""
        if conversation_id not in self._known:
            self._known[conversation_id] = self._store.settings(conversation_id)
        return self._known[conversation_id]

    def sent(self, conversation_id: str, messages: Sequence[Message]) -> Sequence[Message]:
        """Return what of a conversation is sent: all but the oldest messages, where those are left out."""
        return sent_from(messages, self.of(conversation_id).get(SENT_FROM, ""))

    def send_from(self, conversation_id: str, first_id: str) -> None:
        """Leave out of what is sent all messages before this one; "" sends the whole conversation again."""
        kept = {**self.of(conversation_id), SENT_FROM: first_id}
        self._known[conversation_id] = kept
        self._store.save_settings(conversation_id, kept)
