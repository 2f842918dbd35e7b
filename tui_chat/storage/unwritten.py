"""Conversations whose writes still wait for the disk: until they are written, reads find them here."""

from __future__ import annotations

from collections.abc import Sequence

from tui_chat.chat.message import Conversation, ConversationSummary
from tui_chat.records import replace
from tui_chat.storage.writer import Writer


class Unwritten:
    """The conversations of this process as they stand, each for as long as the database is behind."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._waiting: dict[str, tuple[int, Conversation]] = {}
        """By id: how many writes there have to be, and the conversation as it is then."""

    def keep(self, conversation: Conversation) -> None:
        """Remember a conversation whose write has just been queued."""
        self._waiting[conversation.id] = (self._writer.queued, conversation)

    def find_conversation(self, conversation_id: str) -> Conversation | None:
        """Return a conversation that is not written yet, or None."""
        ticket, conversation = self._waiting.get(conversation_id, (0, None))
        if ticket <= self._writer.done:
            self.forget(conversation_id)
            return None
        return conversation

    def forget(self, conversation_id: str) -> None:
        """Let reads find what the database has."""
        self._waiting.pop(conversation_id, None)

    def rename(self, conversation_id: str, title: str) -> None:
        """Give a conversation that waits another title."""
        conversation = self.find_conversation(conversation_id)
        if conversation is not None:
            self.keep(replace(conversation, title=title))

    def added_to(self, stored: Sequence[ConversationSummary]) -> list[ConversationSummary]:
        """Return a list of conversations as it will be once all is written, the last changed first."""
        found = [self.find_conversation(id) for id in list(self._waiting)]
        waiting = {conversation.id: _summary(conversation) for conversation in found if conversation is not None}
        if not waiting:
            return list(stored)
        marked = {summary.id: _marked_as(summary, waiting[summary.id]) for summary in stored if summary.id in waiting}
        others = [summary for summary in stored if summary.id not in waiting]
        return sorted([*(waiting | marked).values(), *others], key=lambda summary: summary.updated_at, reverse=True)


def _marked_as(stored: ConversationSummary, waiting: ConversationSummary) -> ConversationSummary:
    """Return what waits, with the marks of what is stored."""
    return replace(waiting, pinned=stored.pinned, archived=stored.archived, tags=stored.tags)


def _summary(conversation: Conversation) -> ConversationSummary:
    return ConversationSummary(
        conversation.id,
        conversation.title,
        conversation.model,
        conversation.created_at,
        conversation.updated_at,
        len(conversation.messages),
    )
