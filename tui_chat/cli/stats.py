"""`tui-chat stats`: what all replies add up to."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from tui_chat.cli.history_list import SHORTEST_ID
from tui_chat.cli.history_store import opened_store
from tui_chat.cli.options import add_data_dir
from tui_chat.cli.output import note, put, put_json
from tui_chat.cli.parser import Parser
from tui_chat.cli.tables import columns, table
from tui_chat.storage import CallSums, Grouping, Percentiles, Standing, Statistics, Store
from tui_chat.text import clean_line
from tui_chat.text.amounts import counted, money

EXAMPLES = """\
examples:
  tui-chat stats --since 30d
  tui-chat stats --by model --since 2026-01-01
"""
NOTHING = "There are no replies."
UNKNOWN = "-"


def define(parser: Parser) -> None:
    """Add the options of this command."""
    parser.epilog = EXAMPLES
    parser.add_argument("--since", metavar="WHEN", type=since, help="30d, 12h, 8w, or a day as 2026-01-31")
    parser.add_argument(
        "--by", metavar="WHAT", choices=tuple(Grouping), help="day, model or conversation: a line for each"
    )
    parser.add_argument(
        "--format", metavar="FORMAT", choices=("text", "json"), default="text", help="text (the default) or json"
    )
    add_data_dir(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the sums of all replies, or of each group."""
    with opened_store(args) as store:
        if args.by is None:
            _print_all(store.statistics(args.since), store.choices.standings(args.since), args.format)
        else:
            _print_groups(store, Grouping(args.by), args)
    return 0


def since(text: str) -> datetime:
    """Return a moment in the past: so long ago, or the beginning of a day."""
    units = {"h": "hours", "d": "days", "w": "weeks"}
    try:
        if match := re.fullmatch(r"(\d{1,5})([hdw])", text.strip().lower()):
            return datetime.now().astimezone() - timedelta(**{units[match[2]]: int(match[1])})
        return datetime.fromisoformat(text.strip()).astimezone()
    except (ValueError, OverflowError):
        raise argparse.ArgumentTypeError(
            f"{text!r} is neither a time such as 30d nor a day such as 2026-01-31"
        ) from None


def _print_all(sums: Statistics, standings: Sequence[Standing], format: str) -> None:
    if format == "json":
        put_json({**sums.to_json(), "wins": [standing.to_json() for standing in standings]})
    elif not sums.replies:
        note(NOTHING)
    else:
        for line in columns((*figures(sums), *_wins(standings))):
            put(line)


def figures(sums: Statistics) -> Iterator[tuple[str, str]]:
    """Yield the sums with their names; a name is "" where the figure belongs to the one before."""
    usage = sums.usage
    yield "Replies", f"{sums.replies} ({sums.stream} streamed, {sums.batch} batch)"
    yield "Ended early", f"{sums.stopped} stopped, {sums.cancelled} cancelled, {sums.interrupted} interrupted"
    yield "Failed", ", ".join(f"{count} {kind}" for kind, count in sums.failed.items()) or "0"
    yield "Recovery", f"{sums.retries} retries, {sums.resumes} resumed, {sums.fallbacks} fetched as batch instead"
    yield "First token", _both(sums.ttft_ms, 1000, " s")
    yield "Speed", _both(sums.tokens_per_second, 1, " tokens/s")
    yield "", _both(sums.chars_per_second, 1, " characters/s")
    yield "Tokens", f"{_number(usage.input_tokens)} in, {_number(usage.output_tokens)} out"
    cached = f"{_number(usage.cache_read_input_tokens)} read, {_number(usage.cache_creation_input_tokens)} written"
    yield "Cache", cached
    if usage.web_search_requests:
        yield "Searches", _number(usage.web_search_requests)
    yield "Cost", _money(sums)
    for number, (name, calls) in enumerate(sums.tools.items()):
        yield "" if number else "Tools", f"{clean_line(name)}: {_calls(calls)}"


def _wins(standings: Sequence[Standing]) -> Iterator[tuple[str, str]]:
    """Yield how often each model's reply was chosen, with what its replies cost and how long they took."""
    for number, standing in enumerate(standings):
        means = [
            *([] if standing.cost_usd is None else [money(standing.cost_usd)]),
            *([] if standing.duration_ms is None else [_figure(standing.duration_ms, 1000, " s")]),
        ]
        told = f"{clean_line(standing.model)}: {standing.wins} of {counted(standing.rounds, 'round')}"
        yield "" if number else "Wins", f"{told}, {' and '.join(means)} on average" if means else told


def _calls(sums: CallSums) -> str:
    """Return how often a tool was called, how that went and how long it took."""
    said = {"failed": sums.failed, "not allowed": sums.refused}
    ended = [f"{count} {how}" for how, count in said.items() if count]
    took = [] if sums.duration_ms is None else [f"{_figure(sums.duration_ms, 1000, ' s')} in all"]
    return ", ".join([counted(sums.calls, "call"), *ended, *took])


def _print_groups(store: Store, grouping: Grouping, args: argparse.Namespace) -> None:
    groups = store.statistics_by(grouping, args.since)
    if args.format == "json":
        put_json([{grouping.value: key, **sums.to_json()} for key, sums in groups])
        return
    if not groups:
        note(NOTHING)
        return
    titles = (
        {item.id: item.title for item in store.conversations(archived=None)}
        if grouping is Grouping.CONVERSATION
        else {}
    )
    head = ("REPLIES", "FAILED", "IN", "OUT", "COST", "FIRST TOKEN", "TOKENS/S", grouping.upper())
    rows = [(*_row(sums), f"{key[:SHORTEST_ID]}  {titles[key]}" if key in titles else key) for key, sums in groups]
    for line in table(head, rows, right=range(7)):
        put(line)


def _row(sums: Statistics) -> tuple[str, ...]:
    return (
        str(sums.replies),
        str(sum(sums.failed.values())),
        _number(sums.usage.input_tokens),
        _number(sums.usage.output_tokens),
        _money(sums),
        _figure(sums.ttft_ms.p50, 1000, " s"),
        _figure(sums.tokens_per_second.p50, 1, ""),
    )


def _both(figures: Percentiles, unit: float, name: str) -> str:
    """Return the median and the 95th percentile."""
    if figures.p50 is None:
        return "unknown"
    return f"{_figure(figures.p50, unit, name)} (median), {_figure(figures.p95, unit, name)} (95th percentile)"


def _figure(value: float | None, unit: float, name: str) -> str:
    return UNKNOWN if value is None else f"{value / unit:.{2 if unit > 1 else 0}f}{name}"


def _number(count: int | None) -> str:
    return UNKNOWN if count is None else f"{count:,}"


def _money(sums: Statistics) -> str:
    return "unknown" if sums.cost_usd is None else money(sums.cost_usd, estimated=sums.estimated > 0)
