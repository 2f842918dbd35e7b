"""The conversation that is looked at, on the screen; its replies run here, each in a thread worker."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Container
from textual.message import Message as UiMessage

from tui_chat.chat.events import ReplyRestarted, StreamEvent
from tui_chat.chat.message import Conversation, Message
from tui_chat.chat.prompt import Prompt
from tui_chat.chat.protocols import PendingReply
from tui_chat.interpreter import give_memory_back
from tui_chat.records import dataclass
from tui_chat.streaming.stop import Outcome
from tui_chat.ui.chat import reply_loop
from tui_chat.ui.chat.live_reply import LiveReply
from tui_chat.ui.chat.session import ConversationSession
from tui_chat.ui.chat.tool_questions import ToolQuestion, question_elsewhere
from tui_chat.ui.chat.welcome import Welcome
from tui_chat.ui.compare.comparison import Comparison
from tui_chat.ui.composer.queued_prompts import QueuedPrompts
from tui_chat.ui.messages.message_list import MessageList
from tui_chat.ui.messages.message_marks import MessageMarks
from tui_chat.ui.messages.reply_style import ReplyStyle
from tui_chat.ui.shared.background import begin
from tui_chat.ui.textual_internals.direct_calls import DirectCalls
from tui_chat.ui.textual_internals.drivers import terminal_is_behind
from tui_chat.ui.textual_internals.repaint import draw_frame

if TYPE_CHECKING:
    from tui_chat.ui.compare.columns import Columns
    from tui_chat.ui.messages.streaming_message import StreamingMessage

ADVICE_SHOWN_S = 8.0
TYPING_S = 1.0
"""Seconds after a key for which the next is expected."""
AT_ONCE = 0.4
"""The part of a frame after which the next is drawn if no more of it can come."""
SOON = 0.25
"""The part of a frame after which text is looked at again that was not laid out in time."""


class ConversationView(Container):
    """Shows what a session does, and tells the screen what to ask and to say."""

    @dataclass
    class Changed(UiMessage):
        """The conversation, or the state of its reply, has changed."""

        def can_replace(self, message: UiMessage) -> bool:
            """True if another follows: where things stand is read when it is shown, and once is enough."""
            return isinstance(message, ConversationView.Changed)

    @dataclass
    class Cancelled(UiMessage):
        """A reply was discarded; its prompt goes back to where it was written."""

        prompt: Prompt | None

    @dataclass
    class SendQuestioned(UiMessage):
        """There is something to ask before a request is sent."""

        pending: PendingReply
        prompt: Prompt | None

    @dataclass
    class Refused(UiMessage):
        """A request cannot be made as the settings are."""

        prompt: Prompt | None
        sentence: str

    @dataclass
    class TextBelow(UiMessage):
        """There is new text below what the reader sees, or no longer."""

        below: bool

    @dataclass
    class PhaseChanged(UiMessage):
        """A reply has entered another phase."""

        live: LiveReply

    @dataclass
    class CallAsked(UiMessage):
        """A reply waits to hear whether a call may run."""

        live: LiveReply
        question: ToolQuestion

    @dataclass
    class ReplyEnded(UiMessage):
        """A reply is over; `message` is as it was stored."""

        live: LiveReply
        message: Message

    def __init__(self, session: ConversationSession, style: ReplyStyle) -> None:
        super().__init__()
        self.session = session
        session.view = self
        self.columns: Columns | None = None
        """The branches side by side, once there have been any."""
        self._style = style
        self._queue = QueuedPrompts()
        self._place_of_queue = Container(self._queue, id="queue")
        self.typed_at = 0.0
        """The time of the last change to a prompt, 0 if there is none: who types does not wait for a flood of text."""
        self._advised: set[str] = set()
        self._changing = asyncio.Lock()
        """Held while other messages are put on the screen; what comes meanwhile waits for them."""

    def compose(self) -> ComposeResult:
        """Yield the messages, or a welcome while there are none; prompts that wait come below them."""
        program = self.session.program
        yield Welcome(lambda: self.session.parts.provider, lambda: self._style.key_of)
        yield MessageList(self._style, auto_scroll=program.settings.now.streaming.auto_scroll)

    def on_mount(self) -> None:
        """Be ready for what comes."""
        self._calls = DirectCalls(self)

    async def on_unmount(self) -> None:
        """End every reply with what came of it: whoever quits has stopped it, but a signal has not."""
        await self.session.end_all(Outcome.INTERRUPT if self.app.return_code else Outcome.KEEP)

    @property
    def messages(self) -> MessageList:
        """The messages on the screen; of branches side by side, those of the one that is looked at."""
        columns = self.columns
        beside = columns.messages if columns is not None and columns.display else None
        return self.query_one(MessageList) if beside is None else beside

    def _reply(self, reply_id: str) -> StreamingMessage | None:
        """Return the widget of a reply, in whichever column it is."""
        columns = self.columns
        if columns is not None and columns.display:
            return columns.reply(reply_id)
        return self.query_one(MessageList).reply(reply_id)

    def apply_settings(self, style: ReplyStyle) -> None:
        """Take up settings that have changed; a reply that is coming goes on in its new looks."""
        self._style = style
        auto_scroll = self.session.program.settings.now.streaming.auto_scroll
        self.query_one(MessageList).restyle(style, self._as_it_stands, auto_scroll=auto_scroll)
        if self.columns is not None:
            self.columns.restyle(style, self._as_it_stands, auto_scroll=auto_scroll)
        self.query_one(Welcome).show()
        self.update()

    async def go_to_last(self) -> None:
        """Go to the end of the conversation, and follow it."""
        if not self.messages.reaches_end:
            await self.show(self.session.conversation)
        self.messages.follow()

    def _as_it_stands(self, message_id: str) -> Message | None:
        """Return a message of the conversation; of a reply that is coming, all that has come."""
        for live in self.session.all_live_of(self.session.conversation.id):
            if live.reply_id == message_id:
                return live.caught_up()
        return next((found for one in self.session.branches if (found := one.find(message_id)) is not None), None)

    # -- what the session wants shown

    async def show(self, conversation: Conversation, *, follow: bool = True) -> None:
        """Put a conversation on the screen, with all that has come of its reply, at its end or where the reader is."""
        empty, comparison = not conversation.messages, self.session.comparing.of(conversation.id)
        reads = isinstance(self.screen.focused, MessageList)
        self.query_one(Welcome).display = empty
        async with self._changing:
            await self._show_columns(comparison)
            self.query_one(MessageList).display = not empty and comparison is None
            if comparison is None:
                shown = self._with_what_came(self.session.summaries.shown(conversation), conversation)
                await self.messages.show(shown, follow=follow)
        if reads and not empty and not self.messages.has_focus:
            self.messages.focus()
        for live in self.session.all_live_of(self.session.conversation.id):
            self._drain(live)
        self._read_along()

    async def _show_columns(self, comparison: Comparison | None) -> None:
        """Show branches side by side, or no longer."""
        if comparison is not None and self.columns is None:
            from tui_chat.ui.compare.columns import Columns

            self.columns = Columns(self.session, self._style)
            await self.mount(self.columns, after=self.query_one(MessageList))
        if (columns := self.columns) is not None:
            await columns.show(comparison, self._with_what_came)

    def _with_what_came(self, shown: Conversation, branch: Conversation) -> Conversation:
        """Return a branch, as it is shown, with all that has come of its reply."""
        live = self.session.live_on(branch)
        return shown if live is None else shown.with_message(live.caught_up())

    async def look_at(self, message_id: str) -> None:
        """Bring a message into sight."""
        await self.messages.look_at(message_id)

    def finish(self, message: Message) -> None:
        """Show a reply as it ended."""
        reply = self._reply(message.id)
        if reply is not None:
            reply.finish(message)

    def update(self) -> None:
        """Show where things stand: the queue here, all else where the screen has it."""
        if self.query_one(Welcome).display:
            self.query_one(Welcome).show()
        self._show_queue()
        if self.columns is not None:
            self.columns.update_heads()
        self.post_message(self.Changed())

    def _show_queue(self) -> None:
        """Show the prompts that wait; the first one brings the place for them."""
        queue, session = self._queue, self.session
        prompts = tuple(session.queued(session.conversation.id))
        if prompts and not self._place_of_queue.is_attached:
            self.mount(self._place_of_queue)
        if self._place_of_queue.is_attached:
            queue.held, queue.key_of, queue.prompts = session.live is None, self._style.key_of, prompts

    def mark(self, marks: MessageMarks) -> None:
        """Show which messages have others in their place, and which have a bookmark."""
        for messages in self.query(MessageList):  # which is gone before its view where the app is being closed
            messages.mark(marks)
        if self.columns is not None:
            self.columns.mark(marks)

    def ask_before_sending(self, pending: PendingReply, prompt: Prompt | None) -> None:
        """Have the user asked about a request."""
        self.post_message(self.SendQuestioned(pending, prompt))

    def refuse(self, prompt: Prompt | None, sentence: str) -> None:
        """Have it said why a request cannot be made."""
        self.post_message(self.Refused(prompt, sentence))

    def advise(self, sentence: str) -> None:
        """Say once what may not be expected; nothing if the sentence is empty."""
        if sentence and sentence not in self._advised:
            self._advised.add(sentence)
            self.app.notify(sentence, severity="warning", timeout=ADVICE_SHOWN_S, markup=False)

    def cancelled(self, prompt: Prompt | None) -> None:
        """Have it said that a reply was discarded."""
        self.post_message(self.Cancelled(prompt))

    def run_in_background(self, work: Callable[[], Awaitable[None]], group: str, *, exclusive: bool = False) -> None:
        """Do something beside what is shown."""
        begin(self, work, group, exclusive=exclusive)

    def when_drawn(self, act: Callable[[], Awaitable[None]]) -> None:
        """Do something once what is shown now has been drawn, unless that has ended the program."""
        self.call_after_refresh(self._act_if_alive, act)

    async def _act_if_alive(self, act: Callable[[], Awaitable[None]]) -> None:
        if not self.app.return_code:
            await act()

    # -- a reply, from its thread to the screen

    def run_reply(self, live: LiveReply) -> None:
        """Fetch a reply in a thread of its own."""
        self._fetch(live)

    @work(thread=True, group="replies", description="one reply, from its request to its end")
    def _fetch(self, live: LiveReply) -> None:
        message = reply_loop.fetch(self.session.program, live)
        self.post_message(self.ReplyEnded(live, message))
        give_memory_back()

    def is_looked_at(self, live: LiveReply) -> bool:
        """True if the reply's conversation is on the screen; called in the reply's thread."""
        return self.session.is_shown(live.conversation_id)

    def tokens_arrived(self, live: LiveReply) -> None:
        """Have them drawn; called in the reply's thread."""
        self._calls.soon(partial(self._drain_in_time, live))

    def phase_changed(self, live: LiveReply) -> None:
        """Post the news to the UI; called in the reply's thread."""
        self.post_message(self.PhaseChanged(live))

    def call_asked(self, live: LiveReply, question: ToolQuestion) -> None:
        """Post the question to the UI; called in the reply's thread."""
        self.post_message(self.CallAsked(live, question))

    @on(CallAsked)
    def _ask(self, event: CallAsked) -> None:
        if not self.session.is_live(event.live) or event.live.stopping:
            return
        if self.session.tool_questions.ask(event.question):
            self._drain(event.live)
            self.update()
            if not self.session.is_shown(event.live.conversation_id):
                self.notify(question_elsewhere(event.live.conversation.title, event.question), markup=False)

    def _drain_in_time(self, live: LiveReply) -> None:
        """Fetch what has come, at most so many times a second, however fast it comes, and as fast as it is laid out."""
        wait_s = self._next_frame(live) - time.monotonic()
        if wait_s <= 0:
            laid_out = not self._is_behind(live)
            live.keep_pace(laid_out=laid_out, typing=self._is_typing)
            if not laid_out:  # until it is, no more is fetched from the server than the buffer holds
                wait_s = self._style.frame_s * (1 if self._is_typing else SOON)
        if wait_s <= 0:
            self._drain(live)
        elif not live.drain_planned:
            live.drain_planned = True
            self._calls.after(wait_s, partial(self._drain_planned, live))

    def _next_frame(self, live: LiveReply) -> float:
        """Return when a reply is drawn again; several side by side at the same times, since each costs a layout."""
        together = self.session.all_live_of(live.conversation_id)
        frame_s = self._style.frame_s
        if len(together) < 2:
            at_once = live.is_complete and not self._is_typing
            return live.drained_at + frame_s * (AT_ONCE if at_once else live.frames)
        frame_s *= len(together) / 2
        return (live.drained_at // frame_s + 1) * frame_s

    def _drain_planned(self, live: LiveReply) -> None:
        live.drain_planned = False
        self._drain_in_time(live)

    @property
    def _is_typing(self) -> bool:
        return time.monotonic() < self.typed_at + TYPING_S

    def _is_behind(self, live: LiveReply) -> bool:
        """True if what has been fetched before is not on the screen yet, and more would only wait there."""
        reply = self._reply(live.reply_id)
        return not live.over.done() and ((reply is not None and reply.busy) or terminal_is_behind(self.app))

    def _drain(self, live: LiveReply) -> None:
        shown = self.session.is_shown(live.conversation_id) and self.session.is_live(live)
        if self._changing.locked() and shown:
            return
        events, reply = live.drain(time.monotonic()), self._reply(live.reply_id)
        if shown and events and not live.discarded:
            if reply is not None:
                feed = partial(_feed, reply, events, live.job.pending.reply)
                alone = len(self.session.all_live_of(live.conversation_id)) < 2
                if alone and not self._is_typing:
                    draw_frame(reply, feed)
                else:  # a key has its turn before all is drawn
                    feed()
            if live is self.session.live_here and not self.messages.following:
                self.post_message(self.TextBelow(below=True))

    @on(PhaseChanged)
    def _show_phase(self, event: PhaseChanged) -> None:
        if self.session.is_shown(event.live.conversation_id) and self.session.is_live(event.live):
            self.update()

    @on(ReplyEnded)
    async def _end(self, event: ReplyEnded) -> None:
        async with self._changing:
            pass
        self._drain(event.live)
        await self.session.end(event.live, event.message)

    @work(exclusive=True, group="elsewhere", description="a reply that comes in another window")
    async def _read_along(self) -> None:
        async for reply in self.session.read_along():
            widget = self._reply(reply.id)
            if widget is not None:
                widget.elsewhere = True
                if widget.message is not reply:
                    widget.read_along(reply)

    @on(MessageList.EndNeared)
    async def _show_end(self) -> None:
        """Lay out the last messages, with what has come meanwhile, for a reader who comes from above."""
        if not self.messages.reaches_end:
            await self.show(self.session.conversation, follow=False)

    @on(MessageList.FollowingChanged)
    def _tell_following(self, event: MessageList.FollowingChanged) -> None:
        event.stop()
        if event.following and event.list is self.messages:
            self.post_message(self.TextBelow(below=False))


def _feed(reply: StreamingMessage, events: Sequence[StreamEvent], beginning: Message) -> bool:
    """Show what has come; where the reply began anew, nothing but what came after that. True if all is laid out."""
    anew = max((at for at, event in enumerate(events) if isinstance(event, ReplyRestarted)), default=-1)
    if anew >= 0:
        reply.show(beginning)
    reply.feed(events[anew + 1 :])
    return not reply.busy
