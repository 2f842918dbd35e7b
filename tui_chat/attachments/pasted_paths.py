"""Paths in what was pasted: a file that is dropped on a terminal comes as its path, and each writes that in its way."""

from __future__ import annotations

import shlex
import socket
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TypeAlias
from urllib.parse import unquote, urlsplit

from tui_chat.text.limits import MOST_FILES
from tui_chat.typed_paths import typed_path

Paths: TypeAlias = tuple[Path, ...]

LONGEST_PASTE = 10_000
"""Characters: what is longer is no list of paths."""


def paths_in(text: str) -> Sequence[Paths]:
    """Return the ways to read a text as paths and nothing else; whether there are such files is not known yet."""
    text = text.strip()
    if not text.startswith(("/", "~/", "file://", "'", '"')) or len(text) > LONGEST_PASTE or "\0" in text:
        return ()
    readings = [[line.strip() for line in text.split("\n") if line.strip()]]  # as file managers copy them
    with suppress(ValueError):  # of a quotation mark that is never closed
        readings.append(shlex.split(text))
    return [paths for words in readings if (paths := _paths(words))]


def first_that_exists(readings: Sequence[Paths]) -> Paths:
    """Return the first reading in which every path leads to something, be it no file; this asks the disk."""
    return next((paths for paths in readings if all(map(_exists, paths))), ())


def files_named(typed: str) -> Paths:
    """Return the files that are meant: typed, or dropped on the terminal, which writes their paths in its way."""
    return first_that_exists([(typed_path(typed.strip()),), *paths_in(typed)])


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:  # a name that is too long
        return False


def _paths(words: Sequence[str]) -> Paths:
    paths = tuple(path for word in words[: MOST_FILES + 1] if (path := _path(word)) is not None)
    return tuple(dict.fromkeys(paths)) if len(paths) == len(words) else ()


def _path(word: str) -> Path | None:
    if word.startswith("file://"):
        with suppress(ValueError):
            address = urlsplit(word)
            if address.netloc in ("", "localhost", socket.gethostname()) and address.path:
                return Path(unquote(address.path))
        return None
    return typed_path(word) if word.startswith(("/", "~/")) else None
