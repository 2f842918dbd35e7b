"""A download by pip that somebody watches: how much has come, and that nobody wants it any more."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Event

from tui_chat.local.problem import LocalProblem

LOOK_S = 0.2
"""Seconds between two looks at what has come."""
LONGEST_REASON = 300


def download(command: Sequence[str], scratch: Path, on_progress: Callable[[int], None], given_up: Event) -> str:
    """Run pip, with its temporary files in a folder whose size tells how far it is.

    Return its last words where it fails, and else "".
    """
    said = scratch / "said.txt"
    environment = {**os.environ, "TMPDIR": str(scratch)}
    with said.open("wb") as words:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=words, env=environment
        )
    while _runs(process):
        if given_up.is_set():
            process.kill()
            process.wait()
            raise LocalProblem("Cancelled: nothing was fetched.")
        on_progress(_size(scratch))
    lines = said.read_text(errors="replace").strip().splitlines()
    return (lines[-1] if lines else "pip said nothing")[:LONGEST_REASON] if process.returncode else ""


def _runs(process: subprocess.Popen[bytes]) -> bool:
    try:
        process.wait(LOOK_S)
    except subprocess.TimeoutExpired:
        return True
    return False


def _size(folder: Path) -> int:
    """Return the bytes of all files in a folder, which come and go meanwhile."""
    total = 0
    for place, _, names in os.walk(folder):  # which, unlike a glob, passes over what has just gone
        for name in names:
            with suppress(OSError):
                total += Path(place, name).lstat().st_size
    return total
