"""`tui-chat history`: the conversations that are kept."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from tui_chat.chat.message import Role
from tui_chat.chat.passages import text_with_sources
from tui_chat.cli import history_import, history_list
from tui_chat.cli.export import add_export_options, export_conversations
from tui_chat.cli.history_backup import run_backup, run_restore
from tui_chat.cli.history_list import SHORTEST_ID, id_length
from tui_chat.cli.history_removal import define_delete, define_prune, run_delete, run_prune
from tui_chat.cli.history_store import found, opened_store, save
from tui_chat.cli.options import add_data_dir
from tui_chat.cli.output import BOLD, DIM, Complaint, local_time, note, paint, put, put_json
from tui_chat.cli.parser import Parser
from tui_chat.interchange.headings import heading
from tui_chat.storage import SearchHit, Store, conversation_to_json
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
    parser.set_defaults(run=lambda args: _with_store(history_list.run, args), **history_list.DEFAULTS)

    def add_plain(name: str, text: str, run: Callable[[argparse.Namespace], int], *arguments: str) -> Parser:
        command: Parser = commands.add_parser(name, help=text, description=f"{text[0].upper()}{text[1:]}.")
        for argument in arguments:
            command.add_argument(
                argument, metavar=argument.upper(), help=_ARGUMENTS.get(argument) or _ARGUMENTS[f"{name} {argument}"]
            )
        command.set_defaults(run=run)
        return command

    def add(name: str, text: str, run: Callable[[Store, argparse.Namespace], int], *arguments: str) -> Parser:
        return add_plain(name, text, lambda args: _with_store(run, args), *arguments)

    listing = add("list", "list the conversations, the latest first", history_list.run)
    history_list.define(listing)
    show = add("show", "print a conversation", _show, "id")
    search = add("search", "find messages that have every word of a query", _search, "query")
    history_import.define(add("import", "add conversations of this program and of others", history_import.run))
    export = add("export", "print a conversation for another program, or to keep it", _export)
    add("rename", "rename a conversation", _rename, "id", "title")
    define_delete(add("delete", "delete conversations for good", run_delete))
    define_prune(add("prune", "delete conversations that have not changed in a while", run_prune))
    for command in (
        add_plain("backup", "write the whole history to one file, even while tui-chat runs", run_backup, "file"),
        add_plain("restore", "replace the whole history with a backup", run_restore, "file"),
    ):
        command.add_argument("-y", "--yes", action="store_true", help="do not ask")
    for command in (listing, show, search):
        command.add_argument(
            "--format", metavar="FORMAT", choices=("text", "json"), default="text", help="text (the default) or json"
        )
    for command in (listing, search):
        command.add_argument("--limit", metavar="N", type=_count, help="at most so many")
    add_export_options(export)
    for command in commands.choices.values():
        add_data_dir(command)


_ARGUMENTS = {
    "id": "the conversation",
    "query": "words, in any order and letter case",
    "title": "the new title",
    "backup file": "the file to write, or a folder for it",
    "restore file": "what `history backup` wrote",
}


def _count(text: str) -> int:
    if not text.isdecimal() or len(text) > len(str(HIGHEST_LIMIT)) or not 0 < int(text) <= HIGHEST_LIMIT:
        raise argparse.ArgumentTypeError(f"{text[:40]!r} is not a number from 1 to {HIGHEST_LIMIT:,}")
    return int(text)


def _with_store(run: Callable[[Store, argparse.Namespace], int], args: argparse.Namespace) -> int:
    with opened_store(args) as store:
        return run(store, args)


def _show(store: Store, args: argparse.Namespace) -> int:
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
