"""The conversation that is looked at, and the replies that come: from Enter to the last token."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Container
from textual.message import Message as UiMessage
from textual.reactive import var

from tui_chat.chat import exchange
from tui_chat.chat.message import Conversation, Message, Role, StreamingStatus
from tui_chat.chat.metadata import ReplyMetadata
from tui_chat.chat.prompt import Prompt
from tui_chat.chat.protocols import PendingReply
from tui_chat.program.request_estimate import RequestEstimator
from tui_chat.program.send_checks import SendChecks
from tui_chat.program.titles import Titles
from tui_chat.program.wiring import Program
from tui_chat.settings import SettingsError
from tui_chat.streaming.stop import Outcome
from tui_chat.ui.chat.live_replies import LiveReplies
from tui_chat.ui.chat.live_reply import LiveReply
from tui_chat.ui.chat.welcome import Welcome
from tui_chat.ui.composer.queued_prompts import QueuedPrompts
from tui_chat.ui.messages.message_list import MessageList
from tui_chat.ui.messages.reply_style import ReplyStyle
from tui_chat.ui.shared.delays import call_after

log = logging.getLogger(__name__)

READ_ALONG_INTERVAL_S = 1.0


class ConversationView(Container):
    """Shows one conversation, starts its replies and ends them. Replies of others go on while it shows this one."""

    @dataclass
    class Changed(UiMessage):
        """The conversation, or where its reply stands, is another than before."""

        view: ConversationView

        @property
        def control(self) -> ConversationView:
            """The view."""
            return self.view

    @dataclass
    class Cancelled(Changed):
        """A reply was discarded; its prompt goes back to where it was written."""

        prompt: Prompt | None

    @dataclass
    class SendQuestioned(Changed):
        """There is something to ask before a request is sent; its prompt waits. Then comes `start` or `refrain`."""

        pending: PendingReply
        prompt: Prompt | None

    @dataclass
    class Refused(Changed):
        """A request cannot be made as the settings are; its prompt waits."""

        prompt: Prompt | None
        sentence: str

    @dataclass
    class TextBelow(Changed):
        """There is new text below what the reader sees, or no longer."""

        below: bool

    conversation: var[Conversation] = var(Conversation, init=False)
    """The conversation that is looked at, with every message that has ended."""

    def __init__(self, program: Program, style: ReplyStyle, now: Callable[[], datetime]) -> None:
        super().__init__()
        self.program = program
        self._style = style
        self._now = now
        self._replies = LiveReplies()
        self._asking = False
        self._changing = asyncio.Lock()
        """Held while other messages are put on the screen; what comes meanwhile waits for them."""
        self.estimator = RequestEstimator(program, now)
        self.send_checks = SendChecks(self.estimator)
        self._titles = Titles(program)

    def compose(self) -> ComposeResult:
        """The messages, or a welcome while there are none; below them the prompts that wait."""
        yield Welcome(self.program)
        yield MessageList(self._style, auto_scroll=self.program.settings.streaming.auto_scroll)
        with Container(id="queue"):
            yield QueuedPrompts()

    async def on_unmount(self) -> None:
        """The program ends: every reply keeps what came. It was stopped by whoever quits, but not by a signal."""
        await self._replies.end_all(Outcome.INTERRUPT if self.app.return_code else Outcome.KEEP)

    def apply_settings(self, style: ReplyStyle) -> None:
        """Take up settings that have changed; a reply that is coming goes on in its new looks."""
        self._style = style
        shown = self.live.conversation if self.live else self.conversation
        self.messages.restyle(style, shown, auto_scroll=self.program.settings.streaming.auto_scroll)
        self.query_one(Welcome).show()
        self._notify_changed()

    # -- what can be asked of it

    @property
    def live(self) -> LiveReply | None:
        """The reply that this conversation waits for."""
        return self.live_of(self.conversation.id)

    def live_of(self, conversation_id: str) -> LiveReply | None:
        """The reply that a conversation waits for."""
        return self._replies.of(conversation_id)

    @property
    def others_coming(self) -> int:
        """The number of replies that are coming in other conversations."""
        return sum(live.conversation_id != self.conversation.id for live in self._replies)

    @property
    def messages(self) -> MessageList:
        """The messages on the screen."""
        return self.query_one(MessageList)

    def queued(self, conversation_id: str) -> Sequence[Prompt]:
        """The prompts that wait for a conversation's reply to end."""
        return self._replies.queue(conversation_id)

    def reply(self, message_id: str = "") -> Message | None:
        """A reply of this conversation by its id; without one, the last message if it is a reply."""
        found = self.conversation.find(message_id) if message_id else self.conversation.last
        return found if found is not None and found.role is Role.ASSISTANT else None

    async def open(self, conversation: Conversation) -> None:
        """Show a conversation; if its reply is still coming, with what has come so far."""
        live, mark = self.live_of(conversation.id), self.program.store.opening_mark
        if conversation.messages:
            await asyncio.to_thread(mark.set, conversation.id)
        await self._show(replace(live.conversation, title=conversation.title) if live else conversation)
        self._read_along()
        if conversation.messages:
            self.call_after_refresh(self._opened)

    async def _opened(self) -> None:
        """The conversation is on the screen, unless drawing it has ended the program."""
        if not self.app.return_code:
            await asyncio.to_thread(self.program.store.opening_mark.clear)

    def retitle(self, title: str) -> None:
        """The conversation has been given another title."""
        self.conversation = replace(self.conversation, title=title)
        self._notify_changed()

    def put_last(self, prompt: Prompt) -> None:
        """Let a prompt wait behind all others, if there is anything in it."""
        if prompt.text.strip():
            self._queue.append(prompt)

    async def submit(self, prompt: Prompt) -> None:
        """Send a prompt, or let it wait until the reply that is coming has ended."""
        self.put_last(prompt)
        await self.send_next()

    async def send_next(self) -> None:
        """Send the prompt that has waited longest, unless a reply is still coming."""
        await self.catch_up()
        await self._send_next(self.conversation)

    async def catch_up(self) -> None:
        """Take up what another window has added at the end: a prompt would begin a branch beside it, unseen."""
        shown = self.conversation
        if not shown.messages or self.live is not None:
            return
        grown = await asyncio.to_thread(self.program.store.grown, shown)
        if grown is not None and self.conversation is shown and self.live is None:
            await self._show(grown)
            self._read_along()

    def hold(self, prompts: Sequence[Prompt]) -> None:
        """Let prompts wait before all others: those of before the program ended, or one that came back."""
        self._queue[:0] = prompts
        self._notify_changed()

    def take_back(self, prompt: Prompt) -> bool:
        """Take a prompt out of the queue again; False if it does not wait there."""
        waits = prompt in self._queue
        if waits:
            self._queue.remove(prompt)
            self._notify_changed()
        return waits

    async def regenerate(self, message_id: str = "") -> None:
        """Ask for another reply in the place of one that has ended."""
        reply = self.reply(message_id)
        if self.live is None and reply is not None and exchange.can_regenerate(reply):
            await self._begin(exchange.regenerate(self.conversation, reply.id, self._about, self._now()))

    async def go_on(self, message_id: str = "") -> None:
        """Ask for the rest of a reply that was cut off."""
        reply = self.reply(message_id)
        if self.live is None and reply is not None and reply is self.conversation.last and exchange.can_go_on(reply):
            await self._begin(exchange.go_on(self.conversation, reply.id, self._about, self._now()))

    async def turn_branch(self, message_id: str, step: int) -> None:
        """Go to the branch beside the one that this message is on."""
        branches = self.program.store.branches(message_id)
        at = branches.index(message_id) + step if message_id in branches else -1
        if self.live is None and 0 <= at < len(branches):
            self.program.store.select_branch(self.conversation.id, branches[at])
            other = self.program.store.conversation(self.conversation.id)
            if other is not None:
                await self.open(other)
                await self.messages.look_at(branches[at])

    def stop(self, outcome: Outcome) -> None:
        """End the reply that is coming."""
        if self.live is not None:
            self.live.stop.request(outcome)
            self._notify_changed()

    def send_from(self, first_id: str) -> None:
        """Leave out of what is sent all messages before this one; "" sends the whole conversation again."""
        self.estimator.send_from(self.conversation, first_id)
        self._notify_changed()

    def refrain(self) -> None:
        """A request about which there was something to ask is not sent; its prompt goes back to the composer."""
        self._asking = False
        self._notify_changed()

    # -- one reply, from its opening to its end

    @property
    def _about(self) -> ReplyMetadata:
        return self.program.about(self.program.mode)

    @property
    def _queue(self) -> list[Prompt]:
        return self._replies.queue(self.conversation.id)

    async def _send_next(self, conversation: Conversation) -> None:
        """Send the prompt that has waited longest, unless a reply is still coming."""
        queue = self._replies.queue(conversation.id)
        if queue and self.live_of(conversation.id) is None and not self._asking:
            pending = self._pending_reply(conversation, queue[0])
            if self._is_shown(conversation):
                await self._begin(pending, queue[0])
            elif self.send_checks.find(pending) is None:  # what there is to ask can wait until it is looked at
                await self.start(pending, queue[0], conversation)
        self._notify_changed()

    def _pending_reply(self, conversation: Conversation, prompt: Prompt) -> PendingReply:
        """A prompt at its place in the conversation; at the end, if the message that it was to replace is gone."""
        if conversation.find(prompt.in_place_of) is not None:
            return exchange.edit(conversation, prompt.in_place_of, prompt.text, self._about, self._now())
        return exchange.send(conversation, prompt.text, self._about, self._now())

    def _is_shown(self, conversation: Conversation) -> bool:
        return conversation.id == self.conversation.id

    async def _begin(self, pending: PendingReply, prompt: Prompt | None = None) -> None:
        """Send a request, unless there is something to ask the user first."""
        if self.send_checks.find(pending) is None:
            await self.start(pending, prompt)
        else:
            self._asking = True
            self.post_message(self.SendQuestioned(self, pending, prompt))

    async def start(self, pending: PendingReply, prompt: Prompt | None, before: Conversation | None = None) -> None:
        """Send a request in the conversation that is looked at, or in another one; its prompt waits no longer."""
        self._asking = False
        try:
            job = self.program.job(pending)
        except SettingsError as error:
            self.post_message(self.Refused(self, prompt, str(error)))
            return
        if prompt is not None:
            self._replies.queue(pending.conversation.id).remove(prompt)
        frames_per_second = self.program.settings.streaming.frames_per_second
        live = LiveReply(job, prompt, before or self.conversation, self, time.monotonic(), frames_per_second)
        self._replies.add(live)
        if self._is_shown(pending.conversation):
            await self._show(pending.conversation)
        self._run_reply(live)

    @work(thread=True, group="replies", description="one reply, from its request to its end")
    async def _run_reply(self, live: LiveReply) -> None:
        """In a thread with a loop of its own: Stop can then cancel the task, wherever it waits."""
        try:
            message = await self.program.manager().run(live.job, live, live.stop)
        except Exception:  # whatever it is, the conversation must not wait for this reply for ever
            log.exception("a reply could not be begun")
            message = live.broken()
            self.program.store.journal.finish(message)
        finally:
            live.over.set_result(None)
        self.post_message(LiveReply.Ended(live, message))

    @on(LiveReply.TokensArrived)
    def _plan_drain(self, event: LiveReply.TokensArrived) -> None:
        """Fetch what has come, at most so many times a second, however fast it comes."""
        due = event.live.drained_at + 1 / self.program.settings.streaming.frames_per_second
        wait_s = due - time.monotonic()
        if wait_s <= 0:
            self._drain(event.live)
        else:
            call_after(wait_s, self, partial(self._drain, event.live))

    def _drain(self, live: LiveReply) -> None:
        if self._changing.locked() and live is self.live:
            return
        events = live.drain(time.monotonic())
        reply = self.messages.reply(live.reply_id)
        if reply is not None and events and not live.discarded:
            reply.feed(events)
            if not self.messages.following:
                self.post_message(self.TextBelow(self, below=True))

    @on(LiveReply.PhaseChanged)
    def _show_phase(self, event: LiveReply.PhaseChanged) -> None:
        if event.live is self.live:
            self._notify_changed()

    @on(LiveReply.Ended)
    async def _end(self, event: LiveReply.Ended) -> None:
        live, message = event.live, event.message
        async with self._changing:
            pass
        self._drain(live)
        self._replies.remove(live)
        self.send_checks.learn(live.conversation, message)
        shown = live.conversation_id == self.conversation.id
        if live.discarded:
            await self._take_back(live, shown=shown)
        elif shown:
            self.conversation = self.conversation.with_message(message)
            reply = self.messages.reply(message.id)
            if reply is not None:
                reply.finish(message)
            self._mark_branches()
        ended = self.conversation if shown else live.job.pending.conversation.with_message(message)
        self._find_title(live.job.pending.conversation.with_message(message))
        if message.status is StreamingStatus.COMPLETE:
            await self._send_next(ended)
        self._notify_changed()

    @work(group="titles", description="a title for a conversation, from the model")
    async def _find_title(self, conversation: Conversation) -> None:
        title = await self._titles.title(conversation)
        if title and self.conversation.id == conversation.id and self.conversation.title == conversation.title:
            self.retitle(title)

    @work(exclusive=True, group="elsewhere", description="a reply that comes in another window")
    async def _read_along(self) -> None:
        """Show what comes of a reply that another window, or a command, fetches, until it has ended there."""
        shown, reply = self.conversation.id, self.reply() if self.live is None else None
        while reply is not None and reply.status.live:
            widget = self.messages.reply(reply.id)
            if widget is not None:
                widget.elsewhere = True
            await asyncio.sleep(READ_ALONG_INTERVAL_S)
            stored = await asyncio.to_thread(self.program.store.conversation, shown)
            reply = stored.find(reply.id) if stored is not None else None
            if reply is None or self.conversation.id != shown or self.conversation.find(reply.id) is None:
                return
            self.conversation = self.conversation.with_message(reply)
            if widget is not None:
                widget.read_along(reply)
            self._notify_changed()

    async def _take_back(self, live: LiveReply, *, shown: bool) -> None:
        """A cancelled exchange leaves the conversation."""
        if shown:
            await self._show(live.before)
            self.post_message(self.Cancelled(self, live.prompt))
        elif live.prompt is not None:
            self._replies.queue(live.conversation_id).insert(0, live.prompt)

    # -- what is on the screen

    async def _show(self, conversation: Conversation) -> None:
        self.conversation = conversation
        empty = not conversation.messages
        self.query_one(Welcome).display = empty
        self.messages.display = not empty
        async with self._changing:
            await self.messages.show(conversation)
        if self.live is not None:
            self._drain(self.live)
        self._mark_branches()
        self._notify_changed()

    @work(exclusive=True, group="branches", description="which messages have others in their place")
    async def _mark_branches(self) -> None:
        shown = self.conversation.id
        places = await asyncio.to_thread(self.program.store.branch_places, shown)
        if shown == self.conversation.id:
            self.messages.mark_branches(places)

    def _notify_changed(self) -> None:
        """The queue is shown here; the rest is for whoever is told."""
        queued = self.query_one(QueuedPrompts)
        queued.held, queued.prompts, queued.key_of = self.live is None, tuple(self._queue), self._style.key_of
        self.post_message(self.Changed(self))

    @on(MessageList.FollowingChanged)
    def _tell_following(self, event: MessageList.FollowingChanged) -> None:
        event.stop()
        if event.following:
            self.post_message(self.TextBelow(self, below=False))
