"""The size and cost of the next request, and the question when it is too large."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.waiting import PATIENCE_S
from tui_chat.chat import exchange
from tui_chat.chat.errors import ChatError, ErrorKind
from tui_chat.chat.message import Conversation, Message, Role, StreamingStatus
from tui_chat.chat.metadata import ReplyMetadata
from tui_chat.chat.parts import TextPart
from tui_chat.chat.prompt import Prompt
from tui_chat.chat.protocols import PendingReply
from tui_chat.chat.usage import Usage
from tui_chat.demo import DemoServer
from tui_chat.program.request_estimate import RequestEstimator
from tui_chat.program.send_checks import SendChecks, WarningKind
from tui_chat.program.wiring import Flags, Program
from tui_chat.settings import Value

NOW = datetime(2026, 1, 2, tzinfo=UTC)
MODEL = "claude-haiku-4-5"
WINDOW = 200_000
Opener = Callable[..., Program]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Opener]:
    """Opens the program; a second time, it finds what the first has left."""
    programs: list[Program] = []

    def open_program(**settings: Value) -> Program:
        chosen: dict[str, Value] = {"provider.model": MODEL}
        chosen |= {name.replace("__", "."): value for name, value in settings.items()}
        flags = Flags(settings=chosen, config_file=tmp_path / "config.toml", data_folder=tmp_path / "data")
        programs.append(Program.open(flags, {"ANTHROPIC_API_KEY": "sk-ant-test"}, lambda _: None))
        return programs[-1]

    yield open_program
    for program in programs:
        program.close()


def prompt(text: str) -> Message:
    return Message(Role.USER, (TextPart(text),), created_at=NOW)


def reply(text: str, usage: Usage | None = None, **about: Any) -> Message:
    metadata = replace(ReplyMetadata(provider="anthropic", model=MODEL, usage=usage or Usage()), **about)
    return Message(Role.ASSISTANT, (TextPart(text),), metadata=metadata, created_at=NOW)


def talk(*messages: Message) -> Conversation:
    return Conversation(messages=messages)


def asked(program: Program, conversation: Conversation, text: str = "And now?") -> PendingReply:
    return exchange.send(conversation, Prompt(text), program.requests.about(), NOW)


def long_talk(exchanges: int = 10, tokens: int = 185_000) -> Conversation:
    """Return a conversation that fills the context, by the figures of its last reply."""
    messages = [part for number in range(exchanges) for part in (prompt(f"{number} " * 3000), reply("Yes."))]
    return talk(*messages[:-1], reply("Yes.", Usage(tokens - 10, 10)))


def test_an_empty_conversation_needs_nothing(opened: Opener) -> None:
    forecast = RequestEstimator(opened()).forecast(Conversation())
    assert (forecast.tokens, forecast.window, forecast.share) == (0, WINDOW, 0.0)


def test_a_conversation_is_as_large_as_its_last_reply_says(opened: Opener) -> None:
    estimator = RequestEstimator(opened(), lambda: NOW)
    forecast = estimator.forecast(talk(prompt("Hi"), reply("Hello", Usage(99_990, 10))))
    assert (forecast.tokens, forecast.exact, forecast.share) == (100_000, True, 0.5)
    assert forecast.cost_usd == pytest.approx(0.1)


def test_what_follows_and_what_is_being_written_is_estimated(opened: Opener) -> None:
    estimator, known = RequestEstimator(opened()), [prompt("Hi"), reply("Hello", Usage(990, 10))]
    followed = estimator.forecast(talk(*known, prompt("x" * 300), reply("")))
    drafted = estimator.forecast(talk(*known), Prompt("x" * 300))
    assert not followed.exact
    assert not drafted.exact
    assert drafted.tokens == 1000 + 104
    assert drafted.tokens <= followed.tokens <= drafted.tokens + 10


def test_the_figures_of_another_model_do_not_count(opened: Opener) -> None:
    other = talk(prompt("Hi"), reply("Hello", Usage(50_000, 10), model="claude-opus-4-5"))
    same = talk(prompt("Hi"), reply("Hello", Usage(50_000, 10), model="claude-haiku-4-5-20251001"))
    estimator = RequestEstimator(opened())
    assert estimator.forecast(other).tokens < 100
    assert estimator.forecast(same).tokens == 50_010


def test_a_free_provider_costs_nothing_and_an_unknown_price_is_unknown(opened: Opener) -> None:
    talked = talk(prompt("Hi"), reply("Hello", Usage(50_000, 10)))
    program = opened(provider__name="demo", provider__model="demo")
    assert RequestEstimator(program).forecast(talked).cost_usd == 0.0
    program = opened(provider__model="something-else")
    assert RequestEstimator(program).forecast(talked).cost_usd is None
    assert RequestEstimator(program).forecast(talked).share is None


def test_a_missing_persona_leaves_an_estimate(opened: Opener) -> None:
    estimator = RequestEstimator(opened(provider__persona="nobody"))
    assert estimator.forecast(talk(prompt("x" * 300))).tokens == 104
    assert estimator.count(talk(prompt("Hi"))) is None


def test_the_provider_counts_only_what_was_sent_and_what_no_figure_tells(opened: Opener) -> None:
    stopped = talk(prompt("Hi"), replace(reply("Hel"), status=StreamingStatus.STOPPED))
    with DemoServer(rate=0, latency_s=0) as server:
        estimator = RequestEstimator(opened(provider__base_url=server.url))
        assert estimator.count(Conversation()) is None
        assert estimator.count(talk(prompt("Hi"), reply("Hello", Usage(100, 10)))) is None
        counting = estimator.count(stopped)
        assert counting is not None
        size = counting.result(PATIENCE_S)
    assert size is not None
    estimator.counted(stopped, size)
    forecast = estimator.forecast(stopped)
    assert (forecast.tokens, forecast.exact) == (size, True)
    assert not estimator.forecast(talk(*stopped.messages, prompt("More"))).exact
    assert estimator.forecast(talk(*stopped.messages, prompt("More"))).tokens > size


@pytest.mark.parametrize("provider", ["demo", "local"])
def test_a_provider_on_this_machine_is_not_asked_to_count(opened: Opener, provider: str) -> None:
    assert RequestEstimator(opened(provider__name=provider, provider__model="")).count(talk(prompt("Hi"))) is None


def test_a_conversation_with_room_raises_no_warning(opened: Opener) -> None:
    program = opened()
    assert SendChecks(RequestEstimator(program)).find(asked(program, long_talk(tokens=170_000)), None) is None


def test_a_conversation_near_the_limit_can_be_sent_without_its_oldest_messages(opened: Opener) -> None:
    program, conversation = opened(), long_talk()
    send_checks, pending = SendChecks(RequestEstimator(program)), asked(program, conversation)
    warning = send_checks.find(pending, send_checks.budget())
    assert warning is not None
    assert (warning.about, warning.left_out, warning.left_out % 2) == (WarningKind.CONTEXT, 12, 0)
    assert "about 185k tokens" in warning.question
    assert "takes 200k" in warning.question
    send_checks.leave_out(pending, warning)
    assert send_checks.find(pending, send_checks.budget()) is None
    turns = program.requests.job(pending).request.turns
    assert len(turns) == 21 - 12
    assert turns[0].role is Role.USER
    assert len(pending.conversation.messages) == 22


def test_what_is_left_out_is_remembered_with_the_conversation(opened: Opener) -> None:
    program, conversation = opened(), long_talk()
    program.store.journal.begin(asked(program, conversation)).result(PATIENCE_S)
    program.conversation_settings.send_from(conversation.id, conversation.messages[4].id)
    program.close()
    again = opened().conversation_settings
    assert again.sent(conversation.id, conversation.messages) == conversation.messages[4:]
    again.send_from(conversation.id, "")
    assert again.sent(conversation.id, conversation.messages) == conversation.messages


def test_an_exchange_that_is_left_out_is_not_sent_until_it_is_taken_in_again(opened: Opener) -> None:
    program, conversation = opened(), long_talk()
    estimator = RequestEstimator(program)
    whole = estimator.forecast(conversation).tokens
    program.store.journal.begin(asked(program, conversation)).result(PATIENCE_S)
    estimator.leave_out(conversation, conversation.messages[2:4])
    assert estimator.forecast(conversation).left_out == 2
    assert estimator.forecast(conversation).tokens < whole
    assert program.store.flush(PATIENCE_S)
    again = opened().conversation_settings
    assert again.sent(conversation.id, conversation.messages) == conversation.messages[:2] + conversation.messages[4:]
    again.take_in(conversation.id, conversation.messages[2:4])
    assert again.sent(conversation.id, conversation.messages) == conversation.messages


def test_who_sends_all_of_a_long_conversation_is_not_asked_again(opened: Opener) -> None:
    program, conversation = opened(), long_talk()
    send_checks = SendChecks(RequestEstimator(program))
    send_checks.allow(asked(program, conversation), WarningKind.CONTEXT)
    assert send_checks.find(asked(program, conversation), send_checks.budget()) is None


def test_a_conversation_that_was_too_long_is_asked_about_before_it_is_tried_again(opened: Opener) -> None:
    program, conversation = opened(), long_talk(tokens=100_000)
    send_checks, pending = SendChecks(RequestEstimator(program)), asked(program, conversation)
    assert send_checks.find(pending, send_checks.budget()) is None
    error = ChatError(ErrorKind.TOO_LARGE, "Too large.").to_json()
    failed = replace(
        pending.reply, status=StreamingStatus.FAILED, metadata=replace(pending.reply.metadata, error=error)
    )
    send_checks.learn(pending.conversation, failed)
    again = asked(program, conversation)
    warning = send_checks.find(again, send_checks.budget())
    assert warning is not None
    assert warning.left_out > 0
    send_checks.allow(again, warning.about)
    assert send_checks.find(again, send_checks.budget()) is None


def test_a_prompt_that_alone_is_too_long_says_that_nothing_else_can_go(opened: Opener) -> None:
    program = opened()
    warning = SendChecks(RequestEstimator(program)).find(asked(program, Conversation(), "x" * 600_000), None)
    assert warning is not None
    assert warning.left_out == 0
    assert "nothing older" in warning.question
