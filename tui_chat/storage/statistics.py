"""The sums of all replies: a narrow row for each, summed in one pass."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum

from tui_chat.chat.message import Message, Role
from tui_chat.chat.metadata import ReplyMetadata, ReplyMetrics
from tui_chat.chat.usage import Usage
from tui_chat.records import asdict, dataclass, field, fields, replace
from tui_chat.storage.call_sums import CallSums, added, calls_by_tool, calls_from_column, calls_to_column
from tui_chat.storage.rows import from_column, time_to_column, to_column
from tui_chat.text.reading import count, figure, moment


@dataclass(frozen=True, slots=True)
class Percentiles:
    """The median of a figure and its slow (or fast) end; None where no reply has the figure."""

    p50: float | None = None
    p95: float | None = None

    @classmethod
    def of(cls, figures: Iterable[float]) -> Percentiles:
        """Return the nearest-rank percentiles: figures that some reply really had."""
        ordered = sorted(figures)
        return cls(_rank(ordered, 50), _rank(ordered, 95))


@dataclass(frozen=True, slots=True)
class Statistics:
    """Replies summed; a sum of which no part is known is None, never 0."""

    replies: int = 0
    stream: int = 0
    batch: int = 0
    stopped: int = 0
    cancelled: int = 0
    interrupted: int = 0
    failed: Mapping[str, int] = field(default_factory=dict)
    """Failed replies by the kind of their error."""
    ttft_ms: Percentiles = field(default_factory=Percentiles)
    chars_per_second: Percentiles = field(default_factory=Percentiles)
    tokens_per_second: Percentiles = field(default_factory=Percentiles)
    usage: Usage = field(default_factory=Usage)
    cost_usd: float | None = None
    estimated: int = 0
    """Replies whose usage and cost are estimated in part."""
    retries: int = 0
    resumes: int = 0
    fallbacks: int = 0
    after_retry: int = 0
    """Replies that came whole after their request was repeated."""
    after_resume: int = 0
    """Replies that came whole after the rest of them was asked for."""
    after_fallback: int = 0
    """Replies that came whole in one piece, as streaming had failed."""
    duration_ms: float | None = None
    """All replies together."""
    longest_ms: float | None = None
    """The longest reply."""
    tools: Mapping[str, CallSums] = field(default_factory=dict)
    """The calls of tools."""

    def to_json(self) -> dict[str, object]:
        """Return the JSON that `stats --format json` prints."""
        values = asdict(self) | {"usage": self.usage.to_json()}
        return {name: values[name] for name in _PRINTED}


_PRINTED = (
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
)


class Grouping(StrEnum):
    """The keys that replies can be summed by."""

    DAY = "day"
    """The day on which the reply ended, where the user was."""
    MODEL = "model"
    CONVERSATION = "conversation"


class Aside(StrEnum):
    """The requests beside replies, by what they are for."""

    TITLE = "title"
    SUMMARY = "summary"
    EVALUATION = "evaluation"


_NOTHING = Message(Role.ASSISTANT)
_KEYS = {Grouping.DAY: "day", Grouping.MODEL: "model", Grouping.CONVERSATION: "conversation_id"}

_SUMS = """
SELECT {key} AS key, TOTAL(mode NOT IN ('title', 'summary', 'evaluation')) AS replies,
    TOTAL(mode = 'stream') AS stream, TOTAL(mode = 'batch') AS batch,
    TOTAL(status = 'stopped') AS stopped, TOTAL(status = 'cancelled') AS cancelled,
    TOTAL(status = 'interrupted') AS interrupted,
    SUM(input_tokens) AS input_tokens, SUM(output_tokens) AS output_tokens,
    SUM(cache_read_input_tokens) AS cache_read_input_tokens,
    SUM(cache_creation_input_tokens) AS cache_creation_input_tokens,
    SUM(web_search_requests) AS web_search_requests, SUM(cost_usd) AS cost_usd,
    TOTAL(estimated) AS estimated, TOTAL(retries) AS retries, TOTAL(resumes) AS resumes, TOTAL(fallback) AS fallbacks,
    TOTAL(status = 'complete' AND retries > 0) AS after_retry,
    TOTAL(status = 'complete' AND resumes > 0) AS after_resume,
    TOTAL(status = 'complete' AND fallback > 0) AS after_fallback,
    SUM(duration_ms) AS duration_ms, MAX(duration_ms) AS longest_ms,
    percentiles(ttft_ms, chars_per_second, tokens_per_second) AS percentiles
FROM replies WHERE {when} {grouped}
"""

_FAILURES = """
SELECT {key} AS key, COALESCE(error_kind, 'unknown') AS kind, COUNT(*) AS replies
FROM replies WHERE {when} AND status = 'failed' GROUP BY 1, 2 ORDER BY 1, 2
"""

_CALLS = """
SELECT {key} AS key, tools FROM replies INDEXED BY replies_with_tools WHERE {when} AND tools IS NOT NULL
ORDER BY ended_at
"""


class PercentilesOfColumns:
    """The SQL aggregate `percentiles`: gathers three columns, and gives the percentiles of each as JSON."""

    def __init__(self) -> None:
        self._columns: tuple[list[float | None], ...] = ([], [], [])

    def step(self, first: float | None, second: float | None, third: float | None) -> None:
        """Add a row; called for each of them, so it does next to nothing."""
        columns = self._columns
        columns[0].append(first)
        columns[1].append(second)
        columns[2].append(third)

    def finalize(self) -> str:
        """Return the percentiles of the figures that are known."""
        known = ([known for item in column if (known := figure(item)) is not None] for column in self._columns)
        percentiles = (Percentiles.of(figures) for figures in known)
        return json.dumps([(each.p50, each.p95) for each in percentiles])


def statistics(connection: sqlite3.Connection, since: datetime | None, conversation_id: str = "") -> Statistics:
    """Return the statistics of all replies since then, of one conversation or of all."""
    [(_, summed)] = _summed(connection, None, since, conversation_id)
    return summed


def statistics_by(
    connection: sqlite3.Connection, grouping: Grouping, since: datetime | None
) -> list[tuple[str, Statistics]]:
    """Return the statistics of the replies since then, by day, model or conversation, in the order of the key."""
    return _summed(connection, grouping, since)


def record_reply(
    connection: sqlite3.Connection,
    conversation_id: str,
    reply: Message,
    ended_at: datetime,
    before: Message = _NOTHING,
) -> None:
    """Count one reply, however it ended; of one that was continued, what came `before` has been counted."""
    counted = replace(reply, metadata=reply.metadata.beyond(before.metadata))
    calls = calls_to_column(calls_by_tool(reply.parts, before.parts))
    _record(connection, conversation_id, counted, ended_at, mode=reply.metadata.mode.value, calls=calls)


def _record(
    connection: sqlite3.Connection,
    conversation_id: str,
    reply: Message,
    ended_at: datetime,
    *,
    mode: str,
    calls: str | None = None,
) -> None:
    about, error = reply.metadata, reply.metadata.error
    row: dict[str, object] = {
        "conversation_id": conversation_id,
        "message_id": reply.id,
        "ended_at": time_to_column(ended_at),
        "day": ended_at.astimezone().date().isoformat(),
        "provider": about.provider,
        "model": to_column(about.model),
        "mode": mode,
        "status": reply.status.value,
        "stop_reason": to_column(about.stop_reason) if about.stop_reason else None,
        "error_kind": str(error.get("kind")) if error else None,
        "cost_usd": about.cost_usd,
        "estimated": about.estimated,
        "tools": calls,
        **asdict(about.metrics),
        **{name: count(tokens) for name, tokens in asdict(about.usage).items()},
    }
    places = ", ".join(f":{name}" for name in row)
    connection.execute(f"INSERT INTO replies ({', '.join(row)}) VALUES ({places})", row)


def record_aside(
    connection: sqlite3.Connection, conversation_id: str, what: Aside, about: ReplyMetadata, at: datetime
) -> None:
    """Count a request that has a price, but is none for a reply."""
    priced = replace(about, metrics=ReplyMetrics(), error=None)
    _record(connection, conversation_id, Message(Role.ASSISTANT, metadata=priced), at, mode=what.value)


def check_figures(row: sqlite3.Row) -> None:
    """Raise TypeError if a row holds something that cannot be summed."""
    for name in _NUMBERS.intersection(row.keys()):  # an earlier version has fewer
        if not isinstance(row[name], int | float | None):
            raise TypeError(f"{name} is not a number")


def _summed(
    connection: sqlite3.Connection, grouping: Grouping | None, since: datetime | None, conversation_id: str = ""
) -> list[tuple[str, Statistics]]:
    """Return the statistics of each group; without a grouping, of all replies, of which there may be none."""
    wanted = ["ended_at >= :since"] if since else []
    wanted += ["conversation_id = :conversation_id"] if conversation_id else []
    clauses = {
        "key": _KEYS[grouping] if grouping else "''",
        "when": " AND ".join(wanted) or "TRUE",
        "grouped": "GROUP BY 1 ORDER BY 1" if grouping else "",
    }
    bound = {"since": time_to_column(since) if since else None, "conversation_id": conversation_id}
    failed: dict[str, dict[str, int]] = defaultdict(dict)
    for row in connection.execute(_FAILURES.format(**clauses), bound):
        failed[row["key"]][from_column(row["kind"])] = row["replies"]
    tools: dict[str, dict[str, CallSums]] = defaultdict(dict)
    for row in connection.execute(_CALLS.format(**clauses), bound):
        tools[row["key"]] = added(tools[row["key"]], calls_from_column(row["tools"]))
    rows = connection.execute(_SUMS.format(**clauses), bound)
    sums = [(from_column(row["key"]), _statistics(row, failed[row["key"]], tools[row["key"]])) for row in rows]
    return [(key, summed) for key, summed in sums if grouping is not Grouping.DAY or _is_day(key)]


def _is_day(key: str) -> bool:
    """True if a row's day is a date: another program may have written anything there."""
    try:
        moment(key)
    except ValueError:
        return False
    return len(key) == len("2026-01-01")


def _statistics(row: sqlite3.Row, failed: Mapping[str, int], tools: Mapping[str, CallSums]) -> Statistics:
    pairs = json.loads(row["percentiles"] or "[[], [], []]")  # an aggregate of no rows is NULL
    ttft_ms, chars_per_second, tokens_per_second = (Percentiles(*pair) for pair in pairs)
    return Statistics(
        **{name: int(figure(row[name]) or 0) for name in _COUNTS},
        failed=failed,
        ttft_ms=ttft_ms,
        chars_per_second=chars_per_second,
        tokens_per_second=tokens_per_second,
        usage=Usage.from_json(dict(row)),
        cost_usd=figure(row["cost_usd"]),
        duration_ms=figure(row["duration_ms"]),
        longest_ms=figure(row["longest_ms"]),
        tools=tools,
    )


_NUMBERS = frozenset({"cost_usd", *(item.name for counted in (ReplyMetrics, Usage) for item in fields(counted))})
_COUNTS = (
    "replies",
    "stream",
    "batch",
    "stopped",
    "cancelled",
    "interrupted",
    "estimated",
    "retries",
    "resumes",
    "fallbacks",
    "after_retry",
    "after_resume",
    "after_fallback",
)


def _rank(ordered: Sequence[float], percent: int) -> float | None:
    return ordered[-(-len(ordered) * percent // 100) - 1] if ordered else None
