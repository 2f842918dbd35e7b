"""The paths that may be meant by what is typed of one; what is hidden, or ignored by git, comes last."""

from __future__ import annotations

import heapq
import os
import subprocess
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from tui_chat.records import dataclass
from tui_chat.typed_paths import typed_path

MOST_LISTED = 20_000
"""Paths that are looked at below a folder."""
MOST_OFFERED = 50
_LISTING_S = 1.0
"""Seconds that a listing may take; what was found until then is offered."""
_FRESH_S = 5.0
"""Seconds for which a listing holds: long enough to type a name."""
_LARGEST_LIST_BYTES = 4_000_000
_GIT = ("git", "-c", "core.fsmonitor=false", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
"""Names what a project consists of, and runs nothing that its folder names."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A path that may be meant."""

    text: str
    """As it would be typed; a folder ends with a slash."""
    path: Path

    @property
    def is_folder(self) -> bool:
        """True if there is more below it."""
        return self.text.endswith("/")


@dataclass(frozen=True, slots=True)
class _Entry:
    """A path below the folder that is listed; a folder's ends with a slash."""

    path: str
    last: bool

    def rank(self, stem: str) -> tuple[object, ...] | None:
        """Return its place among those that have the stem in them; None if it has not."""
        folded = self.path.casefold()
        plain = folded.rstrip("/")
        depth, name = plain.count("/"), plain.rpartition("/")[2]
        if not stem:
            return (self.last, folded) if depth == 0 else None
        if stem not in plain:
            return None
        return self.last, not name.startswith(stem), stem not in name, depth, len(name), folded


class FileListing:
    """Offers paths; it asks the disk, and must not be asked in the UI's loop."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        """Held while a folder is listed: whoever asks again meanwhile, at the next key, waits for the same list."""
        self._listed: tuple[Path, float, Sequence[_Entry]] | None = None

    def offers(self, typed: str) -> Sequence[Offer]:
        """Return what may be meant by what is typed: relative to the working folder, absolute, or below "~"."""
        typed = f"{typed}/" if typed in ("~", "..") else typed
        before, slash, stem = typed.rpartition("/")
        prefix = before + slash
        folder = typed_path(prefix)
        ranked = ((rank, entry) for entry in self._entries(folder) if (rank := entry.rank(stem.casefold())) is not None)
        best = heapq.nsmallest(MOST_OFFERED, ranked, key=lambda found: found[0])
        return [Offer(prefix + entry.path, folder / entry.path) for _, entry in best]

    def _entries(self, folder: Path) -> Sequence[_Entry]:
        with self._lock:
            listed = self._listed
            if listed is None or listed[0] != folder or time.monotonic() > listed[1] + _FRESH_S:
                listed = self._listed = (folder, time.monotonic(), _list(folder))
            return listed[2]


def _list(folder: Path) -> Sequence[_Entry]:
    own = _known_to_git(folder)
    usual = _with_folders(own) if own is not None else dict.fromkeys(_below(folder))
    beside = (path for path in _children(folder) if path not in usual)
    return [
        *(_Entry(path, last=_is_hidden(path)) for path in usual),
        *(_Entry(path, last=own is not None or _is_hidden(path)) for path in beside),
    ]


def _known_to_git(folder: Path) -> Sequence[str] | None:
    """Return the paths of a project that are not ignored; None where there is no project, or no git."""
    try:
        done = subprocess.run(
            _GIT, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, timeout=_LISTING_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired, ValueError):
        return None
    names = done.stdout[:_LARGEST_LIST_BYTES].split(b"\0")[:-1]
    # A folder that is ignored itself has nothing that is known; it is looked at like any other.
    return list(map(os.fsdecode, names[:MOST_LISTED])) if done.returncode == 0 and names else None


def _with_folders(paths: Iterable[str]) -> dict[str, None]:
    found: dict[str, None] = {}
    for path in paths:
        parts = path.split("/")
        found.update((f"{'/'.join(parts[:end])}/", None) for end in range(1, len(parts)))
        found[path] = None
    return found


def _below(folder: Path) -> Iterator[str]:
    """Yield the paths below a folder, those near it first; what is hidden is not looked into."""
    waiting, until, count = deque([""]), time.monotonic() + _LISTING_S, 0
    while waiting and count < MOST_LISTED and time.monotonic() < until:
        for path in _children(folder, waiting.popleft()):
            count += 1
            yield path
            # A link may lead around in a circle.
            if path.endswith("/") and not _is_hidden(path) and not (folder / path).is_symlink():
                waiting.append(path)


def _children(folder: Path, below: str = "") -> Iterator[str]:
    with suppress(OSError, ValueError), os.scandir(folder / below) as entries:
        for number, entry in enumerate(entries):
            if number == MOST_LISTED:
                return
            with suppress(OSError):
                if entry.is_dir():
                    yield f"{below}{entry.name}/"
                elif entry.is_file():
                    yield below + entry.name


def _is_hidden(path: str) -> bool:
    return path.startswith(".") or "/." in path
