"""One reply from its opening to its end: what is stored, shown and asked on every way."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import pytest

from tui_chat.chat import exchange
from tui_chat.chat.accumulator import ReplyAccumulator
from tui_chat.chat.errors import ChatError, ErrorKind
from tui_chat.chat.events import (
    BlockStart,
    BlockStop,
    MessageDelta,
    MessageStart,
    MessageStop,
    StreamEvent,
    TextDelta,
    ThinkingDelta,
)
from tui_chat.chat.message import Conversation, Message, Role, StreamingStatus
from tui_chat.chat.metadata import Mode, ReplyMetadata
from tui_chat.chat.models import Model
from tui_chat.chat.parts import OpaquePart, TextPart, ThinkingPart, ToolCallPart
from tui_chat.chat.prompt import Prompt
from tui_chat.chat.protocols import PendingReply, ReplyRecord
from tui_chat.chat.request import ReplyRequest, Turn, turns_from
from tui_chat.chat.usage import Usage
from tui_chat.streaming.buffer import TokenBuffer
from tui_chat.streaming.job import ReplyJob
from tui_chat.streaming.manager import StreamManager
from tui_chat.streaming.phase import Phase, Step
from tui_chat.streaming.recovery import MOST_EARNED, AttemptBudget, StreamOptions
from tui_chat.streaming.stop import Outcome, Stop

NOW = datetime(2026, 1, 2, tzinfo=UTC)
START = MessageStart("msg", "model-1", Usage(input_tokens=10))
END: list[StreamEvent] = [MessageDelta("end_turn", Usage(output_tokens=5)), MessageStop()]
BUSY = ChatError(ErrorKind.OVERLOADED, "Busy.", retry_after_s=0)
CUT = ChatError(ErrorKind.PROTOCOL, "Cut.", retry_after_s=0)
DENIED = ChatError(ErrorKind.AUTHENTICATION, "No key.")
NO_STREAM = ChatError(ErrorKind.PROTOCOL, "HTML.", streaming_unavailable=True)


class Forever:
    """A place in a script at which the provider never goes on."""


Script = Sequence[StreamEvent | ChatError | Forever]


@dataclass
class ScriptedProvider:
    """Plays one script a request."""

    scripts: list[Script]
    streams: bool = True
    name: str = "scripted"
    requests: list[ReplyRequest] = field(default_factory=list)
    batch: list[bool] = field(default_factory=list)
    closed: int = 0

    async def stream(self, request: ReplyRequest, on_sent: Callable[[], None]) -> AsyncGenerator[StreamEvent, None]:
        script = self._next(request, batch=False)
        on_sent()
        try:
            for step in script:
                if isinstance(step, ChatError):
                    raise step
                if isinstance(step, Forever):
                    await asyncio.Event().wait()
                else:
                    yield step
                    await asyncio.sleep(0)
        finally:
            self.closed += 1

    async def create(self, request: ReplyRequest, on_sent: Callable[[], None]) -> Sequence[StreamEvent]:
        script = self._next(request, batch=True)
        on_sent()
        if any(isinstance(step, Forever) for step in script):
            await asyncio.Event().wait()
        for step in script:
            if isinstance(step, ChatError):
                raise step
        return [step for step in script if not isinstance(step, ChatError | Forever)]

    async def list_models(self) -> Sequence[Model]:
        return []

    async def count_tokens(self, request: ReplyRequest) -> int | None:
        return None

    def _next(self, request: ReplyRequest, *, batch: bool) -> Script:
        self.requests.append(request)
        self.batch.append(batch)
        return self.scripts.pop(0)


@dataclass
class MemoryJournal:
    """Keeps what it is told."""

    calls: list[str] = field(default_factory=list)
    events: list[StreamEvent] = field(default_factory=list)
    finished: list[Message] = field(default_factory=list)
    discarded: list[Message] = field(default_factory=list)

    def begin(self, pending: PendingReply) -> Future[None]:
        self.calls.append("begin")
        return done()

    def append(self, message_id: str, events: Sequence[StreamEvent]) -> None:
        self.calls.append("append")
        self.events.extend(events)

    def finish(self, reply: Message) -> Future[None]:
        self.calls.append("finish")
        self.finished.append(reply)
        return done()

    def discard(self, pending: PendingReply, reply: Message) -> Future[None]:
        self.calls.append("discard")
        self.discarded.append(reply)
        return done()


def done() -> Future[None]:
    future: Future[None] = Future()
    future.set_result(None)
    return future


class PriceOfOne:
    """Every reply costs a dollar."""

    def cost_usd(self, about: ReplyMetadata, usage: Usage) -> float | None:
        return 1.0


@dataclass
class Watcher:
    """Remembers what it saw, and can act when it sees something."""

    steps: list[Step] = field(default_factory=list)
    events: list[StreamEvent] = field(default_factory=list)
    on: Callable[[StreamEvent | Phase], None] = lambda _: None
    behind: bool = False
    unseen: bool = False
    leave: Callable[[ToolCallPart], Awaitable[bool]] | None = None

    async def may_run(self, call: ToolCallPart) -> bool:
        return self.leave is None or await self.leave(call)

    def on_phase(self, phase: Phase) -> None:
        self.steps.append(phase.step)
        self.on(phase)

    def on_arrival(self, buffer: TokenBuffer) -> None:
        for event in buffer.drain():
            self.events.append(event)
            self.on(event)

    @property
    def text(self) -> str:
        return "".join(event.text for event in self.events if isinstance(event, TextDelta))


@dataclass
class Scene:
    """One reply, run to its end."""

    provider: ScriptedProvider
    journal: MemoryJournal = field(default_factory=MemoryJournal)
    watcher: Watcher = field(default_factory=Watcher)
    stop: Stop = field(default_factory=Stop)

    async def run(
        self,
        *,
        mode: Mode = Mode.STREAM,
        options: StreamOptions | None = None,
        pending: PendingReply | None = None,
        prefill: bool = False,
    ) -> Message:
        pending = pending or exchange.send(Conversation(), Prompt("Hello"), ReplyMetadata(mode=mode), NOW)
        request = ReplyRequest("model-1", turns_from(pending.conversation.before(pending.reply.id)))
        job = replace(self.job(pending, request), options=options or StreamOptions(), mode=mode, prefill=prefill)
        return await StreamManager(self.journal, PriceOfOne()).run(job, self.watcher, self.stop)

    def job(self, pending: PendingReply, request: ReplyRequest) -> ReplyJob:
        return ReplyJob(pending, self.journal.begin(pending), request, self.provider, StreamOptions())


def scene(*scripts: Script) -> Scene:
    return Scene(ScriptedProvider(list(scripts)))


def say(*texts: str) -> list[StreamEvent]:
    return [TextDelta(0, text) for text in texts]


async def test_a_reply_is_stored_before_it_is_asked_for_and_when_it_is_whole() -> None:
    played = scene([START, *say("Hel", "lo"), *END])
    message = await played.run()
    assert message.status is StreamingStatus.COMPLETE
    assert message.text == played.watcher.text == "Hello"
    assert (played.journal.calls[0], played.journal.calls[-1]) == ("begin", "finish")
    assert played.journal.finished == [message]
    assert played.journal.events[-1] == MessageStop()
    metadata = message.metadata
    assert (metadata.model, metadata.stop_reason, metadata.cost_usd) == ("model-1", "end_turn", 1.0)
    assert (metadata.usage.input_tokens, metadata.usage.output_tokens) == (10, 5)
    assert metadata.metrics.ttft_ms is not None
    assert played.watcher.steps == [Step.CONNECTING, Step.CONNECTING, Step.WAITING, Step.STREAMING]


async def test_a_batch_reply_is_the_same_message() -> None:
    streamed = await scene([START, *say("Hel", "lo"), *END]).run()
    batch = await scene([START, *say("Hello"), *END]).run(mode=Mode.BATCH)
    assert (batch.text, batch.parts, batch.metadata.usage) == (streamed.text, streamed.parts, streamed.metadata.usage)
    assert batch.metadata.mode is Mode.BATCH
    assert batch.metadata.metrics.chars_per_second is None


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize(
    ("outcome", "status"), [(Outcome.KEEP, StreamingStatus.STOPPED), (Outcome.DISCARD, StreamingStatus.CANCELLED)]
)
async def test_stop_ends_a_reply_that_will_never_come(outcome: Outcome, status: StreamingStatus, mode: Mode) -> None:
    played = scene([Forever()])
    played.watcher.on = lambda seen: (
        played.stop.request(outcome) if isinstance(seen, Phase) and seen.step is Step.WAITING else None
    )
    message = await played.run(mode=mode)
    assert message.status is status
    assert message.text == ""


async def test_stop_keeps_the_text_already_shown_and_closes_the_stream() -> None:
    played = scene([START, *say("Hel", "lo"), Forever()])
    played.watcher.on = lambda seen: (
        played.stop.request(Outcome.KEEP) if isinstance(seen, TextDelta) and seen.text == "lo" else None
    )
    message = await played.run()
    assert (message.status, message.text) == (StreamingStatus.STOPPED, "Hello")
    assert played.provider.closed == 1
    assert len(played.provider.requests) == 1
    task = asyncio.current_task()
    assert task is not None
    assert not task.cancelling()  # what the task does after the reply goes on
    assert played.journal.finished == [message]


async def test_stop_gets_its_turn_among_events_that_are_all_there_already() -> None:
    class AtOnce(ScriptedProvider):
        async def stream(self, request: ReplyRequest, on_sent: Callable[[], None]) -> AsyncGenerator[StreamEvent, None]:
            on_sent()
            yield START
            yield BlockStart(0, "text")
            while True:
                yield TextDelta(0, "more ")

    played = Scene(AtOnce([]))
    played.watcher.on = lambda seen: played.stop.request(Outcome.KEEP) if isinstance(seen, TextDelta) else None
    message = await played.run()
    assert message.status is StreamingStatus.STOPPED


async def test_cancel_takes_the_exchange_back() -> None:
    played = scene([START, *say("Hel"), Forever()])
    played.watcher.on = lambda seen: played.stop.request(Outcome.DISCARD) if isinstance(seen, TextDelta) else None
    message = await played.run()
    assert (message.status, message.parts) == (StreamingStatus.CANCELLED, ())
    assert played.journal.discarded == [message]
    assert played.journal.finished == []


async def test_a_stop_before_the_reply_begins_counts() -> None:
    played = scene()
    played.stop.request(Outcome.KEEP)
    message = await played.run()
    assert message.status is StreamingStatus.STOPPED
    assert played.provider.requests == []


async def test_stop_ends_the_countdown_to_a_retry() -> None:
    played = scene([ChatError(ErrorKind.RATE_LIMITED, "Wait.", retry_after_s=100)])
    played.watcher.on = lambda seen: (
        played.stop.request(Outcome.KEEP) if isinstance(seen, Phase) and seen.step is Step.RETRYING else None
    )
    assert (await played.run()).status is StreamingStatus.STOPPED
    assert len(played.provider.requests) == 1


async def test_a_failure_before_the_first_token_is_tried_again() -> None:
    played = scene([BUSY], [START, ThinkingDelta(0, "hm"), BUSY], [START, *say("Hello"), *END])
    message = await played.run()
    assert (message.status, message.text, message.thinking) == (StreamingStatus.COMPLETE, "Hello", "")
    assert message.metadata.metrics.retries == 2
    assert ReplyAccumulator().extend(played.watcher.events).parts == message.parts
    assert played.provider.requests[0] == played.provider.requests[2]


async def test_it_gives_up_after_as_many_attempts_as_are_allowed() -> None:
    played = scene(*[[BUSY]] * 3)
    message = await played.run(options=StreamOptions(retry_attempts=2))
    assert message.status is StreamingStatus.FAILED
    assert message.metadata.error is not None
    assert message.metadata.error["kind"] == "overloaded"


async def test_a_word_and_then_a_reset_for_ever_is_not_asked_for_for_ever() -> None:
    words = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
    played = scene(*([START, *say(f" {word}"), CUT] for word in words))
    counted: list[tuple[int, int]] = []
    played.watcher.on = lambda seen: (
        counted.append((seen.attempt, seen.attempts))
        if isinstance(seen, Phase) and seen.step is Step.RETRYING
        else None
    )
    message = await played.run(options=StreamOptions(retry_attempts=3))
    assert message.status is StreamingStatus.FAILED
    assert message.text == " one two three four"
    assert counted == [(1, 3), (2, 3), (3, 3)]


async def test_a_request_that_brings_a_share_of_the_reply_earns_another_up_to_a_limit() -> None:
    pieces = [f" {number:04}" * 200 for number in range(30)]
    played = scene(*([START, *say(piece), CUT] for piece in pieces))
    counted: list[tuple[int, int]] = []
    played.watcher.on = lambda seen: (
        counted.append((seen.attempt, seen.attempts))
        if isinstance(seen, Phase) and seen.step is Step.RETRYING
        else None
    )
    message = await played.run(options=StreamOptions(retry_attempts=1))
    assert message.status is StreamingStatus.FAILED
    assert message.text == "".join(pieces[: 2 + MOST_EARNED])
    assert counted == [(number, number) for number in range(1, 2 + MOST_EARNED)]


async def test_the_wait_grows_while_nothing_much_comes() -> None:
    budget = AttemptBudget(8)
    waits = []
    for now in (5, 6, 7, 8, 500, 501):
        budget.spend(now - 1, now) if now != 500 else budget.spend(8, 500)
        waits.append(budget.delay_s(ChatError(ErrorKind.NETWORK, "Cut."), jitter=0))
    assert waits == [0.5, 1, 2, 4, 0.5, 1]


async def test_a_stream_that_nothing_comes_of_twice_is_asked_for_in_one_piece() -> None:
    silent = ChatError(ErrorKind.STALLED, "Nothing came.", retry_after_s=0)
    played = scene([silent], [silent], [START, *say("Hello"), *END])
    notices: list[str] = []
    played.watcher.on = lambda seen: notices.append(seen.notice) if isinstance(seen, Phase) and seen.notice else None
    message = await played.run()
    assert (message.text, message.metadata.mode, message.metadata.metrics.fallback) == ("Hello", Mode.BATCH, True)
    assert played.provider.batch == [False, False, True]
    assert notices == ["Nothing comes while it streams; asking for the whole reply at once."]


async def test_the_rest_of_a_reply_that_a_proxy_holds_back_comes_in_one_piece_too() -> None:
    silent = ChatError(ErrorKind.STALLED, "Nothing came.", retry_after_s=0)
    played = scene([START, *say("The cat"), CUT], [silent], [silent], [START, *say("The cat sat."), *END])
    message = await played.run()
    assert (message.text, message.status) == ("The cat sat.", StreamingStatus.COMPLETE)
    assert played.provider.batch == [False, False, False, True]


class Broken:
    """Every part that is asked after the text is stored has a fault."""

    def cost_usd(self, about: ReplyMetadata, usage: Usage) -> float | None:
        raise ZeroDivisionError

    def reply_ended(self, record: ReplyRecord) -> None:
        raise KeyError


@pytest.mark.parametrize("outcome", [None, Outcome.KEEP, Outcome.DISCARD])
async def test_whatever_fails_at_its_end_a_reply_ends_with_its_text_stored(
    outcome: Outcome | None, caplog: pytest.LogCaptureFixture
) -> None:
    played = scene([START, *say("Hel", "lo"), *([Forever()] if outcome else END)])

    def stop(seen: StreamEvent | Phase) -> None:
        if outcome and isinstance(seen, TextDelta) and seen.text == "lo":
            played.stop.request(outcome)

    played.watcher.on = stop
    pending = exchange.send(Conversation(), Prompt("Hello"), ReplyMetadata(), NOW)
    request = ReplyRequest("model-1", turns_from(pending.conversation.before(pending.reply.id)))
    manager = StreamManager(played.journal, Broken(), observer=Broken())
    message = await manager.run(played.job(pending, request), played.watcher, played.stop)
    assert message.text == ("" if outcome is Outcome.DISCARD else "Hello")
    assert (message.metadata.cost_usd, message.metadata.usage.input_tokens) == (None, 10)
    assert played.journal.finished + played.journal.discarded == [message]
    if outcome is not Outcome.DISCARD:
        assert ReplyAccumulator().extend(played.journal.events).parts == message.parts
    assert caplog.messages == [
        "a reply ended, but its cost could not be told",
        "a reply ended, but its observer failed",
    ]


class FullJournal(MemoryJournal):
    """Takes nothing."""

    def append(self, message_id: str, events: Sequence[StreamEvent]) -> None:
        raise OSError

    def finish(self, reply: Message) -> Future[None]:
        raise OSError


async def test_a_reply_whose_end_cannot_be_stored_ends_all_the_same(caplog: pytest.LogCaptureFixture) -> None:
    played = scene([START, *say("Hello"), *END])
    played.journal = FullJournal()
    assert (await played.run()).text == "Hello"
    assert caplog.messages == [
        "a reply ended, but its last text could not be journalled",
        "a reply ended, but its end could not be stored",
    ]


async def test_a_reply_whose_last_text_cannot_be_shown_ends_all_the_same(caplog: pytest.LogCaptureFixture) -> None:
    played = scene([START, *say("The cat "), BlockStart(1, "text"), TextDelta(1, "It slept"), CUT])

    def break_down(seen: StreamEvent | Phase) -> None:
        if isinstance(seen, TextDelta) and seen.index == 1:
            raise KeyError

    played.watcher.on = break_down
    assert (await played.run()).text == "The cat It slept"
    assert caplog.messages == ["a reply ended, but its last events could not be shown"]


async def test_a_stopped_reply_has_the_input_that_is_known_and_an_estimate_of_its_output() -> None:
    played = scene([START, *say("Hel", "lo there, you"), Forever()])
    played.watcher.on = lambda seen: (
        played.stop.request(Outcome.KEEP) if isinstance(seen, TextDelta) and "you" in seen.text else None
    )
    metadata = (await played.run()).metadata
    assert (metadata.usage, metadata.estimated) == (Usage(input_tokens=10, output_tokens=16 // 3), True)
    assert metadata.cost_usd == 1.0
    assert metadata.metrics.tokens_per_second is None


async def test_what_was_refused_is_not_charged_for() -> None:
    metadata = (await scene(*[[BUSY]] * 3).run(options=StreamOptions(retry_attempts=2))).metadata
    assert (metadata.usage, metadata.estimated) == (Usage(), False)


async def test_a_reply_that_goes_on_has_the_figures_of_all_its_parts() -> None:
    pending = exchange.send(Conversation(), Prompt("Count"), ReplyMetadata(), NOW)
    figures = ReplyMetadata(usage=Usage(input_tokens=7, output_tokens=3), cost_usd=0.5, estimated=True)
    first = replace(pending.reply, parts=(TextPart("One two"),), status=StreamingStatus.STOPPED, metadata=figures)
    conversation = pending.conversation.with_message(first)
    played = scene([START, *say("One two three"), *END])
    going_on = exchange.go_on(conversation, first.id, ReplyMetadata(), NOW)
    metadata = (await played.run(pending=going_on)).metadata
    assert metadata.usage == Usage(input_tokens=17, output_tokens=8)
    assert (metadata.cost_usd, metadata.estimated) == (1.5, True)
    leg = metadata.beyond(going_on.reply.metadata)
    assert (leg.usage, leg.cost_usd) == (Usage(input_tokens=10, output_tokens=5), 1.0)


REFUSED = ChatError(ErrorKind.INVALID_REQUEST, "No prefill.")


async def test_a_reply_is_begun_for_a_model_that_may_go_on_with_it() -> None:
    played = scene([START, *say("The cat "), CUT], [START, *say("sat."), *END])
    message = await played.run(prefill=True)
    assert (message.text, message.metadata.open_seams) == ("The cat sat.", ())
    assert played.provider.requests[1].turns[-1] == Turn(Role.ASSISTANT, (TextPart("The cat"),))


async def test_where_that_is_refused_the_rest_is_asked_for_in_words_at_once() -> None:
    played = scene([START, *say("The cat "), CUT], [REFUSED], [START, *say("The cat sat."), *END])
    message = await played.run(prefill=True)
    assert (message.text, message.metadata.metrics.resumes) == ("The cat sat.", 1)
    assert [request.turns[-1].role for request in played.provider.requests] == [Role.USER, Role.ASSISTANT, Role.USER]
    assert message.metadata.usage.input_tokens == 20


async def test_what_a_model_is_asked_never_stands_in_the_reply() -> None:
    echoes = ("Your previous response was cut off. ", "<tail>", "</ta", "il><again>", "The cat</again> sat.")
    played = scene([START, *say("The cat"), CUT], [START, *say(*echoes), *END])
    assert (await played.run()).text == "The cat sat."


@pytest.mark.parametrize("echo", ["<tail>no cat</tail> here", "Your previous response was cut off: no cat here"])
async def test_nor_where_it_answers_with_something_else(echo: str) -> None:
    played = scene([START, *say("The cat sat down"), CUT], [START, *say(echo), *END])
    assert (await played.run()).text == "The cat sat downno cat here"


async def test_what_cannot_succeed_is_not_tried_again() -> None:
    played = scene([DENIED])
    assert (await played.run()).status is StreamingStatus.FAILED
    assert len(played.provider.requests) == 1


async def test_a_dropped_reply_is_resumed_without_a_seam() -> None:
    played = scene(
        [START, *say("The cat sat on", " the mat and"), CUT],
        [START, *say("The cat sat on the mat", " and slept"), CUT],
        [START, *say(" until noon."), *END],
    )
    message = await played.run()
    assert message.text == played.watcher.text == "The cat sat on the mat and slept until noon."
    assert ReplyAccumulator().extend(played.watcher.events).parts == message.parts
    assert message.status is StreamingStatus.COMPLETE
    assert message.metadata.metrics.resumes == 2
    assert message.metadata.seams == (len("The cat sat on the mat and"), len("The cat sat on the mat and slept"))
    came = len("The cat sat on the mat and") // 3 + len("The cat sat on the mat and slept") // 3
    assert message.metadata.usage == Usage(input_tokens=30, output_tokens=came + 5)
    assert message.metadata.estimated
    assert message.metadata.open_seams == (len("The cat sat on the mat and slept"),)
    for marked in ("The cat sat on the mat and</tail>", "<again>The cat sat on the mat and</again>"):
        assert marked in str(played.provider.requests[1].turns[-1])


async def test_a_rest_that_is_cut_while_it_repeats_leaves_nothing_of_that() -> None:
    played = scene(
        [START, *say("The cat sat on the mat and"), CUT],
        [START, *say("The cat sat on"), CUT],
        [START, *say("The cat sat on the mat", " and slept."), *END],
    )
    message = await played.run()
    assert message.text == played.watcher.text == "The cat sat on the mat and slept."
    assert message.metadata.seams == (len("The cat sat on the mat and"),)


async def test_a_reply_with_a_gap_is_not_resumed_from_its_end() -> None:
    played = scene([START, *say("The cat "), BlockStart(1, "text"), TextDelta(1, "It slept"), CUT])
    message = await played.run()
    assert (message.status, message.text) == (StreamingStatus.FAILED, "The cat It slept")
    assert played.watcher.text == message.text
    assert len(played.provider.requests) == 1


async def test_a_fault_of_the_program_costs_nothing_that_came(caplog: pytest.LogCaptureFixture) -> None:
    played = scene([START, *say("Hel"), Forever()])

    def break_down(seen: StreamEvent | Phase) -> None:
        if isinstance(seen, TextDelta):
            raise KeyError("secret")

    played.watcher.on = break_down
    message = await played.run()
    assert (message.status, message.text) == (StreamingStatus.FAILED, "Hel")
    assert message.metadata.error is not None
    assert message.metadata.error["kind"] == "internal"
    assert "tui-chat made a mistake of its own" in str(message.metadata.error)
    assert "secret" not in str(message.metadata.error)
    assert "a reply ended in a fault of the program" in caplog.messages


@pytest.mark.parametrize(
    ("streams", "mode", "first", "timed"),
    [
        (True, Mode.STREAM, [], True),
        (True, Mode.BATCH, [], False),
        (True, Mode.STREAM, [[NO_STREAM]], False),
        (False, Mode.STREAM, [], False),
    ],
)
async def test_thinking_is_timed_where_it_comes_as_it_is_thought(
    streams: bool, mode: Mode, first: list[Script], timed: bool
) -> None:
    played = scene(*first, [START, ThinkingDelta(0, "h"), ThinkingDelta(0, "m"), TextDelta(1, "So."), *END])
    played.provider.streams = streams
    message = await played.run(mode=mode)
    thought = message.parts[0]
    assert isinstance(thought, ThinkingPart)
    assert (thought.duration_ms is not None) is timed


async def test_without_resume_what_came_is_kept_and_marked_failed() -> None:
    played = scene([START, *say("Hel"), CUT])
    message = await played.run(options=StreamOptions(resume=False))
    assert (message.status, message.text) == (StreamingStatus.FAILED, "Hel")


async def test_where_streaming_itself_fails_the_reply_comes_in_one_piece() -> None:
    played = scene([NO_STREAM], [START, *say("Hello"), *END])
    message = await played.run()
    assert (message.text, message.metadata.mode, message.metadata.metrics.fallback) == ("Hello", Mode.BATCH, True)
    assert played.provider.batch == [False, True]


async def test_the_rest_of_a_stopped_reply_is_added_to_it() -> None:
    pending = exchange.send(Conversation(), Prompt("Count"), ReplyMetadata(), NOW)
    first = replace(pending.reply, parts=(TextPart("One two"),), status=StreamingStatus.STOPPED)
    conversation = pending.conversation.with_message(first)
    played = scene([START, *say("One two three"), *END])
    message = await played.run(pending=exchange.go_on(conversation, first.id, ReplyMetadata(), NOW))
    assert (message.id, message.text, message.status) == (first.id, "One two three", StreamingStatus.COMPLETE)
    assert message.metadata.seams == (len("One two"),)


async def test_a_turn_that_was_paused_among_the_providers_tools_goes_on_from_just_what_came() -> None:
    pending = exchange.send(Conversation(), Prompt("Search"), ReplyMetadata(), NOW)
    came = (TextPart("Let me see."), ToolCallPart("s1", "web_search", "{}", server=True))
    about = ReplyMetadata(stop_reason="pause_turn")
    first = replace(pending.reply, parts=came, status=StreamingStatus.COMPLETE, metadata=about)
    conversation = pending.conversation.with_message(first)
    result = {"type": "web_search_tool_result", "tool_use_id": "s1"}
    found = BlockStart(0, "web_search_tool_result", result), BlockStop(0)
    rest = BlockStart(1, "text"), TextDelta(1, "It is so."), BlockStop(1)
    played = scene([BUSY], [START, *found, *rest, *END])
    message = await played.run(pending=exchange.go_on(conversation, first.id, ReplyMetadata(), NOW))
    assert [request.turns[-1] for request in played.provider.requests] == [Turn(Role.ASSISTANT, came)] * 2
    assert message.parts == (*came, OpaquePart("web_search_tool_result", result), TextPart("It is so."))
    assert (message.status, message.metadata.stop_reason) == (StreamingStatus.COMPLETE, "end_turn")


async def test_a_reply_that_broke_off_with_nothing_but_blanks_is_asked_for_anew() -> None:
    played = scene([START, *say("\n", " "), CUT], [START, *say("One"), *END])
    message = await played.run()
    assert played.provider.requests[1] == played.provider.requests[0]
    assert (message.text, message.metadata.seams) == ("One", ())


async def test_a_turn_that_was_paused_goes_on_without_a_text_that_was_begun_and_is_blank() -> None:
    pending = exchange.send(Conversation(), Prompt("Search"), ReplyMetadata(), NOW)
    call = ToolCallPart("s1", "web_search", "{}", server=True)
    about = ReplyMetadata(stop_reason="pause_turn")
    first = replace(pending.reply, parts=(TextPart(""), call), status=StreamingStatus.COMPLETE, metadata=about)
    conversation = pending.conversation.with_message(first)
    played = scene([START, *say("It is so."), *END])
    await played.run(pending=exchange.go_on(conversation, first.id, ReplyMetadata(), NOW))
    assert played.provider.requests[0].turns[-1] == Turn(Role.ASSISTANT, (call,))


async def test_a_reply_waits_for_a_screen_that_is_behind() -> None:
    played = scene([START, *say("a", "b"), *END])

    def fall_behind(seen: StreamEvent | Phase) -> None:
        if isinstance(seen, TextDelta) and seen.text == "a":
            played.watcher.behind = True
            asyncio.get_running_loop().call_later(0.05, catch_up)

    def catch_up() -> None:
        assert played.watcher.text == "a"
        played.watcher.behind = False

    played.watcher.on = fall_behind
    assert (await played.run()).text == "ab"
