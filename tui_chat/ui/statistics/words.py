"""Statistics in words: which figures there are, what they are called, how they are written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tui_chat.chat.errors import ErrorKind
from tui_chat.chat.usage import Usage
from tui_chat.storage import CallSums, Standing, Statistics
from tui_chat.text import clean_line
from tui_chat.text.amounts import counted, money, stretch, tokens
from tui_chat.ui.statistics.panels import Column, Figure, Share, percent
from tui_chat.ui.statistics.periods import PeriodStep

UNKNOWN = "–"
_EXACT_BELOW_MS = 10_000


def figures(sums: Statistics) -> Sequence[Figure]:
    """Return the four figures that say most: replies, cost, time to the first token, speed."""
    streamed = f"{percent(sums.stream / sums.replies)} streamed" if sums.replies else ""
    return (
        Figure(f"{sums.replies:,}", _replies(sums), (streamed,)),
        Figure(_cost(sums.cost_usd, sums.estimated), ("cost",), _tokens(sums.usage)),
        Figure(
            _seconds(sums.ttft_ms.p50),
            ("first token (median)", "to first token"),
            _p95(_seconds(sums.ttft_ms.p95)),
        ),
        Figure(
            _speed(sums.tokens_per_second.p50),
            ("speed (median)", "speed"),
            _p95(_speed(sums.tokens_per_second.p95)),
        ),
    )


def conversation_figures(sums: Statistics) -> Sequence[Figure]:
    """Return the figures of one conversation's replies."""
    return (
        Figure(f"{sums.replies:,}", _replies(sums)),
        Figure(_cost(sums.cost_usd, sums.estimated), ("cost",), _tokens(sums.usage)),
        Figure(_time(sums.duration_ms), ("total streaming time", "total")),
        Figure(_time(sums.longest_ms), ("the longest reply", "longest reply")),
    )


def _replies(sums: Statistics) -> tuple[str, ...]:
    return ("reply" if sums.replies == 1 else "replies",)


def ends(sums: Statistics) -> Iterator[Share]:
    """Yield the outcomes of replies."""
    failed = sum(sums.failed.values())
    early = (
        ("stopped", sums.stopped),
        ("cancelled", sums.cancelled),
        ("interrupted", sums.interrupted),
        ("failed", failed),
    )
    yield Share("complete", sums.replies - sum(count for _, count in early))
    yield from (Share(name, count) for name, count in early)


def ways(sums: Statistics) -> Iterator[Share]:
    """Yield the delivery of replies, and the searches made for them."""
    yield Share("streamed", sums.stream)
    yield Share("batch", sums.batch)
    if searches := sums.usage.web_search_requests:
        yield Share("searches", searches, "made for them")


def failures(sums: Statistics) -> Iterator[Share]:
    """Yield the kinds of failure, the most frequent first."""
    kinds = {kind.value: kind.headline for kind in ErrorKind}
    for kind, count in sorted(sums.failed.items(), key=lambda item: -item[1]):
        yield Share(kinds.get(kind, clean_line(kind)), count)


def recoveries(sums: Statistics) -> Iterator[Share]:
    """Yield the attempts to save a reply, and how many replies came whole after them."""
    if sums.retries:
        yield Share("after a retry", sums.after_retry, f"complete; {counted(sums.retries, 'request')} repeated")
    if sums.resumes:
        yield Share("after resuming", sums.after_resume, f"complete; {counted(sums.resumes, 'break')} in total")
    if sums.fallbacks:
        yield Share("as batch", sums.after_fallback, f"complete; streaming failed {counted(sums.fallbacks, 'time')}")


def model_columns(models: Sequence[Statistics]) -> Iterator[Column]:
    """Yield the columns of each model; what matters least comes last."""
    yield from _use_columns([(sums.replies, sums.usage, sums.cost_usd, sums.estimated) for sums in models])
    yield Column("first token", [_seconds(sums.ttft_ms.p50) for sums in models])
    yield Column("speed", [_speed(sums.tokens_per_second.p50) for sums in models])


def standing_columns(standings: Sequence[Standing]) -> Iterator[Column]:
    """Yield the columns of each model among whose replies the user has chosen; what matters least comes last."""
    yield Column("wins", [f"{each.wins:,}" for each in standings])
    yield Column("rounds", [f"{each.rounds:,}" for each in standings])
    yield Column("mean time", [_took(each.duration_ms) for each in standings])
    yield Column("mean cost", [_cost(each.cost_usd, 0) for each in standings])


def tool_columns(tools: Sequence[CallSums]) -> Iterator[Column]:
    """Yield the columns of each tool; what matters least comes last."""
    yield Column("calls", [f"{sums.calls:,}" for sums in tools])
    yield Column("failed", [f"{sums.failed:,}" for sums in tools])
    yield Column("not allowed", [f"{sums.refused:,}" for sums in tools])
    yield Column("time", [_took(sums.duration_ms) for sums in tools])


def step_columns(steps: Sequence[PeriodStep]) -> Iterator[Column]:
    """Return the columns of each day, week or month."""
    return _use_columns([(step.replies, step.usage, step.cost_usd, step.estimated) for step in steps])


def _use_columns(rows: Sequence[tuple[int, Usage, float | None, int]]) -> Iterator[Column]:
    yield Column("replies", [f"{replies:,}" for replies, _, _, _ in rows])
    yield Column("in", [_count(usage.prompt_tokens) for _, usage, _, _ in rows])
    yield Column("out", [_count(usage.output_tokens) for _, usage, _, _ in rows])
    yield Column("cost", [_cost(cost_usd, estimated) for _, _, cost_usd, estimated in rows])


def _cost(usd: float | None, estimated: int) -> str:
    return UNKNOWN if usd is None else money(usd, estimated=estimated > 0)


def _count(count: int | None) -> str:
    return UNKNOWN if count is None else tokens(count)


def _tokens(usage: Usage) -> Sequence[str]:
    sent, written = _count(usage.prompt_tokens), _count(usage.output_tokens)
    if sent == written == UNKNOWN:
        return ("",)
    return f"{sent} tokens in, {written} out", f"{sent} in, {written} out", f"{sent} / {written} tok"


def _p95(figure: str) -> Sequence[str]:
    return ("",) if figure == UNKNOWN else (f"95th percentile {figure}", f"95th: {figure}")


def _seconds(ms: float | None) -> str:
    return UNKNOWN if ms is None else f"{ms / 1000:.2f} s"


def _took(ms: float | None) -> str:
    """Return a time of which tenths of a second matter while it is short."""
    return UNKNOWN if ms is None else f"{ms / 1000:.1f} s" if ms < _EXACT_BELOW_MS else stretch(ms / 1000)


def _time(ms: float | None) -> str:
    return UNKNOWN if ms is None else stretch(ms / 1000)


def _speed(tokens_per_second: float | None) -> str:
    return UNKNOWN if tokens_per_second is None else f"{tokens_per_second:.0f} tok/s"
