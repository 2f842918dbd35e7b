"""StreamManager: runs one reply from its opening to its end, whatever happens on the way."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Callable
from concurrent.futures import Future
from contextlib import aclosing
from dataclasses import dataclass, replace

from tui_chat.chat.accumulator import ReplyAccumulator
from tui_chat.chat.errors import ChatError, ErrorKind
from tui_chat.chat.events import BlockStart, MessageDelta, MessageStart, StreamEvent, TextDelta, ThinkingDelta
from tui_chat.chat.exchange import is_paused
from tui_chat.chat.message import Message, StreamingStatus, utc_now
from tui_chat.chat.metadata import Mode, ReplyMetadata
from tui_chat.chat.parts import TextPart
from tui_chat.chat.protocols import (
    Journal,
    Opening,
    Pricing,
    ReplyObserver,
    ReplyRecord,
    Setback,
    StreamingProvider,
)
from tui_chat.chat.request import ReplyRequest
from tui_chat.chat.usage import Usage
from tui_chat.streaming.continuation import Continuation, request_after_pause, request_for_rest
from tui_chat.streaming.journalling import JournalFeed
from tui_chat.streaming.meter import ReplyMeter
from tui_chat.streaming.order import BlockOrder
from tui_chat.streaming.phase import Phase, ReplyWatcher, Step
from tui_chat.streaming.recovery import Remedy, Situation, StreamOptions, delay_s, remedy_for
from tui_chat.streaming.stop import Outcome, Stop

log = logging.getLogger(__name__)

TURN_S = 0.005
"""For so long events that are there already are taken one after the other; then Stop gets its turn."""
BREATH_S = 0.01
"""How long a reply that comes faster than it can be shown lets the screen have the processor."""

_FAULT = (
    "tui-chat made a mistake of its own while this reply came; what came is kept. Try again; `tui-chat doctor` says "
    "where the log is."
)


@dataclass(frozen=True, slots=True)
class ReplyJob:
    """One reply to be fetched: what is stored first, what is asked, and how."""

    opening: Opening
    begun: Future[None]
    """Done when the opening is stored; nothing is asked before."""
    request: ReplyRequest
    """The request for the reply from its beginning; how to ask for the rest of one that goes on is the manager's."""
    mode: Mode = Mode.STREAM


class StreamManager:
    """Fetches replies. It holds what they share; each run keeps its own state, so runs may overlap."""

    def __init__(
        self,
        provider: StreamingProvider,
        journal: Journal,
        pricing: Pricing,
        options: StreamOptions,
        clock: Callable[[], float] = time.monotonic,
        observer: ReplyObserver | None = None,
    ) -> None:
        self.provider = provider
        self.journal = journal
        self.pricing = pricing
        self.options = options
        self.clock = clock
        self.observer = observer

    async def run(self, job: ReplyJob, watcher: ReplyWatcher, stop: Stop) -> Message:
        """Fetch one reply and return it as it ended.

        Nothing of the reply is lost on any way out: it is stored as complete, stopped, interrupted or failed, or taken
        back if it was to be discarded.
        """
        run = _Run(self, job, watcher)
        status, error = StreamingStatus.FAILED, None
        try:
            with stop.attached():
                await run.fetch()
            status = StreamingStatus.COMPLETE
        except ChatError as failure:
            error = failure
        except Exception:  # whatever it is, it must not cost what has come
            log.exception("a reply ended in a fault of the program")
            error = ChatError(ErrorKind.INTERNAL, _FAULT)
        except asyncio.CancelledError:
            if stop.outcome is None:
                status = StreamingStatus.INTERRUPTED  # not the user: the loop is being torn down
                raise
            _uncancel()
            stopped = stop.outcome is not Outcome.INTERRUPT
            status = StreamingStatus.STOPPED if stopped else StreamingStatus.INTERRUPTED
        finally:
            if stop.outcome is Outcome.DISCARD:
                status = StreamingStatus.CANCELLED
            message = run.end(status, error)
        return message


class _Run:
    """The state of one reply under way."""

    def __init__(self, manager: StreamManager, job: ReplyJob, watcher: ReplyWatcher) -> None:
        self.manager = manager
        self.job = job
        self.watcher = watcher
        self.mode = job.mode
        self.reply = job.opening.reply
        self.paused = is_paused(self.reply)
        """Whether this goes on with a turn that the provider paused."""
        self.accumulator = ReplyAccumulator(self.reply.parts, manager.clock if self._flows else None)
        self.meter = ReplyMeter(manager.clock)
        self.began_at = utc_now()
        self.feed = JournalFeed(manager.journal, self.reply.id)
        self.order = BlockOrder()
        self.attempt = 0
        """Requests that failed since text last came."""
        self.seams = self.reply.metadata.seams
        self.earlier_usage = Usage()
        """What requests before the present one have used."""
        self.request_usage = Usage()
        """What the present request has used."""
        self.setbacks: list[Setback] = []

    async def fetch(self) -> None:
        """Once the opening is stored, ask until the reply is complete or recovery gives up."""
        self._enter(Step.CONNECTING)
        await asyncio.wrap_future(self.job.begun)
        remedy = Remedy.RESUME if self._has_text else Remedy.RETRY
        while True:
            try:
                await (self._resume() if remedy is Remedy.RESUME else self._ask())
                return
            except ChatError as error:
                self.attempt += 1
                remedy = self._remedy(error)
                await self._prepare(remedy, error)

    def end(self, status: StreamingStatus, error: ChatError | None) -> Message:
        """The reply as it ended, handed to the journal."""
        self.feed.close()
        message = replace(
            self.reply,
            parts=self.accumulator.parts if status is not StreamingStatus.CANCELLED else (),
            status=status,
            metadata=self._metadata(error),
        )
        if status is StreamingStatus.CANCELLED:
            self.manager.journal.discard(self.job.opening, message)
        else:
            self.manager.journal.finish(message)
        self._tell_observer(message)
        for shown in self.order.flush():
            self.watcher.on_event(shown)
        return message

    def _tell_observer(self, message: Message) -> None:
        if self.manager.observer is not None:
            conversation_id, setbacks = self.job.opening.conversation.id, tuple(self.setbacks)
            about = (conversation_id, self.job.request, message, self.accumulator.id, self.began_at, setbacks)
            self.manager.observer.reply_ended(ReplyRecord(*about))

    async def _ask(self) -> None:
        """One request for the whole reply, or for what follows a pause."""
        self._enter(Step.CONNECTING)
        request = self.job.request
        if self.paused:
            request = request_after_pause(request, self.reply.parts)
        async with aclosing(self._events(request)) as events:
            async for event in events:
                self._take(event)

    async def _resume(self) -> None:
        """One request for the rest of what came."""
        self._enter(Step.CONNECTING)
        text = "".join(part.text for part in self.accumulator.parts if isinstance(part, TextPart))
        request = request_for_rest(self.job.request, self.accumulator.parts)
        rest = Continuation(text, max(self.accumulator.last_index, 0))
        self.seams = tuple(dict.fromkeys((*self.seams, len(text))))
        async with aclosing(self._events(request)) as events:
            async for event in events:
                for mapped in rest.map(event):
                    self._take(mapped)

    async def _events(self, request: ReplyRequest) -> AsyncGenerator[StreamEvent, None]:
        """The events of one request in the present mode, its usage noted."""
        self.earlier_usage, self.request_usage = self.earlier_usage.plus(self.request_usage), Usage()
        provider = self.manager.provider
        if self.mode is Mode.BATCH:
            for event in await provider.create(request, self._sent):
                self._note(event)
                yield event
            return
        turn_ends = 0.0
        async with aclosing(provider.stream(request, self._sent)) as events:
            async for event in events:
                self._note(event)
                yield event
                if self.manager.clock() >= turn_ends:
                    await asyncio.sleep(0)
                    turn_ends = self.manager.clock() + TURN_S
                while self.watcher.behind:  # the socket waits meanwhile: nothing is lost, and nothing piles up
                    await asyncio.sleep(BREATH_S)

    @property
    def _flows(self) -> bool:
        """Whether text comes as it is written."""
        return self.mode is Mode.STREAM and self.manager.provider.streams

    @property
    def _has_text(self) -> bool:
        """Whether there is text to go on from; none that came before a pause, for that is gone on with as it is."""
        return self.accumulator.text_length > (len(self.reply.text) if self.paused else 0)

    def _sent(self) -> None:
        self._enter(Step.WAITING)

    def _note(self, event: StreamEvent) -> None:
        """Usage is counted by request, so that a reply that took several is charged for all of them."""
        match event:
            case MessageStart(usage=usage):
                self.request_usage = replace(usage, output_tokens=None)
            case MessageDelta(usage=usage):
                self.request_usage = self.request_usage.updated(usage)

    def _take(self, event: StreamEvent) -> None:
        """Keep one event, and show it when its turn has come."""
        self.meter.saw(event)
        self.accumulator.add(event)
        self.feed.add(event)
        if isinstance(event, TextDelta | ThinkingDelta | BlockStart):
            self._flowing(event)
        for shown in self.order.put(event):
            self.watcher.on_event(shown)

    def _flowing(self, event: StreamEvent) -> None:
        if self._step is not Step.STREAMING and not isinstance(event, BlockStart):
            self._enter(Step.STREAMING)
        if isinstance(event, TextDelta) and event.text:
            self.attempt = 0

    def _remedy(self, error: ChatError) -> Remedy:
        parts = self.accumulator.parts
        situation = Situation(
            mode=self.mode,
            attempt=self.attempt,
            has_text=self._has_text,
            resumable=bool(parts) and isinstance(parts[-1], TextPart) and not self.order.waits,
        )
        return remedy_for(error, situation, self.manager.options)

    async def _prepare(self, remedy: Remedy, error: ChatError) -> None:
        """Count the failure, say so, and wait as long as it takes."""
        match remedy:
            case Remedy.GIVE_UP:
                raise error
            case Remedy.BATCH:
                self.mode, self.meter.fallback, self.attempt = Mode.BATCH, True, 0
                self.accumulator.clock = None
                self._set_back(remedy, error)
                self._enter(Step.WAITING, error=error, notice="Streaming does not work here; asking without it.")
                return
            case Remedy.RETRY:
                self.meter.retries += 1
            case Remedy.RESUME:
                self.meter.resumes += 1
        wait_s = delay_s(error, self.attempt)
        self._set_back(remedy, error, wait_s)
        self._enter(Step.RETRYING, until=self.manager.clock() + wait_s, error=error)
        await asyncio.sleep(wait_s)

    def _set_back(self, remedy: Remedy, error: ChatError, wait_s: float = 0.0) -> None:
        self.setbacks.append(Setback(self.meter.elapsed_ms, remedy.value, error.kind, wait_s))

    def _enter(
        self, step: Step, *, until: float | None = None, error: ChatError | None = None, notice: str = ""
    ) -> None:
        self._step = step
        self.watcher.on_phase(
            Phase(
                step,
                since=self.manager.clock(),
                until=until,
                attempt=self.attempt,
                attempts=self.manager.options.retry_attempts,
                error=error,
                notice=notice,
            )
        )

    def _metadata(self, error: ChatError | None) -> ReplyMetadata:
        provider = self.manager.provider
        usage = self.earlier_usage.plus(self.request_usage)
        model = self.accumulator.model or self.job.request.model
        streamed = self.mode is Mode.STREAM
        return ReplyMetadata(
            mode=self.mode,
            provider=provider.name,
            model=model,
            stop_reason=self.accumulator.stop_reason,
            stop_details=self.accumulator.stop_details,
            usage=usage,
            cost_usd=self.manager.pricing.cost_usd(provider.name, model, usage),
            metrics=self.meter.metrics(usage.output_tokens, streamed=streamed),
            simulated=streamed and not provider.streams,
            seams=self.seams,
            error=error.to_json() if error else None,
        )


def _uncancel() -> None:
    """The cancellation was the user's Stop and has been answered."""
    task = asyncio.current_task()
    assert task is not None
    task.uncancel()
