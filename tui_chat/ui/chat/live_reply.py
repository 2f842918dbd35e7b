"""A reply under way, between its thread and the screen."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from typing import Protocol

from tui_chat.chat.errors import ChatError, ErrorKind
from tui_chat.chat.events import StreamEvent
from tui_chat.chat.message import Conversation, Message, StreamingStatus
from tui_chat.chat.parts import Part, ToolCallPart
from tui_chat.chat.prompt import Prompt
from tui_chat.records import replace
from tui_chat.streaming.buffer import TokenBuffer
from tui_chat.streaming.job import ReplyJob
from tui_chat.streaming.manager import FAULT
from tui_chat.streaming.phase import Phase, Step
from tui_chat.streaming.stop import Outcome, Stop
from tui_chat.ui.chat.frame_rest import FrameRest
from tui_chat.ui.chat.frame_share import FrameShare
from tui_chat.ui.chat.tool_questions import ToolQuestion

CHARACTERS_PER_TOKEN = 4
SPEED_AFTER_S = 1.0
LONGEST_REST_S = 0.04
"""Seconds for which text may wait in its socket; up to a quarter of a second of it waits for the journal besides."""


class ReplyListener(Protocol):
    """Is told, in the reply's thread, that there is something to show."""

    def is_looked_at(self, live: LiveReply) -> bool:
        """True if the reply's conversation is on the screen."""
        ...

    def tokens_arrived(self, live: LiveReply) -> None:
        """Note that the reply's buffer, which was empty, has something to drain."""
        ...

    def phase_changed(self, live: LiveReply) -> None:
        """Note that the reply has entered another phase."""
        ...

    def call_asked(self, live: LiveReply, question: ToolQuestion) -> None:
        """Take up the question whether a call may run."""
        ...


class LiveReply:
    """One reply that is coming. Its thread calls what a `ReplyWatcher` has; everything else is the UI loop's."""

    def __init__(
        self,
        job: ReplyJob,
        prompt: Prompt | None,
        before: Conversation,
        listener: ReplyListener,
        now: float,
        frames_per_second: int,
        then: Callable[[Message], Awaitable[None]] | None = None,
    ) -> None:
        """Keep `then`, which takes up the end of what is no reply of the conversation, but a summary."""
        self.job = job
        self.then = then
        self.prompt = prompt
        """The user's prompt; None for another reply, or the rest of one."""
        self.before = before
        """The conversation to go back to if the reply is discarded."""
        self.stop = Stop()
        self.phase = Phase(Step.CONNECTING, since=now)
        self.buffer = TokenBuffer(job.pending.reply.parts)
        """All that has come of it, whether it is looked at or not."""
        self._began_with = self.buffer.reply.text_length
        self.began_at = now
        self.drained_at = 0.0
        self.drain_planned = False
        """True if it is drained again a moment later."""
        self.sent_at: float | None = None
        """The time when the request that the first text came of had gone out."""
        self.flowing_since: float | None = None
        """The time when the first text was on the screen."""
        self.last_text_at = now
        self.over: Future[None] = Future()
        """Done when the reply's thread has let go of everything."""
        self._frame_s = 1 / frames_per_second
        self._share = FrameShare(frames_per_second)
        self._rest = FrameRest()
        self._has_news = False
        self._listener = listener

    @property
    def conversation(self) -> Conversation:
        """The conversation as it was when the reply was asked for."""
        return self.job.pending.conversation

    @property
    def conversation_id(self) -> str:
        """The conversation that it belongs to."""
        return self.conversation.id

    @property
    def reply_id(self) -> str:
        """The message that it fills."""
        return self.job.pending.reply.id

    @property
    def is_summary(self) -> bool:
        """True if it is a summary of earlier messages, of which nothing is kept until it is whole."""
        return self.then is not None

    @property
    def stopping(self) -> bool:
        """True if the user has ended it."""
        return self.stop.outcome is not None

    @property
    def discarded(self) -> bool:
        """True if the user has ended it and wants nothing of it."""
        return self.stop.outcome is Outcome.DISCARD

    @property
    def behind(self) -> bool:
        """Asked in the reply's thread: the screen gets its turn before more is fetched."""
        return self.buffer.unshown > self._share.events

    @property
    def unseen(self) -> bool:
        """Asked in the reply's thread: another conversation is on the screen."""
        return not self._listener.is_looked_at(self)

    def before_wait(self) -> float:
        """Have what has come shown; return the time until which text waits in the socket, once it flows.

        Called in the reply's thread when there is nothing to take for now, or the screen has to keep up first.
        """
        if self._has_news or self.behind:
            self._has_news = False
            self._show_news()
        if self.phase.step is not Step.STREAMING or self.stopping:
            return 0.0
        frame_s = LONGEST_REST_S if self.unseen else min(self._frame_s, LONGEST_REST_S)
        return self._rest.until(self.buffer.arrived, time.monotonic(), frame_s)

    @property
    def is_complete(self) -> bool:
        """True if no more can come for a frame: it has gathered for a frame's time, or waits for the screen.

        Never where frames are wanted more rarely than text may wait: then it comes several times for each.
        """
        return self._frame_s <= LONGEST_REST_S and (self._rest.gathers or self.behind)

    @property
    def frames(self) -> int:
        """The time from one frame of it to the next, in frames."""
        return self._share.frames

    def keep_pace(self, *, laid_out: bool, typing: bool) -> None:
        """Have as much fetched for a frame as is laid out in time."""
        self._share.adapt(used_up=self.behind, laid_out=laid_out, typing=typing)

    async def may_run(self, call: ToolCallPart) -> bool:
        """Return whether a call may run, once the user or earlier answers say so; called in the reply's thread."""
        tool = self.job.tools.tool(call.name) if self.job.tools is not None else None
        if tool is None:
            return True  # there is nothing that could run: its result says that there is no such tool
        question = ToolQuestion(self.conversation_id, self.reply_id, call, tool)
        self._listener.call_asked(self, question)
        return await asyncio.wrap_future(question.allowed)

    def on_phase(self, phase: Phase) -> None:
        """Take up a phase; called in the reply's thread."""
        self.phase = phase
        if phase.step is Step.WAITING and self.flowing_since is None:
            self.sent_at = phase.since
        self._listener.phase_changed(self)

    def on_arrival(self, buffer: TokenBuffer) -> None:
        """Note that there is something to show; called in the reply's thread, which may have more of it at hand."""
        self._has_news = True

    def _show_news(self) -> None:
        """Wake the UI, if it shows the reply.

        Else nothing of it waits to be shown: who opens its conversation later takes it up as a whole.
        """
        if self.unseen:
            self.drain(time.monotonic())
        else:
            self._listener.tokens_arrived(self)

    @property
    def conversation_so_far(self) -> Conversation:
        """The conversation with what has come of the reply."""
        if self.is_summary:
            return self.conversation
        return self.conversation.with_message(self._reply_of(self.buffer.parts))

    def caught_up(self) -> Message:
        """Return the reply as far as it has come, to be shown as a whole: nothing of it is left to be drained."""
        return self._reply_of(self.buffer.catch_up())

    def _reply_of(self, parts: tuple[Part, ...]) -> Message:
        reply = self.job.pending.reply
        about = replace(reply.metadata, model=self.buffer.reply.model or reply.metadata.model)
        return replace(reply, parts=parts, metadata=about)

    def broken(self) -> Message:
        """Return the reply as a fault of the program's own left it, before anything of it was stored."""
        pending = self.job.pending
        error = ChatError(ErrorKind.INTERNAL, FAULT)
        about = replace(pending.reply.metadata, error=error.to_json())
        return replace(pending.reply, status=StreamingStatus.FAILED, metadata=about)

    def drain(self, now: float) -> list[StreamEvent]:
        """Return the events since the last call."""
        self.drained_at = now
        events = self.buffer.drain()
        if events:
            self.last_text_at = now
        if self.flowing_since is None and self.buffer.reply.text_length > self._began_with:
            self.flowing_since = now
        return events

    @property
    def ttft_s(self) -> float | None:
        """The time from its request to its first text on the screen, once that is there."""
        if self.flowing_since is None or self.sent_at is None:
            return None
        return self.flowing_since - self.sent_at

    @property
    def tokens_written(self) -> int:
        """The tokens so far, by their usual length; the provider counts them only at the end."""
        return (self.buffer.reply.text_length - self._began_with) // CHARACTERS_PER_TOKEN

    def tokens_per_second(self, now: float) -> float | None:
        """Return the speed so far."""
        if self.flowing_since is None or now - self.flowing_since < SPEED_AFTER_S:
            return None
        return self.tokens_written / (now - self.flowing_since)
