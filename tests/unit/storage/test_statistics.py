"""The sums of replies."""

from __future__ import annotations

import json
import random
import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.waiting import PATIENCE_S
from tui_chat.chat.errors import ChatError, ErrorKind
from tui_chat.chat.message import Message, Role, StreamingStatus
from tui_chat.chat.metadata import Mode, ReplyMetadata, ReplyMetrics
from tui_chat.chat.parts import OpaquePart, TextPart, ToolCallPart, ToolResultPart
from tui_chat.chat.usage import TOKEN_COUNTS, Usage
from tui_chat.storage import Aside, CallSums, Grouping, Percentiles, Statistics
from tui_chat.storage.statistics import record_reply

if TYPE_CHECKING:
    from tests.unit.storage.conftest import Chat

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)

FIELDS = [
    "replies",
    "stream",
    "batch",
    "stopped",
    "cancelled",
    "failed",
    "ttft_ms",
    "chars_per_second",
    "tokens_per_second",
    "usage",
    "cost_usd",
    "retries",
    "resumes",
    "fallbacks",
    "tools",
]


def _record(chat: Chat, *replies: tuple[Message, str, datetime]) -> None:
    """Count replies of (conversation, time) as the journal does."""

    def write(connection: sqlite3.Connection) -> None:
        for reply, conversation_id, ended_at in replies:
            record_reply(connection, conversation_id, reply, ended_at)

    chat.store._writer.submit(write).result(PATIENCE_S)


def _reply(status: StreamingStatus = StreamingStatus.COMPLETE, **about: Any) -> Message:
    return Message(Role.ASSISTANT, status=status, metadata=replace(ReplyMetadata(), **about))


def test_one_conversation_can_be_summed_by_itself(chat: Chat) -> None:
    long, short = (_reply(metrics=ReplyMetrics(duration_ms=ms), cost_usd=0.5) for ms in (3000.0, 1000.0))
    later = NOON + timedelta(hours=1)
    _record(chat, (long, "a", NOON), (short, "a", later), (long, "b", NOON))
    of_a = chat.store.statistics(conversation_id="a")
    assert (of_a.replies, of_a.cost_usd, of_a.duration_ms, of_a.longest_ms) == (2, 1.0, 4000.0, 3000.0)
    assert chat.store.statistics(since=later, conversation_id="a").replies == 1
    assert chat.store.statistics(conversation_id="c") == Statistics()


def test_without_a_reply_everything_is_zero_or_unknown(chat: Chat) -> None:
    data = json.loads(json.dumps(chat.store.statistics().to_json()))
    assert list(data) == FIELDS
    assert data["replies"] == data["retries"] == 0
    assert data["failed"] == {}
    assert data["cost_usd"] is data["ttft_ms"]["p50"] is data["usage"]["input_tokens"] is None
    assert list(data["usage"]) == list(TOKEN_COUNTS)
    assert chat.store.statistics_by(Grouping.DAY) == []


def test_replies_are_summed_and_what_is_not_known_stays_out(chat: Chat) -> None:
    error = ChatError(ErrorKind.OVERLOADED, "Busy.").to_json()
    speeds = ReplyMetrics(ttft_ms=100, chars_per_second=50, tokens_per_second=12)
    measured = replace(speeds, duration_ms=1000, retries=1, resumes=2, fallback=True)
    replies = [
        _reply(metrics=measured, usage=Usage(10, 20, web_search_requests=3), cost_usd=0.25),
        _reply(mode=Mode.BATCH, metrics=ReplyMetrics(duration_ms=3000), usage=Usage(5, None, 7)),
        _reply(StreamingStatus.STOPPED, cost_usd=0.5),
        _reply(StreamingStatus.CANCELLED),
        _reply(StreamingStatus.INTERRUPTED),
        _reply(StreamingStatus.FAILED, error=error),
        _reply(StreamingStatus.FAILED, error=error),
        _reply(StreamingStatus.FAILED, error=ChatError(ErrorKind.NETWORK, "Gone.").to_json()),
    ]
    _record(chat, *((reply, "c", NOON) for reply in replies))
    assert chat.store.statistics() == Statistics(
        replies=8,
        stream=7,
        batch=1,
        stopped=1,
        cancelled=1,
        interrupted=1,
        failed={"overloaded": 2, "network": 1},
        ttft_ms=Percentiles(100, 100),
        chars_per_second=Percentiles(50, 50),
        tokens_per_second=Percentiles(12, 12),
        usage=Usage(15, 20, 7, web_search_requests=3),
        cost_usd=0.75,
        retries=1,
        resumes=2,
        fallbacks=1,
        after_retry=1,
        after_resume=1,
        after_fallback=1,
        duration_ms=4000,
        longest_ms=3000,
    )


def test_a_recovery_has_worked_if_the_reply_came_whole(chat: Chat) -> None:
    replies = [
        _reply(metrics=ReplyMetrics(retries=3)),
        _reply(metrics=ReplyMetrics(retries=1, resumes=1)),
        _reply(StreamingStatus.FAILED, metrics=ReplyMetrics(retries=4)),
        _reply(StreamingStatus.STOPPED, metrics=ReplyMetrics(resumes=1)),
        _reply(mode=Mode.BATCH, metrics=ReplyMetrics(fallback=True)),
    ]
    _record(chat, *((reply, "c", NOON) for reply in replies))
    statistics = chat.store.statistics()
    assert (statistics.retries, statistics.resumes, statistics.fallbacks) == (8, 2, 1)
    assert (statistics.after_retry, statistics.after_resume, statistics.after_fallback) == (2, 1, 1)


def _with_calls(*results: ToolResultPart, tool: str = "sky__get_weather") -> Message:
    """A reply in which each result has its call."""
    pairs = [(ToolCallPart(result.call_id, tool, "{}"), result) for result in results]
    return Message(Role.ASSISTANT, tuple(part for pair in pairs for part in pair))


def test_calls_are_summed_by_tool(chat: Chat) -> None:
    ok, bad = ToolResultPart("1", "clear", duration_ms=500), ToolResultPart("2", "", failed=True, duration_ms=250)
    refused = ToolResultPart("3", "no", failed=True, refused=True)
    clock = _with_calls(ToolResultPart("1", "noon"), tool="now")
    _record(chat, (_with_calls(ok, bad, refused), "c", NOON), (_with_calls(ok), "c", NOON), (clock, "d", NOON))
    _record(chat, (_with_calls(ok), "c", NOON - timedelta(days=9)), (_reply(), "c", NOON))
    tools = chat.store.statistics(NOON).tools
    assert tools == {"sky:get_weather": CallSums(4, 1, 1, 1250), "now": CallSums(1)}
    assert chat.store.statistics(NOON).to_json()["tools"] == {
        "sky:get_weather": {"calls": 4, "failed": 1, "refused": 1, "duration_ms": 1250},
        "now": {"calls": 1, "failed": 0, "refused": 0, "duration_ms": None},
    }
    by_conversation = dict(chat.store.statistics_by(Grouping.CONVERSATION, NOON))
    assert by_conversation["d"].tools == {"now": CallSums(1)}
    assert chat.store.statistics(conversation_id="c").tools == {"sky:get_weather": CallSums(5, 1, 1, 1750)}


def test_calls_that_the_provider_ran_are_counted_too(chat: Chat) -> None:
    found = {"tool_use_id": "s1", "content": [{"type": "web_search_result"}]}
    code = {"tool_use_id": "c1", "content": {"type": "code_execution_result", "return_code": 1, "content": []}}
    reply = Message(
        Role.ASSISTANT,
        (
            ToolCallPart("s1", "web_search", "{}", server=True),
            OpaquePart("web_search_tool_result", found),
            ToolCallPart("c1", "code_execution", "{}", server=True),
            OpaquePart("code_execution_tool_result", code),
            OpaquePart("redacted_thinking", {"data": "x"}),
        ),
    )
    _record(chat, (reply, "c", NOON))
    assert chat.store.statistics().tools == {"web_search": CallSums(1), "code_execution": CallSums(1, 1)}


@pytest.mark.parametrize("what", list(Aside))
def test_a_request_beside_replies_is_paid_for_and_is_no_reply(chat: Chat, what: Aside) -> None:
    chat.store.count_aside("c", what, ReplyMetadata(cost_usd=0.5, usage=Usage(3, 4))).result(PATIENCE_S)
    sums = chat.store.statistics()
    assert (sums.replies, sums.stream, sums.batch, sums.cost_usd, sums.usage) == (0, 0, 0, 0.5, Usage(3, 4))


def test_of_a_reply_that_went_on_only_the_new_calls_are_counted(chat: Chat) -> None:
    before = _with_calls(ToolResultPart("1", "clear"))
    before = replace(before, parts=(TextPart("I will look."), *before.parts))
    # Some servers number the calls of each round anew.
    whole = replace(before, parts=(*before.parts, ToolCallPart("1", "now", "{}"), ToolResultPart("1", "noon")))

    def write(connection: sqlite3.Connection) -> None:
        record_reply(connection, "c", before, NOON)
        record_reply(connection, "c", whole, NOON, before)

    chat.store._writer.submit(write).result(PATIENCE_S)
    assert chat.store.statistics().tools == {"sky:get_weather": CallSums(1), "now": CallSums(1)}


@pytest.mark.parametrize(
    ("stored", "read"),
    [
        ("no JSON", {}),
        ("[" * 100_000, {}),
        ("[1]", {}),
        (b"\xff", {}),
        ('{"a": 1, "b": {"calls": -1, "failed": "x", "duration_ms": NaN}}', {"a": CallSums(), "b": CallSums()}),
    ],
)
def test_sums_of_calls_that_cannot_be_read_cost_nothing_else(chat: Chat, stored: object, read: object) -> None:
    _record(chat, (_with_calls(ToolResultPart("1", "clear")), "c", NOON))
    spoil = "UPDATE replies SET tools = ?"
    chat.store._writer.submit(lambda connection: connection.execute(spoil, (stored,))).result(PATIENCE_S)
    assert chat.store.statistics().replies == 1
    assert chat.store.statistics().tools == read


def test_each_way_a_reply_ends_is_counted_by_the_journal(chat: Chat) -> None:
    chat.exchange("One", "1")
    chat.finish(chat.send("Two"), "2", StreamingStatus.STOPPED)
    chat.finish(chat.send("Three"), "", StreamingStatus.FAILED)
    chat.discard(chat.send("Four"))
    statistics = chat.store.statistics()
    assert (statistics.replies, statistics.stopped, statistics.cancelled) == (4, 1, 1)
    assert dict(statistics.failed) == {"unknown": 1}


@pytest.mark.parametrize(
    ("grouping", "expected"),
    [
        (Grouping.MODEL, [("large", 1), ("small", 2)]),
        (Grouping.CONVERSATION, [("c1", 2), ("c2", 1)]),
        (Grouping.DAY, [("2026-03-01", 1), ("2026-03-04", 2)]),
    ],
)
def test_replies_are_summed_by_group(chat: Chat, grouping: Grouping, expected: list[tuple[str, int]]) -> None:
    _record(
        chat,
        (_reply(model="small"), "c1", NOON),
        (_reply(model="large"), "c1", NOON),
        (_reply(model="small"), "c2", NOON - timedelta(days=3)),
    )
    assert [(key, group.replies) for key, group in chat.store.statistics_by(grouping)] == expected


def test_only_replies_since_a_moment_are_summed_whatever_its_time_zone(chat: Chat) -> None:
    _record(chat, *((_reply(cost_usd=1.0), "c", NOON + timedelta(hours=hours)) for hours in range(-3, 3)))
    assert chat.store.statistics(NOON).cost_usd == 3
    assert chat.store.statistics(NOON.astimezone()).replies == 3
    assert [group.replies for _, group in chat.store.statistics_by(Grouping.MODEL, NOON)] == [3]


def test_the_median_and_the_slow_end_of_many_figures() -> None:
    assert Percentiles.of(range(1, 1001)) == Percentiles(500, 950)


@given(st.lists(st.floats(0, 1e6), min_size=1))
def test_percentiles_are_figures_that_occurred_with_half_and_almost_all_at_or_below(figures: list[float]) -> None:
    percentiles = Percentiles.of(figures)
    for share, figure in ((0.5, percentiles.p50), (0.95, percentiles.p95)):
        assert figure in figures
        assert sum(value <= figure for value in figures) >= share * len(figures)
        assert sum(value < figure for value in figures) < share * len(figures)


def test_thousands_of_replies_add_up(chat: Chat) -> None:
    dice = random.Random(1)
    ttfts = [dice.uniform(50, 5000) for _ in range(9_999)]
    template = _reply(metrics=ReplyMetrics(ttft_ms=1), usage=Usage(1, 2), cost_usd=0.5)
    _record(chat, (template, "c", NOON))

    def multiply(connection: sqlite3.Connection) -> None:
        connection.execute("CREATE TEMP TABLE template AS SELECT * FROM replies")
        connection.execute("DELETE FROM replies")
        columns = ", ".join(row["name"] for row in connection.execute("PRAGMA table_info(replies)"))
        values = columns.replace("number", ":number").replace("ttft_ms", ":ttft_ms").replace("model", ":model")
        connection.executemany(
            f"INSERT INTO replies ({columns}) SELECT {values} FROM template",
            ({"number": n, "ttft_ms": ttft, "model": f"model-{n % 3}"} for n, ttft in enumerate(ttfts)),
        )

    chat.store._writer.submit(multiply).result(PATIENCE_S)
    statistics = chat.store.statistics()
    assert statistics.replies == 9_999
    assert statistics.ttft_ms == Percentiles(sorted(ttfts)[4_999], sorted(ttfts)[9_499])
    assert statistics.usage == Usage(9_999, 19_998)
    assert statistics.cost_usd == 4_999.5
    groups = dict(chat.store.statistics_by(Grouping.MODEL))
    assert {model: group.replies for model, group in groups.items()} == {
        "model-0": 3_333,
        "model-1": 3_333,
        "model-2": 3_333,
    }
    assert groups["model-1"].ttft_ms == Percentiles.of(ttfts[1::3])
