"""A conversation with a provider, shown in a list of messages: what another app needs besides the widgets."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from tui_chat.chat import exchange
from tui_chat.chat.events import ReplyRestarted, StreamEvent
from tui_chat.chat.message import Conversation, Message, StreamingStatus, utc_now
from tui_chat.chat.metadata import Mode, ReplyMetadata
from tui_chat.chat.parts import ToolCallPart
from tui_chat.chat.prompt import Prompt
from tui_chat.chat.protocols import StreamingProvider
from tui_chat.chat.request import ReplyRequest, turns_from
from tui_chat.chat.usage import Usage
from tui_chat.records import replace
from tui_chat.streaming.buffer import TokenBuffer
from tui_chat.streaming.job import ReplyJob
from tui_chat.streaming.manager import StreamManager
from tui_chat.streaming.no_journal import NoJournal
from tui_chat.streaming.phase import Phase
from tui_chat.streaming.recovery import StreamOptions
from tui_chat.streaming.stop import Outcome, Stop
from tui_chat.ui.messages.message_list import MessageList


class EmbeddedChat:
    """Sends prompts to a provider and shows its replies as they come. It keeps nothing on disk."""

    def __init__(
        self,
        messages: MessageList,
        provider: StreamingProvider,
        *,
        model: str = "",
        system: str = "",
        conversation: Conversation | None = None,
        options: StreamOptions | None = None,
        frames_per_second: int = 30,
    ) -> None:
        """Go on with a conversation, or begin one. `model` and `system` are for the provider, in each request."""
        self.conversation = conversation or Conversation()
        self._messages = messages
        self._provider = provider
        self._model = model
        self._system = system
        self._options = options or StreamOptions()
        self._frame_s = 1 / frames_per_second
        self._journal = NoJournal()
        self._manager = StreamManager(self._journal, _NothingPriced())
        self._stop: Stop | None = None

    @property
    def streaming(self) -> bool:
        """True while a reply is coming."""
        return self._stop is not None

    async def show(self) -> None:
        """Show the conversation as it is, at its end."""
        await self._messages.show(self.conversation)

    async def send(self, prompt: str) -> Message:
        """Send a prompt, show its reply as it comes, and return that as it ended, complete or not.

        It never raises for what goes wrong with a reply: that stands below it. Call it from a worker: the app goes on
        meanwhile. One reply at a time.
        """
        if self._stop is not None:
            raise RuntimeError("a reply is coming; stop it first, or wait for it")
        self._stop = stop = Stop()
        try:
            return await self._fetch(self._job(prompt), stop)
        finally:
            self._stop = None

    def stop(self) -> None:
        """Stop the reply and keep what has come; nothing if none is."""
        if self._stop is not None:
            self._stop.request(Outcome.KEEP)

    def _job(self, prompt: str) -> ReplyJob:
        """Return what is asked for, with the prompt and its reply to be at the end of the conversation."""
        about = ReplyMetadata(Mode.STREAM, self._provider.name, self._model)
        pending = exchange.send(self.conversation, Prompt(prompt), about, utc_now())
        history = pending.conversation.before(pending.reply.id)
        request = ReplyRequest(self._model, turns_from(history), system=self._system)
        return ReplyJob(pending, self._journal.begin(pending), request, self._provider, self._options)

    async def _fetch(self, job: ReplyJob, stop: Stop) -> Message:
        """Show the prompt, then the reply while it is fetched, and keep it as it ended."""
        self.conversation = job.pending.conversation
        await self.show()
        buffer, arrivals = TokenBuffer(), _Arrivals()
        drawing = asyncio.create_task(self._draw(job.pending.reply, buffer, arrivals))
        message = replace(job.pending.reply, status=StreamingStatus.INTERRUPTED)
        try:
            message = await self._manager.run(job, arrivals, stop, buffer)
        finally:
            drawing.cancel()
            message = message if message.parts else replace(message, parts=buffer.parts)
            self.conversation = self.conversation.with_message(message)
        self._feed(job.pending.reply, buffer.drain())
        if (widget := self._messages.reply(message.id)) is not None:
            widget.finish(message)
        return message

    async def _draw(self, beginning: Message, buffer: TokenBuffer, arrivals: _Arrivals) -> None:
        """Show what has come, at most so many times a second."""
        while True:
            await arrivals.some.wait()
            arrivals.some.clear()
            self._feed(beginning, buffer.drain())
            await asyncio.sleep(self._frame_s)

    def _feed(self, beginning: Message, events: Sequence[StreamEvent]) -> None:
        """Show events; where the reply began anew, nothing but what came after that."""
        widget = self._messages.reply(beginning.id)
        if widget is None or not events:
            return
        anew = max((at for at, event in enumerate(events) if isinstance(event, ReplyRestarted)), default=-1)
        if anew >= 0:
            widget.show(beginning)
        widget.feed(events[anew + 1 :])


class _Arrivals:
    """Watches a reply: wakes whoever draws it."""

    behind = unseen = False

    def __init__(self) -> None:
        self.some = asyncio.Event()

    async def may_run(self, call: ToolCallPart) -> bool:
        """Refuse: no tools are offered."""
        return False

    def on_phase(self, phase: Phase) -> None:
        """Nothing shows it."""

    def on_arrival(self, buffer: TokenBuffer) -> None:
        """Wake whoever draws it."""
        self.some.set()


class _NothingPriced:
    """Prices for replies whose cost is not known here."""

    def cost_usd(self, about: ReplyMetadata, usage: Usage) -> float | None:
        """Return no cost."""
        return None
