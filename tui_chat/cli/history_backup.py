"""`tui-chat history backup` and `restore`: the whole history in one file, and back."""

from __future__ import annotations

import argparse
from datetime import date

from tui_chat.cli.options import environment
from tui_chat.cli.output import Complaint, agreed_or_told, note
from tui_chat.settings import data_dir
from tui_chat.storage.backup import Backup, BackupError, back_up, restore
from tui_chat.text.amounts import counted
from tui_chat.typed_paths import typed_path


def run_backup(args: argparse.Namespace) -> int:
    """Write a backup."""
    target = typed_path(args.file)
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
    source = typed_path(args.file)
    question = f"Replace the whole history with {source}? What is there now is kept as a backup."
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
    return agreed_or_told(question, "Not a terminal, so it cannot ask; use --yes.")


def _extent(backup: Backup) -> str:
    return f"{counted(backup.conversations, 'conversation')} and {counted(backup.files, 'file')}"
