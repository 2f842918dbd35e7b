"""`tui-chat history list`: the conversations, one a line."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Sequence

from tui_chat.chat.message import ConversationSummary
from tui_chat.cli.output import Complaint, local_time, note, put, put_json
from tui_chat.cli.parser import Parser
from tui_chat.cli.tables import table
from tui_chat.storage import Store

SHORTEST_ID = 8
DEFAULTS = {"format": "text", "limit": None, "archived": False, "tag": None}
"""The options of a list that nobody asked for by its name."""


def define(parser: Parser) -> None:
    """Add the options that choose what is listed."""
    parser.add_argument(
        "--archived", action="store_true", help="list those in the archive, which are left out otherwise"
    )
    parser.add_argument("--tag", metavar="TAG", help="list those with this tag")


def run(store: Store, args: argparse.Namespace) -> int:
    """List the conversations."""
    summaries = store.conversations(args.limit, archived=args.archived, tag=_tag(args.tag))
    if args.format == "json":
        put_json([summary.to_json() for summary in summaries])
    elif not summaries:
        note("No such conversations." if args.archived or args.tag else "No conversations.")
    else:
        put_table(summaries)
    return 0


def _tag(text: str | None) -> str | None:
    if text is None:
        return None
    from tui_chat.chat.tags import tags_in

    tags = tags_in(text)
    if len(tags) != 1:
        raise Complaint("--tag takes one word.", 2)
    return tags[0]


def put_table(summaries: Sequence[ConversationSummary]) -> None:
    """Print conversations as a table."""
    for line in table(("ID", "CHANGED", "MESSAGES", "TITLE"), _rows(summaries), right=(2,)):
        put(line)


def _rows(summaries: Sequence[ConversationSummary]) -> Iterator[tuple[str, ...]]:
    length = id_length([summary.id for summary in summaries])
    for item in summaries:
        yield item.id[:length], local_time(item.updated_at), str(item.message_count), _title(item)


def _title(item: ConversationSummary) -> str:
    """Return a title, between the marks of the conversation if it has some."""
    marks = (["[pinned]"] if item.pinned else []) + (["[archived]"] if item.archived else [])
    return " ".join([*marks, item.title or "(no title)", *(f"#{tag}" for tag in item.tags)])


def id_length(ids: Iterable[str]) -> int:
    """Return how many characters tell the ids apart."""
    ids = list(ids)
    longest = max(map(len, ids))
    return next((n for n in range(SHORTEST_ID, longest) if len({id[:n] for id in ids}) == len(ids)), longest)
