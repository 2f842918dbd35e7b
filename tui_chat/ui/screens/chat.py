"""The chat screen: a conversation, the composer, and the replies that come."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.screen import Screen
from textual.timer import Timer
from textual.widgets import Footer

from tui_chat.chat import exchange
from tui_chat.chat.message import Conversation, Message, Role, StreamingStatus
from tui_chat.chat.metadata import Mode
from tui_chat.chat.protocols import Opening
from tui_chat.settings import SettingsError
from tui_chat.streaming.stop import Outcome
from tui_chat.ui.live_reply import LiveReply
from tui_chat.ui.prompt_history import PromptHistory
from tui_chat.ui.replies import LiveReplies
from tui_chat.ui.widgets.composer import Composer
from tui_chat.ui.widgets.message_list import MessageList
from tui_chat.ui.widgets.queued_prompts import QueuedPrompts
from tui_chat.ui.widgets.status_bar import StatusBar, status_at_rest, status_of_live
from tui_chat.ui.widgets.streaming_message import ReplyStyle
from tui_chat.ui.widgets.title_bar import TitleBar
from tui_chat.ui.widgets.welcome import Welcome
from tui_chat.wiring import Program

STATUS_INTERVAL_S = 0.25
CANCELLED_SHOWN_S = 1.5
QUIT_WINDOW_S = 2.0
MOST_PROMPTS = 500
LONGEST_PROMPT = 4_000_000


class ChatScreen(Screen[None]):
    """Where one chats. It starts replies, stops them, and shows the conversation that is looked at."""

    AUTO_FOCUS = "Composer"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "stop", "Stop", id="stop", priority=True),
        Binding("escape", "leave", "To the composer", show=False, priority=True),
        Binding("ctrl+c", "cancel", "Cancel", id="cancel", show=False, priority=True),
        Binding("ctrl+c", "copy_clear_or_quit", show=False, priority=True),
        Binding("f8", "continue_reply", "Continue", id="continue_reply"),
        Binding("f5", "retry", "Retry", id="retry"),
        Binding("ctrl+t,f9", "toggle_mode", "Mode", id="toggle_mode"),
        Binding("ctrl+n,f7", "new_conversation", "New", id="new_conversation"),
        Binding("pageup", "scroll_messages(-1)", "Up", show=False, priority=True),
        Binding("pagedown", "scroll_messages(1)", "Down", show=False, priority=True),
        Binding("ctrl+home", "scroll_messages(-1000000)", "First", show=False, priority=True),
        Binding("ctrl+end", "scroll_messages(1000000)", "Last", show=False, priority=True),
    ]

    def __init__(
        self, program: Program, conversation: Conversation | None, prompt: str, now: Callable[[], datetime]
    ) -> None:
        super().__init__()
        self.program = program
        self._now = now
        self.conversation = conversation or Conversation()
        self._first_prompt = prompt
        self._replies = LiveReplies()
        self._ticking: Timer | None = None
        self._cancelled_until = 0.0
        self._quit_until = 0.0
        self._history: PromptHistory | None = None
        """Where the user is among the earlier prompts."""

    # -- the screen

    def compose(self) -> ComposeResult:
        """The conversation above, the composer below, and what there is to know around them."""
        streaming, ui = self.program.settings.streaming, self.program.settings.ui
        blink = streaming.cursor_blink and ui.motion
        style = ReplyStyle(self._key_of, streaming.cursor, blink, streaming.show_thinking)
        yield TitleBar()
        yield Welcome(self.program.scripted)
        yield MessageList(style, auto_scroll=streaming.auto_scroll)
        yield QueuedPrompts()
        with Container(id="desk"):
            yield Composer(cursor_blink=blink, placeholder="Message Claude")
        yield StatusBar()
        yield Footer(show_command_palette=False)

    async def on_mount(self) -> None:
        """Open the conversation, and begin in the background what a reply will need."""
        self._ticking = self.set_interval(STATUS_INTERVAL_S, self._show_status, pause=True)
        await self._open(self.conversation)
        self.call_after_refresh(self._after_first_paint)

    async def on_unmount(self) -> None:
        """The program ends: every reply keeps what came, and its thread ends with it."""
        await self._replies.stop_all()

    async def _after_first_paint(self) -> None:
        self.run_worker(self.program.preload, thread=True, group="preload", exit_on_error=False)
        if self._first_prompt:
            await self._send(self._first_prompt)

    async def _open(self, conversation: Conversation) -> None:
        live = self._replies.of(conversation.id)
        self.conversation = live.conversation if live else conversation
        await self.query_one(MessageList).show(self.conversation)
        self._show_conversation()

    def _show_conversation(self) -> None:
        """Bring everything around the messages in line with the conversation."""
        empty = not self.conversation.messages
        self.query_one(Welcome).display = empty
        self.query_one(MessageList).display = not empty
        self.query_one(TitleBar).title = self.conversation.title
        self._show_status()

    def _show_status(self) -> None:
        live = self._live
        now = time.monotonic()
        if self._ticking is not None:
            (self._ticking.resume if live else self._ticking.pause)()
        status = status_of_live(live, now) if live else status_at_rest(self.conversation.last)
        if live is None and now < self._cancelled_until:
            status = replace(status, word="Cancelled")
        if not self.program.settings.ui.show_usage:
            status = replace(status, usage=None, cost_usd=None, tokens_per_second=None, elapsed_s=None)
        self.query_one(StatusBar).status = replace(status, mode=self.program.mode, model=self.program.model)
        queued = self.query_one(QueuedPrompts)
        queued.held, queued.prompts = live is None, tuple(self._queue)
        self.refresh_bindings()

    # -- one reply: from its opening to its end

    @property
    def busy(self) -> bool:
        """Whether a reply of this conversation is coming."""
        return self._live is not None

    @property
    def _live(self) -> LiveReply | None:
        return self._replies.of(self.conversation.id)

    async def _send(self, prompt: str) -> None:
        about = self.program.about(self.program.mode)
        await self._begin(exchange.send(self.conversation, prompt, about, self._now()))

    async def _begin(self, opening: Opening) -> None:
        live = LiveReply(self.program.job(opening), self.conversation, self, time.monotonic())
        self._replies.add(live)
        await self._open(opening.conversation)
        self._run_reply(live)

    @work(thread=True, exit_on_error=False, group="replies", description="one reply, from its request to its end")
    async def _run_reply(self, live: LiveReply) -> None:
        """In a thread with a loop of its own: Stop can then cancel the task, wherever it waits."""
        try:
            message = await self.program.manager().run(live.job, live, live.stop)
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
            self.set_timer(wait_s, partial(self._drain, event.live))

    def _drain(self, live: LiveReply) -> None:
        events = live.drain(time.monotonic())
        reply = self.query_one(MessageList).reply(live.reply_id)
        if reply is not None and events and not live.discarded:
            reply.feed(events)
            self._show_new_text()

    def _show_new_text(self) -> None:
        """Tell a reader who is further up that there is more; nothing on the screen moves for it."""
        if not self.query_one(MessageList).following:
            self.query_one(Composer).border_subtitle = "↓ new text · Ctrl+End"

    @on(MessageList.FollowingChanged)
    def _forget_new_text(self, event: MessageList.FollowingChanged) -> None:
        if event.following:
            self.query_one(Composer).border_subtitle = ""

    @on(LiveReply.PhaseChanged)
    def _show_phase(self, event: LiveReply.PhaseChanged) -> None:
        if event.live is self._live:
            self._show_status()

    @on(LiveReply.Ended)
    async def _end(self, event: LiveReply.Ended) -> None:
        live, message = event.live, event.message
        self._drain(live)
        self._replies.remove(live)
        shown = live.conversation_id == self.conversation.id
        if live.discarded:
            await self._take_back(live, shown=shown)
        elif shown:
            self.conversation = self.conversation.with_message(message)
            reply = self.query_one(MessageList).reply(message.id)
            if reply is not None:
                reply.finish(message)
        self._show_conversation()
        if shown and message.status is StreamingStatus.COMPLETE:
            await self._send_next()

    async def _take_back(self, live: LiveReply, *, shown: bool) -> None:
        """A cancelled exchange leaves the conversation, and its prompt is in the composer again."""
        self._cancelled_until = time.monotonic() + CANCELLED_SHOWN_S
        self.set_timer(CANCELLED_SHOWN_S, self._show_status)
        self.notify("Response cancelled", severity="warning", timeout=3)
        if shown:
            await self._open(live.before)
        if live.job.opening.prompt is not None:
            self.query_one(Composer).take(live.job.opening.prompt.text)

    # -- what the user does

    @on(Composer.Submitted)
    async def _submit(self, event: Composer.Submitted) -> None:
        if len(event.text) > LONGEST_PROMPT:
            self.notify(
                f"A prompt may have {LONGEST_PROMPT:,} characters; this has {len(event.text):,}.", severity="error"
            )
            return
        event.composer.clear()
        self._history = None
        if event.text.strip():
            self._queue.append(event.text)
        await self._send_next()

    @property
    def _queue(self) -> list[str]:
        return self._replies.queue(self.conversation.id)

    async def _send_next(self) -> None:
        """Send the prompt that has waited longest, unless a reply is still coming."""
        if self._queue and self._live is None:
            await self._send(self._queue.pop(0))
        self._show_status()

    @on(Composer.HistoryWanted)
    def _go_through_history(self, event: Composer.HistoryWanted) -> None:
        """Queued prompts first, for they can still be changed; then earlier ones."""
        if event.earlier and self._queue and self._history is None:
            event.composer.take(self._queue.pop())
            self._show_status()
            return
        if self._history is None:
            self._history = PromptHistory(self.program.store.prompts(MOST_PROMPTS))
        text = self._history.earlier(event.composer.text) if event.earlier else self._history.later()
        if text is not None:
            event.composer.show(text)

    def action_stop(self) -> None:
        """Stop the reply that is coming; what came is kept, unless the settings say otherwise."""
        self._stop(Outcome(self.program.settings.streaming.on_stop))

    def action_leave(self) -> None:
        """Leave the messages for the composer."""
        self.query_one(Composer).focus()

    def action_cancel(self) -> None:
        """Discard the reply that is coming, and its prompt with it."""
        self._stop(Outcome.DISCARD)

    def action_copy_clear_or_quit(self) -> None:
        """Copy the selection; or clear the composer; or, at the second press in a row, quit."""
        composer = self.query_one(Composer)
        if self._selected:
            self.app.copy_to_clipboard(self._selected)
            self.clear_selection()
        elif composer.text:
            composer.clear()
        elif time.monotonic() < self._quit_until:
            self.app.exit()
        else:
            self._quit_until = time.monotonic() + QUIT_WINDOW_S
            self.notify("Press it again to quit.", timeout=QUIT_WINDOW_S)

    def _stop(self, outcome: Outcome) -> None:
        if self._live is not None:
            self._live.stop.request(outcome)
            self._show_status()

    @property
    def _selected(self) -> str:
        """What is selected, in the messages or in the composer."""
        return self.get_selected_text() or self.query_one(Composer).selected_text

    def action_toggle_mode(self) -> None:
        """Switch between stream and batch; it holds from the next reply on."""
        mode = self.program.mode.other
        try:
            self.program.set("streaming.mode", mode.value)
        except SettingsError as error:
            self.notify(str(error), severity="error")
        what = "as they are written" if mode is Mode.STREAM else "in one piece"
        self.notify(f"Replies now come {what}.", timeout=3)
        self._show_status()

    async def action_retry(self, message_id: str = "") -> None:
        """Ask for another reply in the place of one that has ended."""
        reply = self._reply(message_id)
        if self._live is None and reply is not None and exchange.can_regenerate(reply):
            about = self.program.about(self.program.mode)
            await self._begin(exchange.regenerate(self.conversation, reply.id, about, self._now()))

    async def action_continue_reply(self, message_id: str = "") -> None:
        """Ask for the rest of a reply that was cut off."""
        reply = self._reply(message_id)
        if self._live is None and reply is not None and reply is self.conversation.last and exchange.can_go_on(reply):
            about = self.program.about(self.program.mode)
            await self._begin(exchange.go_on(self.conversation, reply.id, about, self._now()))

    async def action_new_conversation(self) -> None:
        """Begin another conversation."""
        if self.conversation.messages:
            await self._open(Conversation())
        self.query_one(Composer).focus()

    def action_scroll_messages(self, pages: int) -> None:
        """Scroll the messages while the composer keeps the focus."""
        messages = self.query_one(MessageList)
        if messages.allow_vertical_scroll:
            messages.scroll_relative(y=pages * messages.size.height, animate=False)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The footer shows what applies now."""
        reply = self._reply("")
        if action == "stop":
            return self._live is not None
        if action == "cancel":
            return self._live is not None and not self._selected
        if action == "retry":
            return self._live is None and reply is not None
        if action == "continue_reply":
            return self._live is None and reply is not None and exchange.can_go_on(reply)
        return True

    def _reply(self, message_id: str) -> Message | None:
        """A reply of this conversation by its id; without one, the last."""
        last = self.conversation.last
        found = self.conversation.find(message_id) if message_id else last
        return found if found is not None and found.role is Role.ASSISTANT else None

    def _key_of(self, action: str) -> str:
        """The key of an action, as it is written on the screen."""
        bindings = (binding for found in self._bindings.key_to_bindings.values() for binding in found)
        return next((self.app.get_key_display(binding) for binding in bindings if binding.id == action), action)
