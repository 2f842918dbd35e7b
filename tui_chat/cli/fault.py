"""A fault of the program itself: a sentence for the user, and a log for whoever mends it."""

from __future__ import annotations

import os
import sys
import time
import traceback
from collections.abc import Mapping
from pathlib import Path

from tui_chat import __version__
from tui_chat.cli.output import complain
from tui_chat.settings import state_dir

LARGEST_LOG = 1_000_000
"""Bytes after which the log begins anew, the old one beside it."""


def log_file(environ: Mapping[str, str]) -> Path:
    """Where the details of a fault are kept."""
    return state_dir(environ) / "tui-chat.log"


def report_fault(error: Exception) -> int:
    """Say that the program failed and where the details are; return the exit status."""
    what = f"This is a fault of tui-chat itself ({type(error).__name__})"
    try:
        path = _record(error)
    except OSError:
        complain(f"{what}.")
    else:
        complain(f"{what}; the details are in {path}.")
    return 1


def _record(error: Exception) -> Path:
    path = log_file(os.environ)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size > LARGEST_LOG:
        path.replace(path.with_suffix(".log.1"))
    # Where it happened, not what was said: an exception's text may hold a prompt, a reply or a key.
    where = "".join(traceback.format_tb(error.__traceback__))
    head = f"{time.strftime('%Y-%m-%d %H:%M:%S')} tui-chat {__version__}, Python {sys.version.split()[0]}"
    with path.open("a", encoding="utf-8") as log:
        log.write(f"{head}\n{where}{type(error).__qualname__}\n\n")
    path.chmod(0o600)
    return path
