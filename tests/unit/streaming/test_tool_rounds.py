"""A reply that calls tools of ours: run with leave, answered, and gone on with in the same message."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace

import pytest

from tests.unit.streaming.test_manager import (
    BUSY,
    CUT,
    END,
    NOW,
    START,
    Forever,
    PriceOfOne,
    Scene,
    Script,
    ScriptedProvider,
    say,
)
from tui_chat.chat import exchange
from tui_chat.chat.accumulator import ReplyAccumulator
from tui_chat.chat.errors import ChatError, ErrorKind
from tui_chat.chat.events import (
    BlockStart,
    BlockStop,
    InputJsonDelta,
    MessageDelta,
    MessageStop,
    StreamEvent,
    TextDelta,
    ThinkingDelta,
    event_from_json,
    event_to_json,
)
from tui_chat.chat.message import Conversation, Message, Role, StreamingStatus
from tui_chat.chat.metadata import ReplyMetadata
from tui_chat.chat.parts import Part, TextPart, ToolCallPart, ToolResultPart
from tui_chat.chat.prompt import Prompt
from tui_chat.chat.protocols import ReplyRecord
from tui_chat.chat.request import ReplyRequest, Tool, Turn, turns_from
from tui_chat.chat.usage import Usage
from tui_chat.streaming.manager import StreamManager
from tui_chat.streaming.phase import Phase
from tui_chat.streaming.recovery import StreamOptions
from tui_chat.streaming.seam import anchor_of
from tui_chat.streaming.stop import Outcome

TOOLS = (Tool("look", "Looks.", {"type": "object"}),)
CALLED: list[StreamEvent] = [MessageDelta("tool_use", Usage(output_tokens=7)), MessageStop()]


def call(index: int, id: str, arguments: str = "{}", name: str = "look") -> list[StreamEvent]:
    return [
        BlockStart(index, "tool_use", {"type": "tool_use", "id": id, "name": name}),
        InputJsonDelta(index, arguments),
        BlockStop(index),
    ]


@dataclass
class Runner:
    """Answers each call with its id, or as it is told."""

    calls: list[ToolCallPart] = field(default_factory=list)
    act: Callable[[ToolCallPart], Awaitable[None]] | None = None
    cancelled: int = 0
    waits_for: Sequence[str] = ()

    async def offered(self) -> Sequence[Tool]:
        return TOOLS

    def tool(self, name: str) -> Tool | None:
        return next((tool for tool in TOOLS if tool.name == name), None)

    async def run(self, call: ToolCallPart) -> ToolResultPart:
        self.calls.append(call)
        try:
            if self.act is not None:
                await self.act(call)
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        return ToolResultPart(call.id, f"seen {call.id}")


@dataclass
class ToolScene(Scene):
    """One reply with tools, run to its end."""

    runner: Runner = field(default_factory=Runner)
    records: list[ReplyRecord] = field(default_factory=list)

    def reply_ended(self, record: ReplyRecord) -> None:
        self.records.append(record)

    async def ask(self, options: StreamOptions | None = None, before: Message | None = None) -> Message:
        pending = exchange.send(Conversation(), Prompt("Hello"), ReplyMetadata(), NOW)
        if before is not None:
            reply = replace(before, id=pending.reply.id, parent_id=pending.reply.parent_id)
            pending = exchange.go_on(pending.conversation.with_message(reply), reply.id, ReplyMetadata(), NOW)
        asked = turns_from(pending.conversation.before(pending.reply.id))
        job = self.job(pending, ReplyRequest("model-1", asked))
        job = replace(job, tools=self.runner, options=options or StreamOptions())
        return await StreamManager(self.journal, PriceOfOne(), observer=self).run(job, self.watcher, self.stop)

    def turns(self, request: int) -> list[tuple[Role, tuple[Part, ...]]]:
        """Return the turns of a request after the prompt."""
        return [(turn.role, turn.parts) for turn in self.provider.requests[request].turns[1:]]


def scene(*scripts: Script) -> ToolScene:
    return ToolScene(ScriptedProvider(list(scripts)))


async def test_the_reply_goes_on_in_the_same_message_after_the_results() -> None:
    played = scene(
        [START, *say("Let me see."), BlockStop(0), *call(1, "a"), *call(2, "b"), *CALLED], [START, *say("It is."), *END]
    )
    message = await played.ask()
    assert message.status is StreamingStatus.COMPLETE
    assert message.text == "Let me see.It is."
    calls = (ToolCallPart("a", "look", "{}"), ToolCallPart("b", "look", "{}"))
    results = (ToolResultPart("a", "seen a"), ToolResultPart("b", "seen b"))
    assert message.parts == (TextPart("Let me see."), *calls, *results, TextPart("It is."))
    assert played.turns(1) == [(Role.ASSISTANT, (TextPart("Let me see."), *calls)), (Role.USER, results)]
    assert (message.metadata.stop_reason, message.metadata.usage.output_tokens) == ("end_turn", 12)


async def test_the_tools_are_those_that_there_are_when_their_servers_have_started() -> None:
    played, seen = scene([START, *say("Yes."), *END]), list[str]()
    played.runner.waits_for = ("time",)
    played.watcher.on = lambda it: seen.append(it.notice) if isinstance(it, Phase) and it.notice else None
    await played.ask()
    assert played.provider.requests[0].tools == TOOLS
    assert seen == ["starting time"]


@pytest.mark.parametrize(
    "words",
    [
        "The demo rejected the request: llama2:7b does not support tools",
        'It said: "auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set.',
        "It said: tools: Extra inputs are not permitted",
        "It said: tools param requires --jinja flag",
    ],
)
async def test_a_model_that_takes_no_tools_is_asked_without_them(words: str) -> None:
    refusal, seen = ChatError(ErrorKind.INVALID_REQUEST, words), list[str]()
    played = scene([refusal], [START, *say("Yes."), *END])
    played.watcher.on = lambda it: seen.append(it.notice) if isinstance(it, Phase) and it.notice else None
    message = await played.ask()
    assert (message.text, message.metadata.estimated) == ("Yes.", False)
    assert [request.tools for request in played.provider.requests] == [TOOLS, ()]
    assert seen == ["This model takes no tools; asking without them."]


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (ErrorKind.INVALID_REQUEST, "The prompt is too long."),
        (ErrorKind.INVALID_REQUEST, "The result of a tool is too long."),
        (ErrorKind.INVALID_REQUEST, "Images are not supported."),
        (ErrorKind.AUTHENTICATION, "This key does not allow tools."),
    ],
)
async def test_another_refusal_is_not_taken_for_that(kind: ErrorKind, words: str) -> None:
    message = await scene([ChatError(kind, words)]).ask()
    assert message.metadata.error is not None
    assert message.metadata.error["sentence"] == words


async def test_a_request_without_tools_that_is_refused_for_them_is_not_made_again() -> None:
    refusals = [ChatError(ErrorKind.INVALID_REQUEST, f"Tools are not supported, {n}.") for n in (1, 2)]
    message = await scene(*([refusal] for refusal in refusals)).ask()
    assert message.metadata.error == refusals[1].to_json()


async def test_what_is_stored_is_sent_again_in_its_turns() -> None:
    message = await scene([START, *call(0, "a"), *CALLED], [START, *say("Yes."), *END]).ask()
    prompts = [Message(Role.USER, (TextPart(text),)) for text in ("One", "Two")]
    assert [(turn.role, len(turn.parts)) for turn in turns_from([prompts[0], message, prompts[1]])] == [
        (Role.USER, 1),
        (Role.ASSISTANT, 1),
        (Role.USER, 1),
        (Role.ASSISTANT, 1),
        (Role.USER, 1),
    ]


async def test_calls_of_one_reply_run_beside_each_other() -> None:
    played, both = scene([START, *call(0, "a"), *call(1, "b"), *CALLED], [START, *END]), asyncio.Barrier(2)

    async def meet(_: ToolCallPart) -> None:
        await both.wait()

    played.runner.act = meet
    assert (await played.ask()).status is StreamingStatus.COMPLETE


async def test_the_calls_that_still_run_are_named() -> None:
    calls = [*call(0, "a"), *call(1, "b", name="touch")]
    played, seen = scene([START, *calls, *CALLED], [START, *END]), list[str]()
    played.watcher.on = lambda it: seen.append(it.notice) if isinstance(it, Phase) and it.notice else None

    async def one_after_the_other(called: ToolCallPart) -> None:
        while called.id == "b" and len(seen) < 2:
            await asyncio.sleep(0)

    played.runner.act = one_after_the_other
    await played.ask()
    assert seen == ["running look, touch", "running touch"]


async def test_nothing_runs_without_leave_and_the_model_is_told() -> None:
    played = scene([START, *call(0, "a"), *CALLED], [START, *END])

    async def refuse(_: ToolCallPart) -> bool:
        return False

    played.watcher.leave = refuse
    message = await played.ask()
    assert played.runner.calls == []
    assert message.parts[1] == ToolResultPart("a", "The user did not allow this call.", failed=True, refused=True)


@pytest.mark.parametrize("arguments", ["{", "[1]", "7"])
async def test_arguments_that_are_no_object_are_not_run(arguments: str) -> None:
    played = scene([START, *call(0, "a", arguments), *CALLED], [START, *END])
    message = await played.ask()
    assert played.runner.calls == []
    assert message.parts[1] == ToolResultPart("a", "The arguments of this call are not a JSON object.", failed=True)


async def test_a_fault_of_a_tool_is_its_result(caplog: pytest.LogCaptureFixture) -> None:
    played = scene([START, *call(0, "a"), *CALLED], [START, *say("Well."), *END])

    async def fail(_: ToolCallPart) -> None:
        raise RuntimeError("boom")

    played.runner.act = fail
    message = await played.ask()
    assert message.status is StreamingStatus.COMPLETE
    assert message.parts[1] == ToolResultPart("a", "The tool could not be run: a fault of the program.", failed=True)
    assert caplog.messages == ["a tool could not be run"]


async def test_rounds_come_to_an_end() -> None:
    played = scene(*([START, *call(0, f"call-{number}"), *CALLED] for number in range(3)))
    message = await played.ask(StreamOptions(tool_rounds=2))
    assert message.status is StreamingStatus.COMPLETE
    assert [made.id for made in played.runner.calls] == ["call-0", "call-1"]
    assert turns_from([Message(Role.USER, (TextPart("Hi"),)), message])[-1].role is Role.USER


@pytest.mark.parametrize("while_asking", [True, False])
async def test_stop_ends_calls_and_what_has_an_answer_stays(while_asking: bool) -> None:
    played = scene([START, *say("Wait."), BlockStop(0), *call(1, "a"), *call(2, "b"), *CALLED])

    async def hang(made: ToolCallPart) -> bool:
        if made.id == "b":
            asyncio.get_running_loop().call_later(0.01, played.stop.request, Outcome.KEEP)
            await asyncio.Event().wait()
        return True

    async def run(made: ToolCallPart) -> None:
        await hang(made)

    if while_asking:
        played.watcher.leave = hang
    else:
        played.runner.act = run
    message = await played.ask()
    assert message.status is StreamingStatus.STOPPED
    assert message.parts[-1] == ToolResultPart("a", "seen a")
    assert played.runner.cancelled == (0 if while_asking else 1)
    sent = turns_from([Message(Role.USER, (TextPart("Hi"),)), message, Message(Role.USER, (TextPart("So?"),))])
    assert [[type(part).__name__ for part in turn.parts] for turn in sent] == [
        ["TextPart"],
        ["TextPart", "ToolCallPart"],
        ["ToolResultPart", "TextPart"],
    ]


async def test_a_round_that_fails_before_its_text_is_asked_for_again_and_no_tool_runs_twice() -> None:
    played = scene(
        [START, *say("One."), BlockStop(0), *call(1, "a"), *CALLED],
        [START, BlockStart(0, "thinking"), ThinkingDelta(0, "Hm"), BUSY],
        [START, *say("Two."), *END],
    )
    message = await played.ask()
    assert message.text == "One.Two."
    assert len(played.runner.calls) == 1
    assert [part for part in message.parts if isinstance(part, ToolResultPart)] == [ToolResultPart("a", "seen a")]
    assert played.provider.requests[1].turns == played.provider.requests[2].turns


async def test_a_round_that_breaks_off_goes_on_where_it_broke() -> None:
    text = "The quick brown fox jumps over the lazy dog, and then it rests for a while."
    played = scene(
        [START, *say("First."), BlockStop(0), *call(1, "a"), *CALLED],
        [START, *say(text[:40]), CUT],
        [START, *say(anchor_of(text[:40]) + text[40:]), *END],
    )
    message = await played.ask()
    assert message.text == "First." + text
    assert message.metadata.seams == (len("First.") + 40,)
    roles = [turn.role for turn in played.provider.requests[2].turns]
    assert roles == [Role.USER, Role.ASSISTANT, Role.USER, Role.ASSISTANT, Role.USER]
    assert played.provider.requests[2].turns[3] == Turn(Role.ASSISTANT, (TextPart(text[:40].rstrip()),))


async def test_a_reply_stopped_after_its_results_goes_on_from_there() -> None:
    stopped = Message(
        Role.ASSISTANT,
        (TextPart("First."), ToolCallPart("a", "look", "{}"), ToolResultPart("a", "seen a")),
        StreamingStatus.STOPPED,
    )
    played = scene([START, *say("Then."), *END])
    message = await played.ask(before=stopped)
    assert message.text == "First.Then."
    assert played.turns(0) == [(Role.ASSISTANT, stopped.parts[:2]), (Role.USER, stopped.parts[2:])]


async def test_the_journal_has_every_result_as_it_came() -> None:
    played = scene([START, *call(0, "a"), *CALLED], [START, *say("Yes."), Forever()])
    played.watcher.on = lambda seen: played.stop.request(Outcome.KEEP) if isinstance(seen, TextDelta) else None
    message = await played.ask()
    again = [event_from_json(event_to_json(event)) for event in played.journal.events]
    assert ReplyAccumulator().extend(again).parts == message.parts


async def test_a_call_is_on_record_before_it_has_an_effect_and_a_result_before_the_next() -> None:
    played = scene([START, *call(0, "a"), *call(1, "b"), *CALLED], [START, *END])
    recorded, seen = list[int](), list[str]()
    played.watcher.on = lambda it: seen.append(it.notice) if isinstance(it, Phase) and it.notice else None

    async def look(called: ToolCallPart) -> None:
        while called.id == "b" and len(seen) < 2:  # until the first has its result
            await asyncio.sleep(0)
        recorded.append(len(ReplyAccumulator().extend(played.journal.events).parts))

    played.runner.act = look
    await played.ask()
    assert recorded == [2, 3]


async def test_whoever_measures_is_told_of_each_call_and_its_time() -> None:
    played = scene([START, *call(0, "a"), *CALLED], [START, *say("Yes."), *END])
    message = await played.ask()
    (run,) = played.records[0].tool_runs
    assert (run.call, run.result) == (message.parts[0], message.parts[1])
    assert run.result.duration_ms is not None
    assert 0 <= run.result.duration_ms <= run.ended_ms + 1  # which is rounded
