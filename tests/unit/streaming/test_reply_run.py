"""What a run asks, measures, records and says on its way."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

import pytest

from tests.unit.streaming.test_manager import (
    BUSY,
    CUT,
    DENIED,
    END,
    NO_STREAM,
    NOW,
    START,
    PriceOfOne,
    Scene,
    Script,
    ScriptedProvider,
    say,
)
from tests.unit.streaming.test_tool_rounds import CALLED, call
from tui_chat.chat import exchange
from tui_chat.chat.errors import ChatError, ErrorKind
from tui_chat.chat.events import BlockStart, BlockStop, MessageStart, MessageStop, StreamEvent, TextDelta
from tui_chat.chat.message import Conversation, Message, Role, utc_now
from tui_chat.chat.metadata import Mode, ReplyMetadata
from tui_chat.chat.prompt import Prompt
from tui_chat.chat.protocols import ReplyRecord
from tui_chat.chat.request import ReplyRequest, turns_from
from tui_chat.streaming.manager import StreamManager
from tui_chat.streaming.no_journal import NoJournal
from tui_chat.streaming.phase import Phase, Step
from tui_chat.streaming.recovery import StreamOptions

SERVER = ChatError(ErrorKind.SERVER, "It fell over.", retry_after_s=0)


@dataclass
class TimedScene(Scene):
    """One reply by a clock that goes on by so many seconds with each phase, and by one with each text."""

    now: float = 100.0
    phases: list[Phase] = field(default_factory=list)
    records: list[ReplyRecord] = field(default_factory=list)
    took: dict[Step, float] = field(default_factory=dict)

    def reply_ended(self, record: ReplyRecord) -> None:
        self.records.append(record)

    def see(self, seen: StreamEvent | Phase) -> None:
        if isinstance(seen, Phase):
            self.phases.append(seen)
            self.now += self.took.get(seen.step, 0)
        elif isinstance(seen, TextDelta):
            self.now += 1

    async def ask(self, *, mode: Mode = Mode.STREAM) -> Message:
        self.watcher.on = self.see
        pending = exchange.send(Conversation(), Prompt("Hello"), ReplyMetadata(mode=mode), NOW)
        request = ReplyRequest("model-1", turns_from(pending.conversation.before(pending.reply.id)))
        manager = StreamManager(self.journal, PriceOfOne(), lambda: self.now, self)
        return await manager.run(replace(self.job(pending, request), mode=mode), self.watcher, self.stop)


def scene(*scripts: Script, took: dict[Step, float] | None = None) -> TimedScene:
    return TimedScene(ScriptedProvider(list(scripts)), took=took or {})


async def test_a_reply_is_measured_from_when_its_request_has_left() -> None:
    took = {Step.CONNECTING: 5.0, Step.WAITING: 2.0}
    metrics = (await scene([START, *say("Hel", "lo"), *END], took=took).ask()).metadata.metrics
    assert (metrics.ttft_ms, metrics.duration_ms) == (2000, 4000)
    assert (metrics.tokens_per_second, metrics.chars_per_second, metrics.longest_gap_ms) == (5, 5, 1000)


async def test_a_reply_that_cannot_be_measured_is_kept(caplog: pytest.LogCaptureFixture) -> None:
    played = scene([START, *say("Hel", "lo"), *END])

    def clock() -> float:
        if played.watcher.text == "Hello":
            raise OverflowError
        return 0

    pending = exchange.send(Conversation(), Prompt("Hello"), ReplyMetadata(), NOW)
    job = played.job(pending, ReplyRequest("model-1", ()))
    message = await StreamManager(played.journal, PriceOfOne(), clock).run(job, played.watcher, played.stop)
    assert message.text == "Hello"
    assert "a reply ended, but its figures could not be made" in caplog.messages


async def test_it_began_when_its_first_request_left(monkeypatch: pytest.MonkeyPatch) -> None:
    played, times = scene([BUSY], [START, *say("Hello"), *END]), dict[tuple[Step, int], datetime]()
    see = played.see

    def note(seen: StreamEvent | Phase) -> None:
        see(seen)
        if isinstance(seen, Phase):
            times.setdefault((seen.step, seen.attempt), utc_now())

    monkeypatch.setattr(played, "see", note)
    await played.ask()
    assert times[Step.CONNECTING, 0] <= played.records[0].began_at <= times[Step.WAITING, 0]


async def test_a_retry_is_counted_down_to_its_time() -> None:
    played = scene([BUSY], [START, *say("Hello"), *END])
    await played.ask()
    assert [(it.since, it.until) for it in played.phases if it.step is Step.RETRYING] == [(100, 100)]
    waits = ChatError(ErrorKind.RATE_LIMITED, "Wait.", retry_after_s=0.01)
    played = scene([waits], [START, *say("Hello"), *END])
    await played.ask()
    assert [it.until for it in played.phases if it.step is Step.RETRYING] == [100.01]


async def test_each_request_connects_and_waits_before_its_text_flows() -> None:
    played = scene([START, *say("The cat"), CUT], [START, *say("The cat sat."), *END])
    await played.ask()
    asked = [Step.CONNECTING, Step.WAITING, Step.STREAMING]
    assert played.watcher.steps == [Step.CONNECTING, *asked, Step.RETRYING, *asked]


async def test_the_model_is_the_one_that_answered_else_the_one_that_was_asked() -> None:
    assert (await scene([MessageStart("m", "model-1-2026"), *END]).ask()).metadata.model == "model-1-2026"
    assert (await scene([DENIED]).ask()).metadata.model == "model-1"


@pytest.mark.parametrize(
    ("streams", "mode", "simulated"),
    [(True, Mode.STREAM, False), (False, Mode.STREAM, True), (True, Mode.BATCH, False), (False, Mode.BATCH, False)],
)
async def test_a_flow_is_simulated_where_the_provider_has_none(streams: bool, mode: Mode, simulated: bool) -> None:
    played = scene([START, *say("Hello"), *END])
    played.provider.streams = streams
    assert (await played.ask(mode=mode)).metadata.simulated is simulated


async def test_a_fallback_says_so_and_is_no_attempt() -> None:
    played = Scene(ScriptedProvider([[NO_STREAM], [BUSY], [START, *say("Hello"), *END]]))
    notices: list[str] = []
    played.watcher.on = lambda seen: notices.append(seen.notice) if isinstance(seen, Phase) and seen.notice else None
    assert (await played.run(options=StreamOptions(retry_attempts=1))).text == "Hello"
    assert notices == ["Streaming does not work here; asking without it."]


@pytest.mark.parametrize(
    ("failure", "begun_again"),
    [(BUSY, True), (SERVER, False), (ChatError(ErrorKind.INVALID_REQUEST, "No.", retry_after_s=0), False)],
)
async def test_a_begun_reply_is_given_up_only_for_what_may_be_a_refusal_of_it(
    failure: ChatError, begun_again: bool
) -> None:
    played = Scene(ScriptedProvider([[START, *say("The cat"), CUT], [failure], [START, *say(" sat."), *END]]))
    assert (await played.run(prefill=True)).text == "The cat sat."
    last = [request.turns[-1].role for request in played.provider.requests]
    assert last == [Role.USER, Role.ASSISTANT, Role.ASSISTANT if begun_again else Role.USER]


async def test_a_begun_reply_that_fails_after_an_answer_is_begun_again() -> None:
    played = Scene(ScriptedProvider([[START, *say("The cat"), CUT], [START, SERVER], [START, *say(" sat."), *END]]))
    assert (await played.run(prefill=True)).text == "The cat sat."
    assert played.provider.requests[2].turns[-1].role is Role.ASSISTANT


async def test_calls_that_nobody_offered_end_a_reply_all_the_same() -> None:
    played = scene([START, *call(0, "a"), *CALLED])
    await played.ask()
    assert played.journal.events[-1] == MessageStop()


async def test_whoever_observes_is_told_of_the_tools_that_the_provider_ran() -> None:
    asked = BlockStart(0, "server_tool_use", {"id": "s", "name": "web_search"}), BlockStop(0)
    found = BlockStart(1, "web_search_tool_result", {"tool_use_id": "s", "content": []}), BlockStop(1)
    played = scene([START, *asked, *found, *END])
    await played.ask()
    assert [run.call.name for run in played.records[0].tool_runs] == ["web_search"]


async def test_what_is_kept_nowhere_is_fetched_as_well() -> None:
    played, journal = scene([START, *say("Hello"), *END]), NoJournal()
    pending = exchange.send(Conversation(), Prompt("Hello"), ReplyMetadata(), NOW)
    job = replace(played.job(pending, ReplyRequest("model-1", ())), begun=journal.begin(pending))
    manager = StreamManager(journal, PriceOfOne())
    message = await manager.run(job, played.watcher, played.stop)
    assert message.text == "Hello"
    assert manager.journal is journal
    journal.finish(message).result(0)
    journal.discard(pending, message).result(0)
