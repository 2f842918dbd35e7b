"""`tui-chat history import`: conversations of this program, of others, and of services on the web."""

from __future__ import annotations

import argparse
import shutil
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType
from typing import TYPE_CHECKING

from tui_chat.cli.output import Complaint, note, put
from tui_chat.cli.parser import Parser
from tui_chat.interchange.importing import FORMATS
from tui_chat.storage import Store

if TYPE_CHECKING:
    from tui_chat.interchange.importing.run import Import, ImportReport

PROGRESS_S = 2.0
"""Seconds between two sentences on how far an import is."""
MOST_NAMED = 20
"""Problems that are named; all are counted."""
INTERRUPTED = 130
EPILOG = """\
A FILE is known by what is in it: the .zip or conversations.json that claude.ai and ChatGPT export, what `history
export` printed, a database of llm (logs.db), elia or oterm, or Markdown with a heading for each speaker. What is here
already is not added again; a conversation that has grown gets its new messages.
"""


def define(parser: Parser) -> None:
    """Add the arguments of this command."""
    parser.epilog = EPILOG
    parser.add_argument("file", metavar="FILE", nargs="+", help="a file to import; - is standard input")
    parser.add_argument(
        "--format", metavar="FORMAT", choices=FORMATS, default="", help=f"instead of finding out: {', '.join(FORMATS)}"
    )


def run(store: Store, args: argparse.Namespace) -> int:
    """Import the files, and print how many conversations have come of them."""
    from tui_chat.interchange.importing.run import Import

    _check_saved(store)
    importing = Import(store, _Progress(), args.format)
    try:
        with _files(args.file) as files, _stopped_by_ctrl_c(importing):
            importing.run(files)
    except KeyboardInterrupt:
        importing.report.stopped = True
    except OSError:
        _tell(importing.report)
        raise Complaint("The import stopped: it could not be saved.") from None
    _check_saved(store)
    _tell(importing.report)
    if importing.report.stopped:
        return INTERRUPTED
    return 0 if importing.report.found else 1


def _check_saved(store: Store) -> None:
    if store.path is None:
        raise Complaint("Nothing was changed: it could not be saved.")


def _tell(report: ImportReport) -> None:
    """Print the counts, and name what could not be imported where it disturbs no program."""
    for sentence in report.problems[:MOST_NAMED]:
        note(sentence)
    if report.failed > MOST_NAMED:
        note(f"{report.failed - MOST_NAMED:,} more could not be imported.")
    put(report.summary())


class _Progress:
    """Says on standard error how far an import is that takes its time."""

    def __init__(self) -> None:
        self._told = time.monotonic()

    def __call__(self, report: ImportReport) -> None:
        """Say it, if that was not done just now."""
        if time.monotonic() - self._told >= PROGRESS_S:
            self._told = time.monotonic()
            part = "" if report.fraction is None else f" ({report.fraction:.0%} of the file)"
            note(f"{report.handled:,} so far{part}. Ctrl+C stops, and keeps them.")


@contextmanager
def _stopped_by_ctrl_c(importing: Import) -> Iterator[None]:
    """Let Ctrl+C end an import after the present conversation; pressed again, at once."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        if importing.stopping:
            raise KeyboardInterrupt
        importing.stop()

    before = signal.getsignal(signal.SIGINT)
    if before is not signal.SIG_IGN:  # as nohup wants it
        signal.signal(signal.SIGINT, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def _files(names: Sequence[str]) -> Iterator[Sequence[Path]]:
    """Give the files; what comes through a pipe is put into one first: a .zip and a database are not read in order."""
    with ExitStack() as stack:
        yield [stack.enter_context(_piped(name)) if _is_pipe(name) else Path(name) for name in names]


def _is_pipe(name: str) -> bool:
    return name == "-" or Path(name).is_fifo()


@contextmanager
def _piped(name: str) -> Iterator[Path]:
    with TemporaryDirectory(prefix="tui-chat-import-") as folder:  # only its user can read it
        path = Path(folder) / "standard input"
        with path.open("wb") as copy, nullcontext(sys.stdin.buffer) if name == "-" else Path(name).open("rb") as pipe:
            shutil.copyfileobj(pipe, copy)
        yield path
