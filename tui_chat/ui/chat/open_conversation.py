"""OpenConversation: the conversation that is looked at, other ones, and its other branches."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from datetime import datetime
from functools import partial

from tui_chat.chat.message import Conversation, Message, Role
from tui_chat.interpreter import give_memory_back
from tui_chat.program.contenders import Contender
from tui_chat.program.parts import Parts
from tui_chat.program.request_estimate import RequestEstimator
from tui_chat.program.wiring import Program
from tui_chat.records import replace
from tui_chat.settings import Value
from tui_chat.ui.chat.left_out import left_out_marks
from tui_chat.ui.chat.live_replies import LiveReplies
from tui_chat.ui.chat.live_reply import LiveReply
from tui_chat.ui.chat.session_view import SessionView
from tui_chat.ui.compare.comparing import Comparing
from tui_chat.ui.compare.judging import answer_marks
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
        self.comparing = Comparing(program)
        """The models that are compared, in all conversations."""
        self._replies = LiveReplies()
        self._unread: dict[str, None] = {}
        """The conversations in which a reply has ended unseen, the earliest first."""

    # -- what there is

    @property
    def parts(self) -> Parts:
        """Whom this conversation asks, and how."""
        return self.comparing.parts(self.conversation.id)

    @property
    def live(self) -> LiveReply | None:
        """The reply that this conversation waits for: that of the branch looked at, or else of another one."""
        return self.live_here or self.live_of(self.conversation.id)

    @property
    def live_here(self) -> LiveReply | None:
        """The reply that the branch which is looked at waits for."""
        return self.live_on(self.conversation)

    def live_on(self, branch: Conversation) -> LiveReply | None:
        """Return the reply that a branch of a conversation waits for."""
        return self._replies.on(branch)

    def live_of(self, conversation_id: str) -> LiveReply | None:
        """Return the reply that a conversation waits for, the first of several."""
        return self._replies.of(conversation_id)

    def all_live_of(self, conversation_id: str) -> Sequence[LiveReply]:
        """Return the replies that a conversation waits for; several, where models are compared."""
        return self._replies.all_of(conversation_id)

    def is_live(self, live: LiveReply) -> bool:
        """True if a reply is still waited for."""
        return live in self.all_live_of(live.conversation_id)

    @property
    def others_coming(self) -> int:
        """The number of replies that are coming in other conversations."""
        return sum(not self.is_shown(live.conversation_id) for live in self._replies)

    @property
    def unread(self) -> Sequence[str]:
        """The conversations in which a reply has ended that nobody has looked at, the earliest first."""
        return list(self._unread)

    @property
    def branches(self) -> Sequence[Conversation]:
        """The branches that are on the screen: the one that is looked at, and those beside it."""
        comparison = self.comparing.of(self.conversation.id)
        return [branch.conversation for branch in comparison.branches] if comparison else [self.conversation]

    def is_shown(self, conversation_id: str) -> bool:
        """True if it is the conversation that is looked at."""
        return conversation_id == self.conversation.id

    def reply(self, message_id: str = "") -> Message | None:
        """Return a reply of this conversation by its id; without one, the last message if it is a reply."""
        found = self.conversation.find(message_id) if message_id else self.conversation.last
        return found if found is not None and found.role is Role.ASSISTANT else None

    # -- which conversation is looked at

    async def open(self, conversation: Conversation) -> None:
        """Look at a conversation, or at another state of it; if its reply is coming, with what has come so far."""
        mark = self.program.store.opening_mark
        if conversation.messages:
            await asyncio.to_thread(mark.set, conversation.id)
        await asyncio.to_thread(self.program.conversation_settings.of, conversation.id)
        await self.before_open(conversation)
        if self.is_shown(conversation.id):
            self.comparing.follow(conversation)
        await self._compare_again(conversation)
        await self._show(replace(self._as_asked(conversation), title=conversation.title))
        if conversation.messages:
            self.view.when_drawn(partial(asyncio.to_thread, mark.clear))

    async def _compare_again(self, conversation: Conversation) -> None:
        """Put those branches side by side that were so when the program ended, if this is one of them."""
        stands, store = self.program.conversation_settings.side_by_side(conversation.id), self.program.store
        known = self.comparing.knows(conversation.id) or self.live_of(conversation.id) is not None
        if known or not (stands.models or stands.reply_ids):
            return
        found = [await asyncio.to_thread(store.along, conversation, id) for id in stands.reply_ids]
        different = {branch.messages[-1].id: branch for branch in found if branch is not None}
        self.comparing.restore(conversation, stands, list(different.values()))

    def _as_asked(self, conversation: Conversation) -> Conversation:
        """Return the branch to look at: one that is compared, or that whose reply comes; else the one that is given."""
        if (comparison := self.comparing.of(conversation.id)) is not None:
            return comparison.current.conversation
        live = self.live_on(conversation) or self.live_of(conversation.id)
        return live.conversation if live is not None else conversation

    async def catch_up(self) -> bool:
        """Take up what another window has added at the end, and tell if there was anything.

        A prompt would begin a branch beside it, unseen.
        """
        shown, grown = self.conversation, await self._grown()
        if not grown or self.conversation is not shown or self.live is not None:
            return False
        self.comparing.take_up(grown)
        here = next((branch for branch, before in grown if before is shown), shown)
        await self._show(here)
        return True

    async def has_grown(self) -> bool:
        """True if another window has added something at the end."""
        return bool(await self._grown())

    async def _grown(self) -> Sequence[tuple[Conversation, Conversation]]:
        """Return the branches on the screen as others have left them, each with what it was."""
        if not self.conversation.messages or self.live is not None:
            return []
        store, branches = self.program.store, self.branches
        found = [(await asyncio.to_thread(store.grown, branch), branch) for branch in branches]
        return [(grown, before) for grown, before in found if grown is not None]

    async def read_along(self) -> AsyncIterator[Message]:
        """Yield the replies that another window, or a command, fetches, as they grow, until they have ended there."""
        shown = self.conversation.id
        while coming := self._coming_elsewhere():
            for reply in coming:
                yield reply
            await asyncio.sleep(READ_ALONG_INTERVAL_S)
            for was in coming:
                stored = await asyncio.to_thread(self.program.store.along, self.conversation, was.id)
                reply_now = stored.find(was.id) if stored is not None else None
                on_screen = self.is_shown(shown) and any(branch.find(was.id) for branch in self.branches)
                if reply_now is None or not on_screen:
                    return
                self._read(reply_now)
                yield reply_now
            self.view.update()

    def _coming_elsewhere(self) -> Sequence[Message]:
        """Return the replies on the screen that come, but not here."""
        last = [branch.last for branch in self.branches] if self.live is None else []
        return [one for one in last if one is not None and one.role is Role.ASSISTANT and one.status.live]

    def _read(self, reply: Message) -> None:
        """Take up another state of a reply that comes elsewhere."""
        if self.conversation.find(reply.id) is not None:
            self._look_at(self.conversation.with_message(reply))
        else:
            self.comparing.take_reply(self.conversation.id, reply)

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

    async def side_by_side(self, message_id: str) -> bool:
        """Show the versions of a reply, or the replies to a prompt, side by side; False if there is only one."""
        conversation, store = self.conversation, self.program.store
        answers = (one for one in conversation.messages if message_id in (one.id, one.parent_id))
        reply = next((one for one in answers if one.role is Role.ASSISTANT), None)
        ids = await asyncio.to_thread(store.branches, reply.id) if reply is not None else []
        found = [await asyncio.to_thread(store.along, conversation, one) for one in ids]
        branches = [branch for branch in found if branch is not None]
        changed = self.live is not None or self.conversation is not conversation
        if reply is None or reply.parent_id is None or len(branches) < 2 or changed:
            return False
        at = next(at for at, branch in enumerate(branches) if branch.find(reply.id) is not None)
        self.comparing.reopen(reply.parent_id, branches, at)
        await self._show(conversation)
        return True

    def look_at_branch(self, at: int) -> None:
        """Look at another one of the branches that are side by side; it is what is opened the next time."""
        if (comparison := self.comparing.of(self.conversation.id)) is not None:
            comparison.at = at
            self._look_at(comparison.current.conversation)
            self.program.store.select_branch(self.conversation.id, comparison.current.reply.id)
            self.view.update()

    def look_at_branch_of(self, reply_id: str) -> None:
        """Look at the branch beside this one that has a reply."""
        comparison = self.comparing.of(self.conversation.id)
        at = comparison.place_of(reply_id) if comparison is not None and reply_id else None
        if at is not None and self.conversation.find(reply_id) is None:
            self.look_at_branch(at)

    async def compare(self, contenders: Sequence[Contender], *, blind: bool = False) -> None:
        """Send this conversation's prompts to these models from now on; without any, to its own alone."""
        if contenders:
            self.comparing.choose(self.conversation.id, contenders, blind=blind)
        else:
            self.comparing.end(self.conversation.id)
        await self._show(self.conversation)

    async def close_columns(self) -> None:
        """Show the branch that is looked at alone; the next prompt goes to all that are compared nevertheless."""
        self.comparing.close(self.conversation.id)
        await self._show(self.conversation)

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
        left = bool(self.conversation.messages) and not self.is_shown(conversation.id)
        self._look_at(conversation)
        await self.view.show(conversation)
        if left:
            self.view.run_in_background(partial(asyncio.to_thread, give_memory_back), "memory", exclusive=True)
        self.find_marks()
        self.view.update()

    def _look_at(self, conversation: Conversation) -> None:
        self._unread.pop(conversation.id, None)
        self.conversation = conversation
        self.comparing.follow(conversation)
        self.conversation_changed()

    def find_marks(self) -> None:
        """Look up what is to be shown at the messages: it has changed."""
        self.view.run_in_background(partial(self._mark, self.conversation.id), "marks", exclusive=True)

    async def _mark(self, conversation_id: str) -> None:
        store = self.program.store
        places = await asyncio.to_thread(store.branch_places, conversation_id)
        bookmarked = await asyncio.to_thread(store.marks.bookmarked, conversation_id)
        if self.is_shown(conversation_id):
            answers = answer_marks(self.program.conversation_settings, self.conversation)
            left_out = left_out_marks(self.estimator, self.conversation)
            self.view.mark(MessageMarks(places, bookmarked, left_out, answers))


def _begun(program: Program) -> Conversation:
    """Return a new conversation, of which nothing has to be read."""
    conversation = Conversation()
    program.conversation_settings.begin(conversation.id)
    return conversation


async def _nothing_to_fetch(conversation: Conversation) -> None:
    """Fetch nothing: nothing belongs to it but what it holds itself."""


def _nothing() -> None:
    """Tell nobody."""
