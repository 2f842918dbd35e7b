"""The stored conversations beside the one that is looked at: found, opened, renamed, deleted, brought back."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence

from tui_chat.chat.marks import ConversationMarks
from tui_chat.chat.message import Conversation, ConversationSummary
from tui_chat.chat.search_query import SearchQuery
from tui_chat.records import dataclass
from tui_chat.storage import SearchHit
from tui_chat.storage.marks import Bookmark
from tui_chat.streaming.stop import Outcome
from tui_chat.ui.chat.session import ConversationSession
from tui_chat.ui.shared.search_result import SearchResult

UNTITLED = "Untitled"
STORED_S = 5.0
"""Seconds that a list waits for a change to be stored before it is read again."""


@dataclass(frozen=True)
class Listed:
    """A conversation as it is listed."""

    conversation: ConversationSummary
    hit: SearchHit | None = None
    """The newest message that a search has found in it."""


class ConversationLibrary:
    """The actions on all conversations; the session has the one that is looked at, and the replies that come."""

    def __init__(self, session: ConversationSession) -> None:
        self._session = session
        self.store = session.program.store
        self.deleted: list[Conversation | ConversationSummary] = []
        """Those that can still be brought back, the last one at the end."""

    def find(self, query: str, *, archived: bool = False) -> SearchResult[Listed]:
        """Return the conversations whose title or text has the query's words: those that are pinned, then the newest.

        Those in the archive are left out, or else returned alone. Thread-safe.
        """
        if query.strip():
            hits = {summary.id: Listed(summary, hit) for summary, hit in self.store.found(query, archived=archived)}
            found = [hits[it.id] for it in _pinned_first(it.conversation for it in hits.values())]
            return SearchResult(query, found, SearchQuery.parsed(query).words)
        return SearchResult(query, list(map(Listed, _pinned_first(self.store.conversations(archived=archived)))))

    async def stored(self) -> None:
        """Wait until what was changed here is stored; not forever, where the disk is in trouble."""
        await asyncio.to_thread(self.store.flush, STORED_S)

    def is_open(self, conversation_id: str) -> bool:
        """True if it is the one that is looked at."""
        return self._session.is_shown(conversation_id)

    def is_coming(self, conversation_id: str) -> bool:
        """True if it waits for a reply."""
        return self._session.live_of(conversation_id) is not None

    def is_unread(self, conversation_id: str) -> bool:
        """True if a reply has ended there that nobody has looked at."""
        return conversation_id in self._session.unread

    async def open(self, conversation_id: str) -> bool:
        """Look at another conversation; False if there is none any more."""
        if self.is_open(conversation_id):
            return True
        conversation = await asyncio.to_thread(self.store.conversation, conversation_id)
        if conversation is not None:
            await self._session.open(conversation)
        return conversation is not None

    async def open_at(self, conversation_id: str, message_id: str) -> bool:
        """Look at a message, in its branch; False if there is none any more, or a reply keeps its branch away."""
        if not await self.open(conversation_id):
            return False
        if self._session.conversation.find(message_id) is None and not await self._session.turn_to(message_id):
            return False
        await self._session.view.look_at(message_id)
        return True

    def marks(self, conversation_id: str) -> ConversationMarks:
        """Return the marks of a conversation. Thread-safe."""
        return self.store.marks.of(conversation_id)

    def known_tags(self) -> Sequence[str]:
        """Return the tags that conversations have. Thread-safe."""
        return self.store.marks.known_tags()

    def pin(self, conversation_id: str, *, pinned: bool) -> None:
        """Keep it at the top of the list, or no longer."""
        self.store.marks.pin(conversation_id, pinned=pinned)

    def archive(self, conversation_id: str, *, archived: bool) -> None:
        """Take it out of the list, or into it again."""
        self.store.marks.archive(conversation_id, archived=archived)

    def tag(self, conversation_id: str, tags: Sequence[str]) -> None:
        """Give it these tags, and no others."""
        self.store.marks.tag(conversation_id, tags)

    async def toggle_bookmark(self, message_id: str) -> None:
        """Give a message of the conversation that is looked at a bookmark, or take it away."""
        marks = self.store.marks
        bookmarked = await asyncio.to_thread(marks.bookmarked, self._session.conversation.id)
        self.bookmark(message_id, bookmarked=message_id not in bookmarked)

    def bookmark(self, message_id: str, *, bookmarked: bool) -> None:
        """Give a message a bookmark, or take it away."""
        self.store.marks.bookmark(message_id, bookmarked=bookmarked)
        self._session.find_marks()

    def bookmarks(self, query: str) -> SearchResult[Bookmark]:
        """Return the bookmarks of all conversations that have the query's words. Thread-safe."""
        words = query.casefold().split()
        found = self.store.marks.bookmarks()
        return SearchResult(
            query, [it for it in found if all(word in f"{it.title}\n{it.excerpt}".casefold() for word in words)]
        )

    async def turn(self, step: int) -> bool:
        """Look at the next conversation, or the one before; False if there is no other.

        Those with a question come first, those with a reply that nobody has seen, then all in the order of the list.
        """
        first = [*self._session.tool_questions.asking_beside(self._session.conversation.id), *self._session.unread]
        if step > 0 and first and await self.open(first[0]):
            return True
        ids = [summary.id for summary in _pinned_first(await asyncio.to_thread(self.store.conversations))]
        here = self._session.conversation.id
        at = ids.index(here) + step if here in ids else (0 if step > 0 else -1)
        return bool(ids) and ids[at % len(ids)] != here and await self.open(ids[at % len(ids)])

    def rename(self, conversation_id: str, title: str) -> None:
        """Give it another title."""
        self.store.rename(conversation_id, title)
        if self.is_open(conversation_id):
            self._session.retitle(title)

    async def delete(self, conversation: Conversation | ConversationSummary) -> bool:
        """Take it out of sight; what is coming of it here is stopped, and kept. False if a reply comes elsewhere."""
        if await asyncio.to_thread(self.store.replies_elsewhere, conversation.id):
            return False
        for live in self._session.all_live_of(conversation.id):
            live.stop.request(Outcome.KEEP)
        self._session.comparing.let_go(conversation.id)
        self.store.delete(conversation.id)
        self._session.forget(conversation.id)
        self.deleted.append(conversation)
        if self.is_open(conversation.id):
            await self._session.open(Conversation())
        return True

    def bring_back(self, conversation_id: str = "") -> Conversation | ConversationSummary | None:
        """Bring back one that was deleted, the last one if none is named."""
        for conversation in reversed(self.deleted):
            if conversation_id in ("", conversation.id):
                self.deleted.remove(conversation)
                self.store.undelete(conversation.id)
                return conversation
        return None


def _pinned_first(conversations: Iterable[ConversationSummary]) -> list[ConversationSummary]:
    return sorted(conversations, key=lambda conversation: not conversation.pinned)
