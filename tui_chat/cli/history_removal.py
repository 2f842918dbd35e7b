"""`tui-chat history delete` and `prune`: conversations deleted for good, by their ids or by their age."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from datetime import timedelta

from tui_chat.chat.message import Conversation, utc_now
from tui_chat.cli.history_list import put_table
from tui_chat.cli.history_store import found, save
from tui_chat.cli.output import Complaint, agreed_or_told, note
from tui_chat.cli.parser import Parser
from tui_chat.storage import Store
from tui_chat.text.amounts import counted

DAYS_IN = {"d": 1, "w": 7}
LONGEST_AGE_DAYS = 36_500
PRUNE_EPILOG = """\
Pinned conversations are spared, unless --pinned is given; so are a reply under way and a prompt that was not sent.

examples:
  tui-chat history prune --older-than 90d --dry-run
  tui-chat history prune --older-than 52w --yes
"""


def define_delete(parser: Parser) -> None:
    """Add the arguments of `delete`."""
    parser.epilog = "In the app, ctrl+o and then ctrl+d does the same, and can be undone until the app ends."
    parser.add_argument("id", metavar="ID", nargs="+", help="the conversations")
    _add_yes(parser)


def define_prune(parser: Parser) -> None:
    """Add the options of `prune`."""
    parser.epilog = PRUNE_EPILOG
    parser.add_argument(
        "--older-than", metavar="AGE", type=_age, required=True, help="those not changed for so long: 90d, or 12w"
    )
    parser.add_argument("--dry-run", action="store_true", help="list what would be deleted, and delete nothing")
    parser.add_argument("--pinned", action="store_true", help="delete those that are pinned, too")
    _add_yes(parser)


def _add_yes(parser: Parser) -> None:
    parser.add_argument("-y", "--yes", action="store_true", help="do not ask")


def _age(text: str) -> timedelta:
    match = re.fullmatch(r"([0-9]{1,6})([dw])", text)
    days = int(match[1]) * DAYS_IN[match[2]] if match else 0
    if not 0 < days <= LONGEST_AGE_DAYS:
        raise argparse.ArgumentTypeError(f"{text[:40]!r} is not an age like 90d (days) or 12w (weeks)")
    return timedelta(days)


def run_delete(store: Store, args: argparse.Namespace) -> int:
    """Delete conversations; all of them, or none."""
    conversations = list({it.id: it for it in (found(store, id) for id in args.id)}.values())
    if not (args.yes or _agreed(_question(conversations))):
        note("Nothing was deleted.")
        return 0
    if any(store.replies_elsewhere(conversation.id) for conversation in conversations):
        raise Complaint("Nothing was deleted: a reply is coming in another window. Stop it there, then try again.")
    for conversation in conversations:
        save(store, store.delete(conversation.id))
    save(store, store.purge_deleted())
    return 0


def _question(conversations: Sequence[Conversation]) -> str:
    titles = ", ".join(f'"{conversation.title}"' for conversation in conversations)
    count = sum(len(conversation.messages) for conversation in conversations)
    return f"Delete {titles} ({count} messages) for good?"


def run_prune(store: Store, args: argparse.Namespace) -> int:
    """Delete what is old, or list what would be deleted."""
    before = utc_now() - args.older_than
    old = set(store.retention.old(before, pinned=args.pinned))
    listed = [summary for summary in store.conversations(archived=None) if summary.id in old]
    if not listed:
        note("No conversation is that old.")
        return 0
    if args.dry_run or not args.yes:
        put_table(listed)
    if args.dry_run:
        note(f"{counted(len(listed), 'conversation')} would be deleted.")
    elif args.yes or _agreed(f"Delete {counted(len(listed), 'conversation')} for good?"):
        removed = save(store, store.retention.remove(before, pinned=args.pinned))
        note(f"{counted(removed, 'conversation')} deleted.")
    else:
        note("Nothing was deleted.")
    return 0


def _agreed(question: str) -> bool:
    return agreed_or_told(question, "Not a terminal, so it cannot ask; use --yes to delete.")
