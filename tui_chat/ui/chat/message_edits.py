"""MessageEdits: single messages that are written anew, deleted and brought back, without a widget."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from datetime import datetime

from tui_chat.chat import exchange
from tui_chat.chat.compaction import is_summary
from tui_chat.chat.message import Conversation, Message, Role, title_of
from tui_chat.records import dataclass
from tui_chat.ui.chat.compactor import Compactor
from tui_chat.ui.chat.session import ConversationSession


@dataclass(frozen=True, slots=True)
class DeletedMessage:
    """A message that can still be brought back."""

    conversation_id: str
    message: Message
    title: str
    """The conversation's title before, which may have been the message's beginning."""
    sent_from: str
    """The message that requests begin with in its place; "" if they did not begin with it."""


class MessageEdits:
    """Changes single messages of the conversation that is looked at, and brings back what was deleted."""

    def __init__(self, session: ConversationSession, compactor: Compactor, now: Callable[[], datetime]) -> None:
        self._session = session
        self._compactor = compactor
        self._now = now
        self._store = session.program.store
        self.deleted: list[DeletedMessage] = []
        """Those of all conversations, the last one at the end."""

    def can_rewrite(self, reply_id: str) -> bool:
        """True if a reply, or a summary, can be written anew: it is looked at, and none is coming beside it."""
        if is_summary(reply_id):
            return self._compactor.can_change(reply_id)
        return self._session.live is None and self._session.reply(reply_id) is not None

    async def rewrite(self, reply_id: str, text: str) -> None:
        """Put another version of a reply beside it, and look at that, or rewrite a summary; nothing is sent."""
        if is_summary(reply_id):
            await self._compactor.rewrite(reply_id, text)
            return
        session = self._session
        rewritten = exchange.rewrite(session.conversation, reply_id, text, self._now())
        self._store.add_version(rewritten)
        await session.open(rewritten)
        if rewritten.last is not None:
            await session.view.look_at(rewritten.last.id)

    async def delete(self, message_id: str) -> bool:
        """Take a message out of the conversation; False while a reply is coming there, or if it is gone."""
        before, message = self._session.conversation, self._session.conversation.find(message_id)
        if message is None or self._session.live is not None:
            return False
        if not await _was_done(self._store.delete_message(message_id)):
            return False
        self._compactor.removed = None  # what is undone next is this
        self._session.comparing.forget(before.id, message_id)
        following = _next_after(before, message)
        began = self._send_on_from(before.id, message.id, following)
        self.deleted.append(DeletedMessage(before.id, message, before.title, following if began else ""))
        if before.title == title_of(message):
            self._store.rename(before.id, _title_without(before, message))
        await self._show(before.id, following, asked_in=before.id)
        return True

    async def bring_back(self) -> DeletedMessage | None:
        """Bring back the message that was deleted last, and return it; None if there is none any more."""
        if not self.deleted or self._session.live is not None:
            return None
        last, asked_in = self.deleted.pop(), self._session.conversation.id
        if not await _was_done(self._store.undelete_message(last.message.id)):
            return None
        if last.title == title_of(last.message):
            self._store.rename(last.conversation_id, last.title)
        if last.sent_from:
            self._send_on_from(last.conversation_id, last.sent_from, last.message.id)
        await self._show(last.conversation_id, last.message.id, asked_in=asked_in)
        return last

    def _send_on_from(self, conversation_id: str, before: str, now: str) -> bool:
        """Begin requests with another message where they began with this one; True if they did."""
        settings = self._session.program.conversation_settings
        began = bool(now) and settings.sending(conversation_id).first_id == before
        if began:
            settings.send_from(conversation_id, now)
        return began

    async def _show(self, conversation_id: str, message_id: str, *, asked_in: str) -> None:
        """Show a conversation as it is stored now, at one of its messages or at its end.

        Who has gone on to another conversation since this was asked for stays there.
        """
        stored = await asyncio.to_thread(self._store.conversation, conversation_id)
        if stored is not None and self._session.is_shown(asked_in):
            await self._session.open(stored)
            await self._session.view.look_at(message_id)


async def _was_done(written: Future[bool]) -> bool:
    """Wait for a write; False if it failed, which the store has told of, or changed nothing."""
    waiting = asyncio.wrap_future(written)
    await asyncio.wait([waiting])
    return waiting.exception() is None and waiting.result()


def _next_after(conversation: Conversation, message: Message) -> str:
    """Return the ID of the message that follows one; "" if none does."""
    ids = [one.id for one in conversation.messages]
    return next(iter(ids[ids.index(message.id) + 1 :]), "")


def _title_without(conversation: Conversation, message: Message) -> str:
    """Return the title of a conversation that has lost the prompt that it was called by: the next prompt's."""
    prompts = (one for one in conversation.messages if one.role is Role.USER and one is not message)
    return title_of(first) if (first := next(prompts, None)) is not None else ""
