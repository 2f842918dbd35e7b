"""OpenConversation: the conversation that is looked at, other ones, and its other branches."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from tui_chat.chat.message import Conversation, Message, Role
from tui_chat.program.parts import Parts
from tui_chat.program.request_estimate import RequestEstimator
from tui_chat.program.wiring import Program
from tui_chat.settings import Value
from tui_chat.ui.chat.left_out import left_out_marks
from tui_chat.ui.chat.live_replies import LiveReplies
from tui_chat.ui.chat.live_reply import LiveReply
from tui_chat.ui.chat.session_view import SessionView
from tui_chat.ui.messages.message_marks import MessageMarks

READ_ALONG_INTERVAL_S = 0.5


class OpenConversation:
    """One conversation that is looked at, among all those whose replies come."""

    def __init__(self, program: Program, now: Callable[[], datetime]) -> None:
        self.program = program
        self.estimator = RequestEstimator(program, now)
        self.conversation = _begun(program)
        """The conversation that is looked at, with every message that has ended."""
        self.before_open: Callable[[Conversation], Awaitable[None]] = _nothing_to_fetch
        """Fetches what belongs to a conversation and will be needed as soon as it is looked at."""
        self.conversation_changed: Callable[[], None] = _nothing
        """Called at once when another conversation, or another state of it, is shown."""
        self.view: SessionView
        """Whoever shows this session; it is there before anything is asked of the session."""
        self._replies = LiveReplies()
        self._unread: dict[str, None] = {}
        """The conversations in which a reply has ended unseen, the earliest first."""

    # -- what there is

    @property
    def parts(self) -> Parts:
        """Whom this conversation asks, and how."""
        return self.program.parts_of(self.conversation.id)

    @property
    def live(self) -> LiveReply | None:
        """The reply that this conversation waits for."""
        return self.live_of(self.conversation.id)

    def live_of(self, conversation_id: str) -> LiveReply | None:
        """Return the reply that a conversation waits for."""
        return self._replies.of(conversation_id)

    @property
    def others_coming(self) -> int:
        """The number of replies that are coming in other conversations."""
        return sum(not self.is_shown(live.conversation_id) for live in self._replies)

    @property
    def unread(self) -> Sequence[str]:
        """The conversations in which a reply has ended that nobody has looked at, the earliest first."""
        return list(self._unread)

    def is_shown(self, conversation_id: str) -> bool:
        """True if it is the conversation that is looked at."""
        return conversation_id == self.conversation.id

    def reply(self, message_id: str = "") -> Message | None:
        """Return a reply of this conversation by its id; without one, the last message if it is a reply."""
        found = self.conversation.find(message_id) if message_id else self.conversation.last
        return found if found is not None and found.role is Role.ASSISTANT else None

    # -- which conversation is looked at

    async def open(self, conversation: Conversation) -> None:
        """Look at a conversation; if its reply is still coming, with what has come so far."""
        mark = self.program.store.opening_mark
        if conversation.messages:
            await asyncio.to_thread(mark.set, conversation.id)
        await asyncio.to_thread(self.program.conversation_settings.of, conversation.id)
        await self.before_open(conversation)
        live = self.live_of(conversation.id)
        await self._show(replace(live.conversation, title=conversation.title) if live else conversation)
        if conversation.messages:
            self.view.when_drawn(partial(asyncio.to_thread, mark.clear))

    async def catch_up(self) -> bool:
        """Take up what another window has added at the end, and tell if there was anything.

        A prompt would begin a branch beside it, unseen.
        """
        shown, grown = self.conversation, await self._grown()
        if grown is None or self.conversation is not shown or self.live is not None:
            return False
        await self._show(grown)
        return True

    async def has_grown(self) -> bool:
        """True if another window has added something at the end."""
        return await self._grown() is not None

    async def _grown(self) -> Conversation | None:
        if not self.conversation.messages or self.live is not None:
            return None
        return await asyncio.to_thread(self.program.store.grown, self.conversation)

    async def read_along(self) -> AsyncIterator[Message]:
        """Yield a reply that another window, or a command, fetches, as it grows, until it has ended there."""
        shown, reply = self.conversation.id, self.reply() if self.live is None else None
        while reply is not None and reply.status.live:
            yield reply
            await asyncio.sleep(READ_ALONG_INTERVAL_S)
            stored = await asyncio.to_thread(self.program.store.conversation, shown)
            reply = stored.find(reply.id) if stored is not None else None
            if reply is None or not self.is_shown(shown) or self.conversation.find(reply.id) is None:
                return
            self._look_at(self.conversation.with_message(reply))
            yield reply
            self.view.update()

    async def turn_branch(self, message_id: str, step: int) -> None:
        """Go to the branch beside the one that this message is on."""
        store, shown = self.program.store, self.conversation.id
        branches = await asyncio.to_thread(store.branches, message_id)
        at = branches.index(message_id) + step if message_id in branches else -1
        if self._is_at_rest(shown) and 0 <= at < len(branches) and await self.turn_to(branches[at]):
            await self.view.look_at(branches[at])

    async def turn_to(self, message_id: str) -> bool:
        """Go to the branch that a message of this conversation is on; False if it cannot be gone to now."""
        store, shown = self.program.store, self.conversation.id
        if not self._is_at_rest(shown):
            return False
        store.select_branch(shown, message_id)
        other = await asyncio.to_thread(store.conversation, shown)
        if other is None or not self._is_at_rest(shown):
            return False
        await self.open(other)
        return other.find(message_id) is not None

    def _is_at_rest(self, conversation_id: str) -> bool:
        """True if it is looked at and waits for no reply."""
        return self.live is None and self.is_shown(conversation_id)

    async def fork(self, message_id: str) -> None:
        """Look at a new conversation that has the messages up to this one."""
        fork = self.program.store.fork(self.conversation, message_id)
        self.program.conversation_settings.fork(self.conversation, fork)
        await self.open(fork)

    def choose(self, choices: Mapping[str, Value]) -> None:
        """Let some settings hold in this conversation, from its next reply on."""
        self.program.conversation_settings.choose(self.conversation.id, choices)
        self.view.update()

    def use_default(self, keys: Collection[str]) -> None:
        """Let this conversation go by the settings of all again."""
        self.program.conversation_settings.forget(self.conversation.id, keys)
        self.view.update()

    def forget(self, conversation_id: str) -> None:
        """Have nothing more to say of a conversation that is deleted."""
        self._unread.pop(conversation_id, None)

    def retitle(self, title: str) -> None:
        """Take up another title that the conversation has been given."""
        self._look_at(replace(self.conversation, title=title))
        self.view.update()

    # -- what is looked at

    async def _show(self, conversation: Conversation) -> None:
        self._look_at(conversation)
        await self.view.show(conversation)
        self.find_marks()
        self.view.update()

    def _look_at(self, conversation: Conversation) -> None:
        self._unread.pop(conversation.id, None)
        self.conversation = conversation
        self.conversation_changed()

    def find_marks(self) -> None:
        """Look up what is to be shown at the messages: it has changed."""
        self.view.run_in_background(partial(self._mark, self.conversation.id), "marks", exclusive=True)

    async def _mark(self, conversation_id: str) -> None:
        store = self.program.store
        places = await asyncio.to_thread(store.branch_places, conversation_id)
        bookmarked = await asyncio.to_thread(store.marks.bookmarked, conversation_id)
        if self.is_shown(conversation_id):
            self.view.mark(MessageMarks(places, bookmarked, left_out_marks(self.estimator, self.conversation)))


def _begun(program: Program) -> Conversation:
    """Return a new conversation, of which nothing has to be read."""
    conversation = Conversation()
    program.conversation_settings.begin(conversation.id)
    return conversation


async def _nothing_to_fetch(conversation: Conversation) -> None:
    """Fetch nothing: nothing belongs to it but what it holds itself."""


def _nothing() -> None:
    """Tell nobody."""
