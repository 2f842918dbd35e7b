"""`stats`: figures that a person can read, and moments in the past."""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.unit.cli.conftest import Runner
from tests.waiting import PATIENCE_S
from tui_chat.chat import exchange
from tui_chat.chat.message import Conversation, Message, Role, StreamingStatus, utc_now
from tui_chat.chat.metadata import ReplyMetadata, ReplyMetrics
from tui_chat.chat.parts import ToolCallPart, ToolResultPart
from tui_chat.chat.prompt import Prompt
from tui_chat.chat.usage import Usage
from tui_chat.cli.stats import since
from tui_chat.storage import Store
from tui_chat.storage.statistics import record_reply


@pytest.mark.parametrize(
    ("text", "ago"),
    [("12h", timedelta(hours=12)), ("30d", timedelta(days=30)), (" 8W ", timedelta(weeks=8))],
)
def test_a_time_ago(text: str, ago: timedelta) -> None:
    before = datetime.now().astimezone()
    assert before <= since(text) + ago <= datetime.now().astimezone()


def test_a_day_begins_where_the_user_is() -> None:
    assert since("2026-01-31") == datetime(2026, 1, 31).astimezone()


@pytest.mark.parametrize("text", ["", "30", "d", "-1d", "2026-13-01", "yesterday"])
def test_another_time_is_refused(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="30d"):
        since(text)


@pytest.mark.parametrize("words", [[], ["--by", "day"], ["--by", "conversation"]])
def test_without_replies_there_is_a_sentence(command: Runner, words: list[str]) -> None:
    assert command("stats", *words) == (0, "", "There are no replies.\n")


def test_calls_of_tools_are_told_of(command: Runner, tmp_path: Path) -> None:
    call, result = ToolCallPart("1", "sky__wind", "{}"), ToolResultPart("1", "", failed=True, duration_ms=2500)
    store = Store.open(tmp_path / "data", on_problem=pytest.fail)
    reply = Message(Role.ASSISTANT, (call, result, ToolCallPart("2", "now", "{}"), ToolResultPart("2", "noon")))
    store._writer.submit(lambda connection: record_reply(connection, "c", reply, utc_now())).result(PATIENCE_S)
    store.close()
    told = command("stats").out
    assert "Tools        sky:wind: 1 call, 1 failed, 2.50 s in all\n             now: 1 call\n" in told


@pytest.mark.parametrize(("searches", "line"), [(None, ""), (0, ""), (1200, "Searches     1,200\n")])
def test_searches_are_told_of_where_there_were_any(
    command: Runner, tmp_path: Path, searches: int | None, line: str
) -> None:
    reply = Message(Role.ASSISTANT, metadata=ReplyMetadata(usage=Usage(1, 2, web_search_requests=searches)))
    store = Store.open(tmp_path / "data", on_problem=pytest.fail)
    store._writer.submit(lambda connection: record_reply(connection, "c", reply, utc_now())).result(PATIENCE_S)
    store.close()
    told = command("stats").out
    assert line in told
    assert ("Searches" in told) == bool(line)


def test_wins_are_told_of_where_there_was_a_choice(command: Runner, tmp_path: Path) -> None:
    store = Store.open(tmp_path / "data", on_problem=pytest.fail)
    abouts = [
        ReplyMetadata(model=model, cost_usd=cost, metrics=ReplyMetrics(duration_ms=took))
        for model, cost, took in (("m-1", 0.25, 1500.0), ("m-2", None, None))
    ]
    pending = exchange.round(Conversation(), Prompt("Why?"), abouts, utc_now())
    for each in pending:
        store.journal.begin(each)
        store.journal.finish(replace(each.reply, status=StreamingStatus.COMPLETE))
    store.choices.record_choice(pending[0].reply.id, [pending[1].reply.id]).result(PATIENCE_S)
    store.close()
    told = "Wins         m-1: 1 of 1 round, $0.2500 and 1.50 s on average\n             m-2: 0 of 1 round\n"
    assert told in command("stats").out
    assert json.loads(command("stats", "--format", "json").out)["wins"] == [
        {"model": "m-1", "rounds": 1, "wins": 1, "cost_usd": 0.25, "duration_ms": 1500.0},
        {"model": "m-2", "rounds": 1, "wins": 0, "cost_usd": None, "duration_ms": None},
    ]
