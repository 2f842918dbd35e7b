"""`tui-chat history backup` and `restore`: the whole history in one file, and back."""

from __future__ import annotations

import argparse
import sys
from datetime import date
from pathlib import Path

from tui_chat.cli.options import environment
from tui_chat.cli.output import Complaint, agreed, note
from tui_chat.settings import data_dir
from tui_chat.storage.backup import Backup, BackupError, back_up, restore


def run_backup(args: argparse.Namespace) -> int:
    """Write a backup."""
    target = Path(args.file).expanduser()
    if target.is_dir():
        target /= f"tui-chat-{date.today()}.db"
    if target.exists() and not (args.yes or _agreed(f"Replace {target}?")):
        note("Nothing was written.")
        return 0
    try:
        backup = back_up(data_dir(environment(args)), target)
    except BackupError as error:
        raise Complaint(str(error)) from None
    note(f"{_extent(backup)} in {backup.path}.")
    return 0


def run_restore(args: argparse.Namespace) -> int:
    """Put a backup in the place of the history."""
    source = Path(args.file).expanduser()
    question = f"Put {source} in the place of the whole history? What is there now is kept as a backup."
    if not (args.yes or _agreed(question)):
        note("Nothing was changed.")
        return 0
    try:
        backup, kept = restore(data_dir(environment(args)), source)
    except BackupError as error:
        raise Complaint(str(error)) from None
    note(f"{_extent(backup)} restored.{f' What was there before is in {kept}.' if kept else ''}")
    return 0


def _agreed(question: str) -> bool:
    if not sys.stdin.isatty():
        raise Complaint("There is no terminal to ask at; --yes does it without asking.", 2)
    return agreed(question)


def _extent(backup: Backup) -> str:
    return f"{_counted(backup.conversations, 'conversation')} and {_counted(backup.files, 'file')}"


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"
