"""ConversationSession: what can be done with the conversation that is looked at, without a widget."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from tui_chat.chat import exchange
from tui_chat.chat.budget import Budget
from tui_chat.chat.message import Conversation, Message, Role, StreamingStatus
from tui_chat.chat.metadata import ReplyMetadata
from tui_chat.chat.prompt import Prompt
from tui_chat.chat.protocols import PendingReply
from tui_chat.program.parts import Parts
from tui_chat.program.request_estimate import RequestEstimator
from tui_chat.program.send_checks import SendChecks
from tui_chat.program.server_tools import missing_tools
from tui_chat.program.summaries import Summaries
from tui_chat.program.titles import Titles
from tui_chat.program.wiring import Program
from tui_chat.settings import SettingsError, Value
from tui_chat.streaming.job import ReplyJob
from tui_chat.streaming.stop import Outcome
from tui_chat.ui.chat.left_out import left_out_marks
from tui_chat.ui.chat.live_replies import LiveReplies
from tui_chat.ui.chat.live_reply import LiveReply
from tui_chat.ui.chat.session_view import SessionView
from tui_chat.ui.chat.tool_questions import ToolQuestions
from tui_chat.ui.messages.message_marks import MessageMarks

READ_ALONG_INTERVAL_S = 0.5


class ConversationSession:
    """One conversation that is looked at, its queue, and the replies of all that were."""

    def __init__(self, program: Program, now: Callable[[], datetime]) -> None:
        self.program = program
        self.estimator = RequestEstimator(program, now)
        self.send_checks = SendChecks(self.estimator)
        self.summaries = Summaries(self.estimator)
        self.conversation = _begun(program)
        """The conversation that is looked at, with every message that has ended."""
        self.before_open: Callable[[Conversation], Awaitable[None]] = _nothing_to_fetch
        """Fetches what belongs to a conversation and will be needed as soon as it is looked at."""
        self.conversation_changed: Callable[[], None] = _nothing
        """Called at once when another conversation, or another state of it, is shown."""
        self.view: SessionView
        """Whoever shows this session; it is there before anything is asked of the session."""
        self._now = now
        self._replies = LiveReplies()
        self._titles = Titles(program)
        self.tool_questions = ToolQuestions(program.tool_leave)
        self._asking = False
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

    def queued(self, conversation_id: str) -> Sequence[Prompt]:
        """Return the prompts that wait for a conversation's reply to end."""
        return self._replies.queue(conversation_id)

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

    # -- prompts on their way

    def accept(self, prompt: Prompt) -> None:
        """Take a prompt over, if there is anything in it: from now on it is sent, or waits, or is given back."""
        if not prompt.is_empty:
            self._queue.append(prompt)

    async def submit(self, prompt: Prompt) -> None:
        """Send a prompt, or let it wait until the reply that is coming has ended."""
        self.accept(prompt)
        await self.send_next()

    async def send_next(self) -> None:
        """Send the prompt that has waited longest, unless a reply is still coming."""
        await self.catch_up()
        await self._send_next(self.conversation)

    def hold(self, prompts: Sequence[Prompt]) -> None:
        """Let prompts wait before all others: those of before the program ended, or one that came back."""
        self._queue[:0] = prompts
        self.view.update()

    def take_back(self, prompt: Prompt) -> bool:
        """Take a prompt out of the queue again; False if it does not wait there."""
        waits = prompt in self._queue
        if waits:
            self._queue.remove(prompt)
            self.view.update()
        return waits

    async def send_waiting(self, conversation: Conversation) -> None:
        """Send the prompt of this conversation that has waited longest, unless it is being asked about."""
        await self._send_next(conversation)

    def keep_asking(self) -> None:
        """Send nothing until what there is to ask has been answered."""
        self._asking = True

    async def put(self, conversation: Conversation) -> None:
        """Show another state of the conversation that is looked at."""
        await self._show(conversation)

    def refrain(self) -> None:
        """Do not send what there was something to ask about; its prompt goes back to the composer."""
        self._asking = False
        self.view.update()

    def send_from(self, first_id: str) -> None:
        """Leave out of what is sent all messages before this one; "" sends the whole conversation again."""
        self.estimator.send_from(self.conversation, first_id)
        self.find_marks()
        self.view.update()

    # -- replies, from their beginning to their end

    async def regenerate(self, message_id: str = "") -> None:
        """Ask for another reply in the place of one that has ended."""
        if await self._is_behind():
            return
        budget, reply = await self.budget(), self.reply(message_id)
        if self.live is None and reply is not None and self.can_regenerate(reply):
            await self._begin(exchange.regenerate(self.conversation, reply.id, self._about, self._now()), budget)

    async def go_on(self, message_id: str = "") -> None:
        """Ask for the rest of a reply that was cut off."""
        if await self._is_behind():
            return
        budget, reply = await self.budget(), self.reply(message_id)
        if reply is None or reply is not self.conversation.last or not exchange.has_prompt(self.conversation, reply):
            return
        if self.live is None and exchange.can_go_on(reply):
            await self._begin(exchange.go_on(self.conversation, reply.id, self._about, self._now()), budget)

    async def _is_behind(self) -> bool:
        """Show what another window has added, and say so: what was asked for was meant without it."""
        behind = await self.catch_up()
        if behind:
            self.view.refuse(None, "Another window has added to this conversation. Look at it, then try again.")
        return behind

    def can_regenerate(self, reply: Message) -> bool:
        """True if another reply may be asked for in this one's place."""
        return exchange.can_regenerate(reply) and exchange.has_prompt(self.conversation, reply)

    async def budget(self) -> Budget | None:
        """Return today's budget and what was spent of it; None where there is none."""
        limited = self.program.settings.now.provider.budget_usd_per_day > 0
        return await asyncio.to_thread(self.send_checks.budget) if limited else None

    async def start(self, pending: PendingReply, prompt: Prompt | None, before: Conversation | None = None) -> None:
        """Send a request in the conversation that is looked at, or in another one; its prompt waits no longer."""
        self._asking = False
        try:
            parts = self.program.parts_of(pending.conversation.id)
            job = parts.requests.job(pending)
        except SettingsError as error:
            self.view.refuse(prompt, str(error))
            return
        if prompt is not None:
            self._replies.queue(pending.conversation.id).remove(prompt)
        self.view.advise(missing_tools(parts.provider, job.request.model, parts.settings.now.provider))
        await self._run(job, prompt, before or self.conversation)

    async def summarize(self, job: ReplyJob, then: Callable[[Message], Awaitable[None]]) -> None:
        """Fetch a summary of earlier messages beside the conversation; `then` takes it up when it has ended."""
        await self._run(job, None, self.conversation, then)

    async def _run(
        self,
        job: ReplyJob,
        prompt: Prompt | None,
        before: Conversation,
        then: Callable[[Message], Awaitable[None]] | None = None,
    ) -> None:
        frames_per_second = self.program.settings.now.streaming.frames_per_second
        live = LiveReply(job, prompt, before, self.view, time.monotonic(), frames_per_second, then)
        self._replies.add(live)
        if self.is_shown(live.conversation_id):
            await self._show(live.conversation)
        self.view.run_reply(live)

    def stop(self, outcome: Outcome) -> None:
        """End the reply that is coming."""
        if self.live is not None:
            self.live.stop.request(outcome)
            self.tool_questions.withdraw(self.conversation.id)
            self.view.update()

    async def end(self, live: LiveReply, message: Message) -> None:
        """Take up how a reply ended; if it is complete, the next prompt is sent."""
        self._replies.remove(live)
        self.tool_questions.withdraw(live.conversation_id)
        self.send_checks.learn(live.conversation, message)
        if live.then is not None:
            await live.then(message)
            return
        ended = live.job.pending.conversation.with_message(message)
        if live.discarded:
            await self._take_back_exchange(live)
        elif self.is_shown(live.conversation_id):
            self._look_at(self.conversation.with_message(message))
            self.view.finish(message)
            self.find_marks()
        elif message.status in (StreamingStatus.COMPLETE, StreamingStatus.FAILED):
            self._unread[live.conversation_id] = None
        self.view.run_in_background(partial(self._find_title, ended), "titles")
        if message.status is StreamingStatus.COMPLETE:
            await self._send_next(self.conversation if self.is_shown(ended.id) else ended)
        self.view.update()

    async def end_all(self, outcome: Outcome) -> None:
        """End every reply, because the program ends."""
        await self._replies.end_all(outcome)

    @property
    def _about(self) -> ReplyMetadata:
        return self.parts.requests.about()

    @property
    def _queue(self) -> list[Prompt]:
        return self._replies.queue(self.conversation.id)

    async def _send_next(self, conversation: Conversation) -> None:
        budget, queue = await self.budget(), self._replies.queue(conversation.id)
        if self.is_shown(conversation.id):
            conversation = self.conversation  # something may have been done to it meanwhile
        if queue and self.live_of(conversation.id) is None and not self._asking:
            about = self.program.parts_of(conversation.id).requests.about()
            pending = exchange.send(conversation, queue[0], about, self._now())
            if self.is_shown(conversation.id):
                await self._begin(pending, budget, queue[0])
            elif self.send_checks.find(pending, budget) is None:  # what there is to ask can wait until it is looked at
                await self.start(pending, queue[0], conversation)
        self.view.update()

    async def _begin(self, pending: PendingReply, budget: Budget | None, prompt: Prompt | None = None) -> None:
        """Send a request, unless there is something to ask the user first."""
        if self.send_checks.find(pending, budget) is None:
            await self.start(pending, prompt)
        else:
            self._asking = True
            self.view.ask_before_sending(pending, prompt)

    async def _take_back_exchange(self, live: LiveReply) -> None:
        """Let a cancelled exchange leave the conversation."""
        if self.is_shown(live.conversation_id):
            await self._show(live.before)
            self.view.cancelled(live.prompt)
        elif live.prompt is not None:
            self._replies.queue(live.conversation_id).insert(0, live.prompt)

    async def _find_title(self, conversation: Conversation) -> None:
        title = await self._titles.title(conversation)
        if title and self.is_shown(conversation.id) and self.conversation.title == conversation.title:
            self.retitle(title)

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
