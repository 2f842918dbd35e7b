"""ConversationSession: what can be done with the conversation that is looked at, without a widget."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from functools import partial

from tui_chat.chat import exchange
from tui_chat.chat.budget import Budget
from tui_chat.chat.message import Conversation, Message, StreamingStatus
from tui_chat.chat.metadata import ReplyMetadata
from tui_chat.chat.prompt import Prompt
from tui_chat.chat.protocols import PendingReply
from tui_chat.program.contenders import contenders
from tui_chat.program.send_checks import SendChecks
from tui_chat.program.server_tools import missing_tools
from tui_chat.program.summaries import Summaries
from tui_chat.program.titles import Titles
from tui_chat.program.wiring import Program
from tui_chat.records import replace
from tui_chat.settings import SettingsError, Value
from tui_chat.streaming.job import ReplyJob
from tui_chat.streaming.stop import Outcome
from tui_chat.ui.chat.live_reply import LiveReply
from tui_chat.ui.chat.open_conversation import OpenConversation
from tui_chat.ui.chat.tool_questions import ToolQuestions
from tui_chat.ui.compare.comparing import Asked
from tui_chat.ui.compare.round_checks import RoundChecks


class ConversationSession(OpenConversation):
    """One conversation that is looked at, its queue, and the replies of all that were."""

    def __init__(self, program: Program, now: Callable[[], datetime]) -> None:
        super().__init__(program, now)
        self.send_checks = SendChecks(self.estimator)
        self.round_checks = RoundChecks(self.comparing, self.send_checks, self.estimator)
        self.summaries = Summaries(self.estimator)
        self.tool_questions = ToolQuestions(program.tool_leave)
        self._now = now
        self._titles = Titles(program)
        self._asked_about: set[str] = set()
        """The conversations in which there is something to ask before a request is sent."""

    # -- prompts on their way

    def queued(self, conversation_id: str) -> Sequence[Prompt]:
        """Return the prompts that wait for a conversation's reply to end."""
        return self._replies.queue(conversation_id)

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

    def keep_asking(self, conversation_id: str) -> None:
        """Send nothing in a conversation until what there is to ask has been answered."""
        self._asked_about.add(conversation_id)

    async def put(self, conversation: Conversation) -> None:
        """Show another state of the conversation that is looked at."""
        await self._show(conversation)

    def refrain(self, conversation_id: str) -> None:
        """Do not send what there was something to ask about; its prompt goes back to the composer."""
        self._asked_about.discard(conversation_id)
        self.view.update()

    def send_from(self, first_id: str) -> None:
        """Leave out of what is sent all messages before this one; "" sends the whole conversation again."""
        self.estimator.send_from(self.conversation, first_id)
        self.find_marks()
        self.view.update()

    # -- replies, from their beginning to their end

    async def regenerate(self, message_id: str = "") -> None:
        """Ask for another reply in the place of one that has ended, or to a prompt."""
        self.look_at_branch_of(message_id)
        if await self._is_behind():
            return
        budget, asked = await self.budget(), exchange.up_to_prompt(self.conversation, message_id)
        if self.live_here is None and asked is not None:
            await self._begin(exchange.answer(asked, self._about, self._now()), budget)

    async def go_on(self, message_id: str = "") -> None:
        """Ask for the rest of a reply that was cut off."""
        self.look_at_branch_of(message_id)
        if await self._is_behind():
            return
        budget, reply = await self.budget(), self.reply(message_id)
        if reply is None or reply is not self.conversation.last or not exchange.has_prompt(self.conversation, reply):
            return
        if self.live_here is None and exchange.can_go_on(reply):
            await self._begin(exchange.go_on(self.conversation, reply.id, self._about, self._now()), budget)

    async def _is_behind(self) -> bool:
        """Show what another window has added, and say so: what was asked for was meant without it."""
        behind = await self.catch_up()
        if behind:
            self.view.refuse(None, "Another window has added to this conversation. Look at it, then try again.")
        return behind

    async def budget(self) -> Budget | None:
        """Return today's budget and what was spent of it; None where there is none."""
        limited = self.program.settings.now.provider.budget_usd_per_day > 0
        return await asyncio.to_thread(self.send_checks.budget) if limited else None

    async def start(self, pending: PendingReply, prompt: Prompt | None, before: Conversation | None = None) -> None:
        """Send a request in the conversation that is looked at, or in another one; its prompt waits no longer.

        Where models are compared, it goes to all of them.
        """
        self._asked_about.discard(pending.conversation.id)
        if sentence := self.comparing.why_not(pending):
            self.view.refuse(prompt, sentence)
            return
        started = list[tuple[Asked, LiveReply]]()
        for asked in self.comparing.round(pending, before or self.conversation, self._now()):
            try:
                job = asked.parts.requests.job(asked.pending)
            except SettingsError as error:
                whose = f"{asked.contender.name}: " if asked.contender is not None else ""
                self.view.refuse(None if started else prompt, f"{whose}{error}")
                if not started:
                    return
                continue
            started.append((asked, self._live(job, None if started else prompt, asked.before)))
            missing = missing_tools(asked.parts.provider, job.request.model, asked.parts.settings.now.provider)
            self.view.advise(missing)
        if prompt is not None:
            self._replies.queue(pending.conversation.id).remove(prompt)
        shown = self.comparing.begun([asked for asked, _ in started])
        self._keep_place(shown.id)
        await self._run([live for _, live in started], shown)

    async def ask_also(self, choices: Sequence[Mapping[str, Value]]) -> None:
        """Have more models answer the prompt that the reply looked at answers, beside the others."""
        conversation, reply = self.conversation, self.reply()
        if reply is None or (comparison := self.comparing.of(conversation.id)) is None:
            return
        there = [branch.contender.choices for branch in comparison.branches]
        for contender in contenders([*there, *choices])[len(there) :]:
            if conversation.id in self._asked_about:
                self.view.refuse(None, f"{contender.name} was not asked: answer the question first.")
                continue
            about, budget = self.comparing.about(conversation.id, contender), await self.budget()
            pending = exchange.regenerate(conversation, reply.id, about, self._now())
            self.comparing.one_more(contender, pending)
            await self._begin(pending, budget)

    async def choose_branch(self) -> None:
        """Go on with the branch that is looked at alone; what still comes on the others is stopped, and stays."""
        if (comparison := self.comparing.of(self.conversation.id)) is None:
            return
        here, chosen = self.live_here, comparison.current
        self._stop([live for live in self.all_live_of(chosen.conversation.id) if live is not here], Outcome.KEEP)
        self.comparing.end(chosen.conversation.id)
        self.program.store.select_branch(chosen.conversation.id, chosen.reply.id)
        self.program.store.choices.record_choice(chosen.reply.id, [branch.reply.id for branch in comparison.branches])
        self.choose(chosen.contender.choices)
        await self._show(chosen.conversation)

    async def summarize(self, job: ReplyJob, then: Callable[[Message], Awaitable[None]]) -> None:
        """Fetch a summary of earlier messages beside the conversation; `then` takes it up when it has ended."""
        await self._run([self._live(job, None, self.conversation, then)], job.pending.conversation)

    def _live(
        self,
        job: ReplyJob,
        prompt: Prompt | None,
        before: Conversation,
        then: Callable[[Message], Awaitable[None]] | None = None,
    ) -> LiveReply:
        frames_per_second = self.program.settings.now.streaming.frames_per_second
        return LiveReply(job, prompt, before, self.view, time.monotonic(), frames_per_second, then)

    async def _run(self, lives: Sequence[LiveReply], conversation: Conversation) -> None:
        """Fetch replies, with their conversation shown as it is now, if it is looked at."""
        for live in lives:
            self._replies.add(live)
        if self.is_shown(conversation.id):
            await self._show(conversation)
        for live in lives:
            self.view.run_reply(live)

    def stop(self, outcome: Outcome) -> None:
        """End the replies that are coming."""
        coming = self.all_live_of(self.conversation.id)
        comparison = self.comparing.of(self.conversation.id)
        if comparison is not None and len(coming) < len(comparison.branches):
            for live in coming:
                live.prompt = None  # it has been answered by another model
        self._stop(coming, outcome)

    def stop_one(self, live: LiveReply | None) -> None:
        """Stop one of several replies; what came is kept."""
        if live is not None:
            self._stop([live], Outcome.KEEP)

    def _stop(self, coming: Sequence[LiveReply], outcome: Outcome) -> None:
        for live in coming:
            live.stop.request(outcome)
            self.tool_questions.withdraw(live.reply_id)
        if coming:
            self.view.update()

    async def end(self, live: LiveReply, message: Message) -> None:
        """Take up how a reply ended; if it is complete, and each beside it, the next prompt is sent.

        A stop that came just as it ended holds what waits, too; a conversation that is deleted is stopped.
        """
        self._replies.remove(live)
        self.tool_questions.withdraw(live.reply_id)
        self.round_checks.learn(live.conversation, message)
        if live.then is not None:
            await live.then(message)
            return
        ended = live.job.pending.conversation.with_message(message)
        if message.status is StreamingStatus.CANCELLED:  # else it had been stored before it was to be discarded
            await self._take_back_exchange(live)
        else:
            self._take_up(ended, message)
        if self.live_of(ended.id) is None:
            self._keep_place(ended.id)
            self.view.run_in_background(partial(self._find_title, ended), "titles")
        beside = [branch.reply for branch in self.comparing.branches(ended.id)]
        if not live.stopping and all(reply.status is StreamingStatus.COMPLETE for reply in (message, *beside)):
            await self._send_next(self.conversation if self.is_shown(ended.id) else ended)
        self.view.update()

    def _keep_place(self, conversation_id: str) -> None:
        """Have the branch opened the next time that is looked at, of several: it is not the one begun last."""
        if (comparison := self.comparing.of(conversation_id)) is not None:
            self.program.store.select_branch(conversation_id, comparison.current.reply.id)

    def _take_up(self, ended: Conversation, message: Message) -> None:
        """Show a reply that has ended, or note that nobody has seen it."""
        self.comparing.take_reply(ended.id, message)
        if self.is_shown(ended.id):
            if self.conversation.find(message.id) is not None:
                self._look_at(self.conversation.with_message(message))
            self.view.finish(message)
            self.find_marks()
        elif message.status in (StreamingStatus.COMPLETE, StreamingStatus.FAILED) and self.live_of(ended.id) is None:
            self._unread[ended.id] = None

    async def end_all(self, outcome: Outcome) -> None:
        """End every reply, because the program ends."""
        await self._replies.end_all(outcome)

    @property
    def _about(self) -> ReplyMetadata:
        comparison = self.comparing.of(self.conversation.id)
        if comparison is not None:
            return self.comparing.about(self.conversation.id, comparison.current.contender)
        return self.parts.requests.about()

    @property
    def _queue(self) -> list[Prompt]:
        return self._replies.queue(self.conversation.id)

    async def _send_next(self, conversation: Conversation) -> None:
        budget, queue = await self.budget(), self._replies.queue(conversation.id)
        if self.is_shown(conversation.id):
            conversation = self.conversation  # something may have been done to it meanwhile
        elif (comparison := self.comparing.of(conversation.id)) is not None:
            conversation = comparison.current.conversation
        if queue and self.live_of(conversation.id) is None and conversation.id not in self._asked_about:
            about = self.comparing.first_parts(conversation.id).requests.about()
            pending = exchange.send(conversation, queue[0], about, self._now())
            if self.is_shown(conversation.id):
                await self._begin(pending, budget, queue[0])
            elif self.round_checks.find(pending, budget) is None:  # what there is to ask can wait until it is looked at
                await self.start(pending, queue[0], conversation)
        self.view.update()

    async def _begin(self, pending: PendingReply, budget: Budget | None, prompt: Prompt | None = None) -> None:
        """Send a request, unless there is something to ask the user first."""
        if self.round_checks.find(pending, budget) is None:
            await self.start(pending, prompt)
        else:
            self.keep_asking(pending.conversation.id)
            self.view.ask_before_sending(pending, prompt)

    async def _take_back_exchange(self, live: LiveReply) -> None:
        """Let a cancelled exchange leave the conversation."""
        left, other = self.comparing.take_back(live.reply_id, live.before), self.live_of(live.conversation_id)
        if self.is_shown(live.conversation_id):
            renamed = left.messages and self.conversation.title != live.conversation.title
            await self._show(replace(left, title=self.conversation.title) if renamed else left)
        if other is not None and other.discarded:
            other.prompt = other.prompt or live.prompt  # the last one gives it back
        elif self.is_shown(live.conversation_id):
            self.view.cancelled(live.prompt)
        elif live.prompt is not None:
            self._replies.queue(live.conversation_id).insert(0, live.prompt)

    async def _find_title(self, conversation: Conversation) -> None:
        title = await self._titles.title(conversation)
        if title and self.is_shown(conversation.id) and self.conversation.title == conversation.title:
            self.retitle(title)
