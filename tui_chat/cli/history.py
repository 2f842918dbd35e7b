"""`tui-chat history`: the conversations that are kept."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from functools import partial

from tui_chat.chat.message import Role
from tui_chat.cli import history_list
from tui_chat.cli.history_list import SHORTEST_ID, id_length
from tui_chat.cli.history_store import found, opened_store, save
from tui_chat.cli.options import add_data_dir
from tui_chat.cli.output import BOLD, DIM, Complaint, local_time, note, paint, put, put_json
from tui_chat.cli.parser import Parser
from tui_chat.storage import SearchHit, Store
from tui_chat.text import clean, clean_line

HIGHEST_LIMIT = 1_000_000
EXAMPLES = """\
A unique prefix of an ID is enough; `tui-chat history list` shows them.

examples:
  tui-chat history list --limit 10
  tui-chat history show 3f2a91c4
  tui-chat history export 3f2a91c4 --format markdown > talk.md
  tui-chat history import conversations.zip
  tui-chat history export --all --output talks.zip
"""


def define(parser: Parser) -> None:
    """Add the commands of this one."""
    parser.epilog = EXAMPLES
    commands = parser.add_commands(required=False)
    add_data_dir(parser)
    parser.set_defaults(run=partial(_with_store, history_list.run), **history_list.DEFAULTS)
    for name, (text, defined) in _COMMANDS.items():
        description = f"{text[0].upper()}{text[1:]}."
        commands.add_parser(name, help=text, description=description, define=partial(_define, name, defined))


def _define(name: str, defined: Callable[[Parser], None], parser: Parser) -> None:
    """Add the arguments of a command, which are of no use to the others."""
    defined(parser)
    if name in ("list", "show", "search"):
        parser.add_argument(
            "--format", metavar="FORMAT", choices=("text", "json"), default="text", help="text (the default) or json"
        )
    if name in ("list", "search"):
        parser.add_argument("--limit", metavar="N", type=_count, help="at most so many")
    add_data_dir(parser)


def _define_list(parser: Parser) -> None:
    history_list.define(parser)
    _run_on_store(parser, history_list.run)


def _define_show(parser: Parser) -> None:
    _add_id(parser)
    _run_on_store(parser, _show)


def _define_search(parser: Parser) -> None:
    parser.add_argument("query", metavar="QUERY", help="words, in any order and letter case")
    _run_on_store(parser, _search)


def _define_import(parser: Parser) -> None:
    from tui_chat.cli import history_import

    history_import.define(parser)
    _run_on_store(parser, history_import.run)


def _define_export(parser: Parser) -> None:
    from tui_chat.cli.export import add_export_options

    add_export_options(parser)
    _run_on_store(parser, _export)


def _define_rename(parser: Parser) -> None:
    _add_id(parser)
    parser.add_argument("title", metavar="TITLE", help="the new title")
    _run_on_store(parser, _rename)


def _define_delete(parser: Parser) -> None:
    from tui_chat.cli.history_removal import define_delete, run_delete

    define_delete(parser)
    _run_on_store(parser, run_delete)


def _define_prune(parser: Parser) -> None:
    from tui_chat.cli.history_removal import define_prune, run_prune

    define_prune(parser)
    _run_on_store(parser, run_prune)


def _define_backup(parser: Parser) -> None:
    from tui_chat.cli.history_backup import run_backup

    _add_file(parser, "the file to write, or a folder for it", run_backup)


def _define_restore(parser: Parser) -> None:
    from tui_chat.cli.history_backup import run_restore

    _add_file(parser, "what `history backup` wrote", run_restore)


def _add_id(parser: Parser) -> None:
    parser.add_argument("id", metavar="ID", help="the conversation")


def _add_file(parser: Parser, what: str, run: Callable[[argparse.Namespace], int]) -> None:
    """Add the arguments of a command about a file with the whole history."""
    parser.add_argument("file", metavar="FILE", help=what)
    parser.add_argument("-y", "--yes", action="store_true", help="do not ask")
    parser.set_defaults(run=run)


def _run_on_store(parser: Parser, run: Callable[[Store, argparse.Namespace], int]) -> None:
    parser.set_defaults(run=partial(_with_store, run))


_COMMANDS: Mapping[str, tuple[str, Callable[[Parser], None]]] = {
    "list": ("list the conversations, the latest first", _define_list),
    "show": ("print a conversation", _define_show),
    "search": ("find messages that have every word of a query", _define_search),
    "import": ("add conversations of this program and of others", _define_import),
    "export": ("print a conversation for another program, or to keep it", _define_export),
    "rename": ("rename a conversation", _define_rename),
    "delete": ("delete conversations for good", _define_delete),
    "prune": ("delete conversations that have not changed in a while", _define_prune),
    "backup": ("write the whole history to one file, even while tui-chat runs", _define_backup),
    "restore": ("replace the whole history with a backup", _define_restore),
}
"""Each command, what it does, and what adds its arguments."""


def _count(text: str) -> int:
    if not text.isdecimal() or len(text) > len(str(HIGHEST_LIMIT)) or not 0 < int(text) <= HIGHEST_LIMIT:
        raise argparse.ArgumentTypeError(f"{text[:40]!r} is not a number from 1 to {HIGHEST_LIMIT:,}")
    return int(text)


def _with_store(run: Callable[[Store, argparse.Namespace], int], args: argparse.Namespace) -> int:
    with opened_store(args) as store:
        return run(store, args)


def _show(store: Store, args: argparse.Namespace) -> int:
    from tui_chat.chat.passages import text_with_sources
    from tui_chat.interchange.headings import heading
    from tui_chat.storage import conversation_to_json

    conversation = found(store, args.id)
    if args.format == "json":
        put_json(conversation_to_json(conversation))
        return 0
    put(paint(clean_line(conversation.title or "(no title)"), BOLD))
    about = (conversation.id, conversation.model, local_time(conversation.created_at))
    put(paint(clean_line(" · ".join(filter(None, about))), DIM))
    for message in conversation.messages:
        put(f"\n{paint(heading(message), BOLD)}")
        put(clean(text_with_sources(message.parts)).rstrip("\n") or "(no text)")
    return 0


def _search(store: Store, args: argparse.Namespace) -> int:
    hits = store.search(args.query, args.limit or -1)
    if args.format == "json":
        put_json([_hit_to_json(hit) for hit in hits])
    elif not hits:
        note("Nothing was found.")
    else:
        length = id_length(list({hit.conversation_id for hit in hits}))
        for hit in hits:
            where = f"{hit.conversation_id[:length]}  {local_time(hit.created_at)}  {hit.title or '(no title)'}"
            put(paint(clean_line(where), BOLD))
            who = f"{hit.message_id[:SHORTEST_ID]} {'you' if hit.role is Role.USER else 'reply'}"
            put(f"    {paint(f'{who}:', DIM)} {' '.join(clean(hit.snippet).split())}")
    return 0


def _hit_to_json(hit: SearchHit) -> dict[str, str]:
    return {
        "conversation_id": hit.conversation_id,
        "title": hit.title,
        "message_id": hit.message_id,
        "role": hit.role.value,
        "created_at": hit.created_at.isoformat(),
        "snippet": hit.snippet,
    }


def _export(store: Store, args: argparse.Namespace) -> int:
    from tui_chat.cli.export import export_conversations

    if args.all == bool(args.id):
        raise Complaint("Name the conversations to export, or all of them with --all.", 2)
    ids = (
        [summary.id for summary in store.conversations(archived=None)]
        if args.all
        else [found(store, id).id for id in args.id]
    )
    return export_conversations(store, list(dict.fromkeys(ids)), args)


def _rename(store: Store, args: argparse.Namespace) -> int:
    title = " ".join(args.title.split())
    if not title:
        raise Complaint("The new title is empty.", 2)
    save(store, store.rename(found(store, args.id).id, title))
    return 0
