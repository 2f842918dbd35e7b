"""The day's budget, and the question before it is exceeded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.waiting import PATIENCE_S
from tui_chat.chat import exchange
from tui_chat.chat.budget import Budget
from tui_chat.chat.message import Conversation, StreamingStatus
from tui_chat.chat.parts import TextPart
from tui_chat.chat.prompt import Prompt
from tui_chat.chat.protocols import PendingReply
from tui_chat.program.request_estimate import RequestEstimator
from tui_chat.program.send_checks import SendChecks, WarningKind
from tui_chat.program.wiring import Flags, Program
from tui_chat.settings import Value
from tui_chat.storage import Store

NOON = datetime.now().astimezone().replace(hour=12, minute=0, second=0, microsecond=0)


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    """A program whose replies cost something."""
    settings: dict[str, Value] = {"provider.model": "claude-sonnet-5-5", "provider.budget_usd_per_day": 1.0}
    flags = Flags(settings=settings, config_file=tmp_path / "config.toml", data_folder=tmp_path / "data")
    problems: list[str] = []
    program = Program.open(flags, {"ANTHROPIC_API_KEY": "sk-ant-test"}, problems.append)
    yield program
    program.close()
    assert problems == []


@pytest.fixture
def send_checks(program: Program) -> SendChecks:
    return SendChecks(RequestEstimator(program, lambda: NOON))


def opened(program: Program, prompt: str = "Hello") -> PendingReply:
    return exchange.send(Conversation(), Prompt(prompt), program.requests.about(), NOON)


def spend(program: Program, usd: float) -> None:
    """Have a reply that cost so much."""
    pending = opened(program)
    program.store.journal.begin(pending).result(PATIENCE_S)
    metadata = replace(pending.reply.metadata, cost_usd=usd)
    reply = replace(pending.reply, parts=(TextPart("Hi."),), status=StreamingStatus.COMPLETE, metadata=metadata)
    program.store.journal.finish(reply).result(PATIENCE_S)


@pytest.mark.parametrize(
    ("spent", "replies", "request_usd", "over"),
    [
        (0.0, 0, 0.5, False),
        (0.0, 0, 1.5, True),
        (0.9, 9, 0.05, False),
        (0.95, 9, 0.01, True),  # as dear as the others were, it goes over
        (0.95, 9, 0.0, False),  # it is free
        (0.5, 9, None, False),
        (1.0, 9, None, True),  # whatever it costs, all is spent
    ],
)
def test_a_request_goes_over_by_what_it_costs_or_what_others_did(
    spent: float, replies: int, request_usd: float | None, over: bool
) -> None:
    assert Budget(1.0, spent, replies).exceeded_by(request_usd) is over


@pytest.mark.parametrize(("spent", "warns"), [(0.79, False), (0.8, True), (1.2, True)])
def test_it_warns_at_eighty_percent(spent: float, warns: bool) -> None:
    assert Budget(1.0, spent).nearly_spent is warns


def test_nothing_is_asked_while_there_is_room(program: Program, send_checks: SendChecks) -> None:
    spend(program, 0.3)
    assert send_checks.budget_warning() == ""
    assert send_checks.find(opened(program), send_checks.budget()) is None


def test_without_a_budget_nothing_is_asked(program: Program, send_checks: SendChecks) -> None:
    program.settings.set("provider.budget_usd_per_day", 0.0)
    spend(program, 1000.0)
    assert (send_checks.budget(), send_checks.budget_warning()) == (None, "")
    assert send_checks.find(opened(program), None) is None


def test_what_goes_over_is_asked_about_until_it_is_allowed(program: Program, send_checks: SendChecks) -> None:
    spend(program, 0.85)
    assert send_checks.budget_warning() == (
        "You've spent $0.8500 today; the budget is $1.00 a day (provider.budget_usd_per_day)."
    )
    pending = opened(program)
    warning = send_checks.find(pending, send_checks.budget())
    assert warning is not None
    assert (warning.about, warning.left_out) == (WarningKind.BUDGET, 0)
    assert "this one may cost $0.8500" in warning.question
    send_checks.allow(pending, warning.about)
    assert send_checks.find(pending, send_checks.budget()) is None
    assert send_checks.find(opened(program), send_checks.budget()) is not None


def test_when_all_is_spent_every_request_is_asked_about(program: Program, send_checks: SendChecks) -> None:
    spend(program, 2.0)
    assert send_checks.over_budget(opened(program), send_checks.budget()).startswith(
        "You've spent $2.00 today; the budget is $1.00"
    )


def test_a_day_is_one_of_the_users_own(program: Program) -> None:
    spend(program, 2.0)
    tomorrow = SendChecks(RequestEstimator(program, lambda: datetime.now().astimezone() + timedelta(days=1)))
    assert tomorrow.budget() == Budget(1.0)


def test_free_replies_are_never_asked_about(program: Program, send_checks: SendChecks) -> None:
    spend(program, 2.0)
    program.settings.set("provider.name", "demo")
    assert send_checks.find(opened(program), send_checks.budget()) is None


def test_what_is_estimated_of_a_stopped_reply_is_counted_and_marked(program: Program, send_checks: SendChecks) -> None:
    pending = exchange.send(Conversation(), Prompt("Why?"), program.requests.about(), NOON)
    program.store.journal.begin(pending).result(PATIENCE_S)
    about = replace(pending.reply.metadata, cost_usd=0.9, estimated=True)
    stopped = replace(pending.reply, parts=(TextPart("Be"),), status=StreamingStatus.STOPPED, metadata=about)
    program.store.journal.finish(stopped).result(PATIENCE_S)
    budget = send_checks.budget()
    assert budget is not None
    assert (budget.spent_usd, budget.estimated) == (0.9, True)
    assert "~$0.9000 today; the budget is $1.00" in send_checks.budget_warning()


def test_a_budget_may_be_counted_in_another_store(program: Program) -> None:
    empty = Store.open(None, on_problem=lambda _: None)
    spend(program, 2.0)
    assert SendChecks(RequestEstimator(program), empty).budget() == Budget(1.0)
    empty.close()
