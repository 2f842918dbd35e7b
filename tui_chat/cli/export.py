"""`tui-chat history export`: conversations for other programs, for other people, or to keep."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from tui_chat.cli.output import Complaint, agreed_or_told, note, put
from tui_chat.cli.parser import Parser
from tui_chat.interchange.exporting import TEXT_FORMATS, Export, ExportFormat, ExportOptions
from tui_chat.storage import Store
from tui_chat.text import clean
from tui_chat.text.amounts import counted
from tui_chat.typed_paths import typed_path

PROGRESS_S = 2.0
"""Seconds between two sentences on how far an export is."""


def add_export_options(command: Parser) -> None:
    """Add the arguments of `history export`."""
    command.add_argument("id", metavar="ID", nargs="*", help="the conversations")
    command.add_argument("--all", action="store_true", help="all conversations")
    command.add_argument(
        "--format",
        metavar="FORMAT",
        choices=TEXT_FORMATS,
        default=ExportFormat.JSON,
        help="json (the default), markdown, html or text",
    )
    command.add_argument(
        "-o", "--output", metavar="FILE", help="write a file; JSON to a .zip keeps the attached files beside it"
    )
    command.add_argument("--thinking", action="store_true", help="with the thinking; JSON always has it")
    command.add_argument("-y", "--yes", action="store_true", help="overwrite the file without asking")


def export_conversations(store: Store, ids: list[str], args: argparse.Namespace) -> int:
    """Print conversations, or write them to the file that the arguments name."""
    format = ExportFormat(args.format)
    if args.output is not None:
        path = typed_path(args.output)
        zipped = format is ExportFormat.JSON and path.suffix.lower() == ".zip"
        options = ExportOptions(ExportFormat.ZIP if zipped else format, args.thinking)
        return _write(path, Export(store, ids, options, _Progress(len(ids))), args)
    for piece in Export(store, ids, ExportOptions(format, args.thinking)).pieces():
        put(clean(piece) if sys.stdout.isatty() else piece)
    return 0


def _write(path: Path, export: Export, args: argparse.Namespace) -> int:
    if path.exists() and not (args.yes or _may_overwrite(path)):
        note("Nothing was exported.")
        return 0
    try:
        export.save(path)
    except OSError as error:
        raise Complaint(f"{path} cannot be written: {error.strerror or error}.") from error
    note(f"Exported {counted(export.written, 'conversation')} to {path}.")
    return 0


class _Progress:
    """Says on standard error how far an export is that takes its time."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._told = time.monotonic()

    def __call__(self, written: int) -> None:
        """Say it, if that was not done just now."""
        if time.monotonic() - self._told >= PROGRESS_S:
            self._told = time.monotonic()
            note(f"{written:,} of {self._count:,} so far. Ctrl+C stops, and writes nothing.")


def _may_overwrite(path: Path) -> bool:
    there = f"{path} already exists"
    return agreed_or_told(f"{there}. Overwrite it?", f"{there}; --yes overwrites it.")
