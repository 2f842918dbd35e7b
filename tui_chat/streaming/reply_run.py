"""ReplyRun: the state of one reply under way, and what is done about all that can happen to it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from contextlib import aclosing, contextmanager
from functools import partial

from tui_chat.chat.accumulator import result_of
from tui_chat.chat.errors import ChatError, ErrorKind
from tui_chat.chat.events import (
    MessageStart,
    MessageStop,
    ReplyRestarted,
    StreamEvent,
    TextDelta,
    ThinkingDelta,
    ToolAnswered,
)
from tui_chat.chat.exchange import is_paused
from tui_chat.chat.message import Message, StreamingStatus, utc_now
from tui_chat.chat.metadata import Mode, ReplyMetadata
from tui_chat.chat.parts import Part, TextPart, ToolCallPart, text_of
from tui_chat.chat.protocols import (
    ReplyRecord,
    Setback,
    ToolRun,
    ToolRunner,
)
from tui_chat.chat.request import ReplyRequest, before_and_after_results, tool_key
from tui_chat.chat.usage import Usage
from tui_chat.records import replace
from tui_chat.streaming.buffer import TokenBuffer
from tui_chat.streaming.continuation import Continuation, request_after_pause, request_for_rest
from tui_chat.streaming.job import ReplyJob
from tui_chat.streaming.journal_feed import JournalFeed
from tui_chat.streaming.meter import ReplyMeter
from tui_chat.streaming.phase import RUNNING, Phase, ReplyWatcher, Step
from tui_chat.streaming.recovery import AttemptBudget, Remedy, Situation, remedy_for
from tui_chat.streaming.server_runs import ServerRuns
from tui_chat.streaming.shared import Shared
from tui_chat.streaming.tool_rounds import NO_TOOLS, answer, open_calls, request_after_results, takes_no_tools
from tui_chat.streaming.turns import Turns
from tui_chat.streaming.usage_ledger import UsageLedger

log = logging.getLogger(__name__)

_NO_STREAM = "Streaming does not work here; asking without it."
_NO_EVENTS = "Nothing comes while it streams; asking for the whole reply at once."


class ReplyRun:
    """The state of one reply under way."""

    def __init__(self, shared: Shared, job: ReplyJob, watcher: ReplyWatcher, buffer: TokenBuffer) -> None:
        self.shared = shared
        self.job = job
        self.watcher = watcher
        self.mode = job.mode
        self.reply = job.pending.reply
        self.paused = is_paused(self.reply)
        """True if this goes on with a turn that the provider paused."""
        self.buffer = buffer
        self.accumulator = buffer.reply
        self.accumulator.clock = shared.clock if self._flows else None
        self.meter = ReplyMeter(shared.clock)
        self.began_at = utc_now()
        self.feed = JournalFeed(shared.journal, self.reply.id)
        self.budget = AttemptBudget(job.options.retry_attempts)
        self.silent = 0
        """Requests in a row that were taken and brought nothing."""
        self.prefill = job.prefill
        self.request = job.request
        """The request for the reply from its beginning, with the tools that there are."""
        self.rounds_left = job.options.tool_rounds if job.tools is not None else 0
        """The number of times that this may still go on after calls of tools."""
        self.settled_text = self._text_before()
        self.seams = self.reply.metadata.seams
        self.open_seams = self.reply.metadata.open_seams
        self.ledger = UsageLedger()
        self.setbacks: list[Setback] = []
        self.tool_runs: list[ToolRun] = []
        self.server_runs = ServerRuns(lambda: self.meter.elapsed_ms)

    async def fetch(self) -> None:
        """Once the opening is stored, ask until the reply is complete or recovery gives up."""
        self._enter(Step.CONNECTING)
        await asyncio.wrap_future(self.job.begun)
        if self.job.tools is not None:
            await self._offer(self.job.tools)
        await self._fetch_round()
        while self.job.tools is not None and (calls := self._calls_to_run()):
            self._say_running(calls)
            self.feed.flush()  # a call is on record before it can have an effect
            await answer(calls, self.job.tools, self.watcher, partial(self._keep_result, {it.id: it for it in calls}))
            self.rounds_left -= 1
            self.paused = False
            self.settled_text = self.accumulator.text_length
            await self._fetch_round()

    async def _offer(self, runner: ToolRunner) -> None:
        """Have the request offer the tools that there are, once their servers have started."""
        if names := runner.waits_for:
            self._enter(Step.CONNECTING, notice=f"starting {', '.join(names)}")
        self.request = replace(self.request, tools=tuple(await runner.offered()))

    async def _fetch_round(self) -> None:
        """Ask until a request has brought all that it can, or recovery gives up."""
        while True:
            found = self.accumulator.text_length
            try:
                await (self._resume() if self._has_text else self._ask())
                return
            except ChatError as error:
                if takes_no_tools(error, self.request):
                    self._ask_without_tools()
                    continue
                self.budget.spend(found, self.accumulator.text_length)
                await self._recover(error)

    def _ask_without_tools(self) -> None:
        """Go on without the tools that this model, or its server, does not take."""
        self.ledger.fail()
        self.request = replace(self.request, tools=())
        self._enter(Step.WAITING, notice=NO_TOOLS)

    def end(self, status: StreamingStatus, error: ChatError | None) -> Message:
        """Return the reply as it ended. Its text is stored first; whatever fails after that, the reply is over."""
        kept = status is not StreamingStatus.CANCELLED
        with _guarded("its last text could not be journalled"):
            self.feed.flush() if kept else self.feed.close()
        parts = self.accumulator.parts if kept else ()
        message = replace(self.reply, parts=parts, status=status, metadata=self._metadata(error))
        with _guarded("its end could not be stored"):
            if kept:
                self.shared.journal.finish(message)
            else:
                self.shared.journal.discard(self.job.pending, message)
        with _guarded("its observer failed"):
            self._tell_observer(message)
        with _guarded("its last events could not be shown"):
            if self.buffer.end():
                self.watcher.on_arrival(self.buffer)
        return message

    def _tell_observer(self, message: Message) -> None:
        if self.shared.observer is not None:
            record = ReplyRecord(
                conversation_id=self.job.pending.conversation.id,
                request=self.request,
                reply=message,
                response_id=self.accumulator.id,
                began_at=self.began_at,
                address=self.job.address,
                setbacks=tuple(self.setbacks),
                tool_runs=tuple(self.tool_runs),
            )
            self.shared.observer.reply_ended(record)

    async def _ask(self) -> None:
        """Make one request for the whole reply, or for what follows a pause."""
        self._enter(Step.CONNECTING)
        request = request_after_results(self.request, self._parts_before)
        if self.paused:
            request = request_after_pause(request, before_and_after_results(self.reply.parts)[1])
        async with aclosing(self._events(request)) as events:
            async for event in events:
                self._take(event)

    async def _resume(self) -> None:
        """Ask for the rest of what came: as a reply that is begun, if that is taken, else as a question."""
        if self.prefill:
            try:
                await self._go_on(prefill=True)
                return
            except ChatError as error:
                if self.ledger.answered or error.kind not in (ErrorKind.INVALID_REQUEST, ErrorKind.SERVER):
                    raise
                self.prefill = False
                self.ledger.fail()
                if error.retryable:
                    raise
        await self._go_on(prefill=False)

    async def _go_on(self, *, prefill: bool) -> None:
        """Make one request for the rest of what came; however it ends, all that is new of it is kept."""
        self._enter(Step.CONNECTING)
        before, parts = before_and_after_results(self.accumulator.parts)
        text, place = text_of(parts), self.accumulator.text_length
        request = request_for_rest(request_after_results(self.request, before), parts, prefill=prefill)
        rest = Continuation(text, max(self.accumulator.last_index, 0), prefilled=prefill)
        self.seams = _with_seam(self.seams, place)
        try:
            async with aclosing(self._events(request)) as events:
                async for event in events:
                    self._take_all(rest.map(event))
        finally:
            self._take_all(rest.end())
            if rest.guessed:
                self.open_seams = _with_seam(self.open_seams, place)

    async def _events(self, request: ReplyRequest) -> AsyncGenerator[StreamEvent, None]:
        """Yield the events of one request in the present mode, its usage noted."""
        self.ledger.begin(request)
        provider = self.job.provider
        if self.mode is Mode.BATCH:
            for event in await provider.create(request, self._sent):
                self.ledger.note(event)
                yield event
            return
        turns = Turns(self.watcher, self.shared.clock)
        async with aclosing(provider.stream(request, self._sent)) as events:
            async for event in events:
                self.ledger.note(event)
                yield event
                await turns.taken(flowing=self._step is Step.STREAMING)

    @property
    def _flows(self) -> bool:
        """True if text comes as it is written."""
        return self.mode is Mode.STREAM and self.job.provider.streams

    @property
    def _has_text(self) -> bool:
        """True if there is text to go on from; none that came before a pause, for that is continued as it is."""
        return bool(text_of(self.accumulator.parts)[self.settled_text :].strip())

    @property
    def _parts_before(self) -> tuple[Part, ...]:
        """The parts up to the last results of calls."""
        return before_and_after_results(self.accumulator.parts)[0]

    def _text_before(self) -> int:
        """Return the characters that nothing goes on from: those before a pause, or before results of calls."""
        return len(self.reply.text if self.paused else text_of(before_and_after_results(self.reply.parts)[0]))

    def _calls_to_run(self) -> list[ToolCallPart]:
        """Return the calls that the reply waits for, as long as it may go on after them."""
        waits = self.rounds_left > 0 and self.accumulator.stop_reason == "tool_use" and not self.accumulator.complete
        return open_calls(self.accumulator.parts) if waits else []

    def _sent(self) -> None:
        if not self.meter.under_way:
            self.began_at = utc_now()
        self.meter.sent()
        self.ledger.sent()
        self._enter(Step.WAITING)

    def _take_all(self, events: list[StreamEvent]) -> None:
        for event in events:
            self._take(event)

    def _take(self, event: StreamEvent) -> None:
        """Take in what came of a request."""
        self.meter.saw(event)
        if isinstance(event, MessageStart) and self.accumulator.last_index >= 0 and not self.accumulator.answered:
            self._keep(ReplyRestarted())
        if isinstance(event, MessageStop) and self._calls_to_run():
            return  # the reply is not complete: it goes on after the results
        self._keep(event)

    def _keep(self, event: StreamEvent) -> None:
        """Keep one event, and have it shown when its turn has come."""
        news = self.buffer.put(event)
        self.feed.add(event)
        if (ended := self.server_runs.take(event)) is not None:
            self.tool_runs.append(ended)
        if isinstance(event, TextDelta | ThinkingDelta) and self._step is not Step.STREAMING:
            self._enter(Step.STREAMING)
        if news:
            self.watcher.on_arrival(self.buffer)

    def _keep_result(self, calls: Mapping[str, ToolCallPart], answered: ToolAnswered) -> None:
        """Keep the result of a call at once: it cannot be had again."""
        self._keep(answered)
        self.feed.flush()
        self.tool_runs.append(ToolRun(calls[answered.call_id], result_of(answered), self.meter.elapsed_ms))
        if left := self._calls_to_run():
            self._say_running(left)

    def _say_running(self, calls: Sequence[ToolCallPart]) -> None:
        self._enter(Step.WAITING, notice=f"{RUNNING} {', '.join(dict.fromkeys(tool_key(call.name) for call in calls))}")

    async def _recover(self, error: ChatError) -> None:
        """Find the way on from a failure, say so, and wait as long as it takes; raise it if there is none."""
        self.ledger.fail()
        waited_in_vain = self.ledger.silent and error.kind in (ErrorKind.STALLED, ErrorKind.TIMEOUT)
        self.silent = self.silent + 1 if waited_in_vain else 0
        remedy = self._remedy(error)
        match remedy:
            case Remedy.GIVE_UP:
                raise error
            case Remedy.BATCH:
                self.mode, self.meter.fallback = Mode.BATCH, True
                self.accumulator.clock = None
                self.budget.refund()
                self._set_back(remedy, error)
                self._enter(Step.WAITING, error=error, notice=_NO_EVENTS if self.silent else _NO_STREAM)
                return
            case Remedy.RETRY:
                self.meter.retries += 1
            case Remedy.RESUME:
                self.meter.resumes += 1
        wait_s = self.budget.delay_s(error)
        self._set_back(remedy, error, wait_s)
        self._enter(Step.RETRYING, until=self.shared.clock() + wait_s, error=error)
        await asyncio.sleep(wait_s)

    def _remedy(self, error: ChatError) -> Remedy:
        parts = self.accumulator.parts
        situation = Situation(
            mode=self.mode,
            may_ask_again=self.budget.left,
            has_text=self._has_text,
            resumable=bool(parts) and isinstance(parts[-1], TextPart) and not self.buffer.out_of_order,
            silent=self.silent,
        )
        return remedy_for(error, situation, self.job.options)

    def _set_back(self, remedy: Remedy, error: ChatError, wait_s: float = 0.0) -> None:
        self.setbacks.append(Setback(self.meter.elapsed_ms, remedy.value, error.kind, wait_s))

    def _enter(
        self, step: Step, *, until: float | None = None, error: ChatError | None = None, notice: str = ""
    ) -> None:
        self._step = step
        self.watcher.on_phase(
            Phase(
                step,
                since=self.shared.clock(),
                until=until,
                attempt=self.budget.spent,
                attempts=self.budget.attempts,
                error=error,
                notice=notice,
            )
        )

    def _metadata(self, error: ChatError | None) -> ReplyMetadata:
        provider = self.job.provider
        about = ReplyMetadata(
            mode=self.mode,
            provider=provider.name,
            model=self.accumulator.model or self.job.request.model,
            stop_reason=self.accumulator.stop_reason,
            stop_details=self.accumulator.stop_details,
            simulated=self.mode is Mode.STREAM and not provider.streams,
            seams=self.seams,
            open_seams=self.open_seams,
            error=error.to_json() if error else None,
            own_server=self.reply.metadata.own_server,
            round=self.reply.metadata.round,
            contender=self.reply.metadata.contender,
        )
        return self._with_figures(about)

    def _with_figures(self, about: ReplyMetadata) -> ReplyMetadata:
        """Return what is known of the reply, with its usage and cost; a figure that cannot be made is not known."""
        usage, estimated, cost_usd = Usage(), False, None
        with _guarded("its figures could not be made"):
            usage, estimated = self.ledger.usage, self.ledger.estimated
            counted = None if estimated else usage.output_tokens
            about = replace(about, metrics=self.meter.metrics(counted, streamed=about.mode is Mode.STREAM))
        with _guarded("its cost could not be told"):
            cost_usd = self.shared.pricing.cost_usd(about, usage)
        return about.with_usage(usage, cost_usd, estimated=estimated).after(self.reply.metadata)


def _with_seam(seams: tuple[int, ...], place: int) -> tuple[int, ...]:
    return tuple(dict.fromkeys((*seams, place)))


@contextmanager
def _guarded(trouble: str) -> Iterator[None]:
    """Log a fault in here; it costs the reply nothing else."""
    try:
        yield
    except Exception:  # whatever it is, the reply must end and let its conversation go
        log.exception("a reply ended, but %s", trouble)
