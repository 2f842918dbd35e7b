"""Saving the files that a provider made for a reply."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from itertools import count
from pathlib import Path, PurePosixPath

from tui_chat.chat.errors import ChatError, ErrorKind
from tui_chat.chat.protocols import KeepsMadeFiles, MadeFile, StreamingProvider
from tui_chat.private_files import open_private
from tui_chat.settings import SettingsError
from tui_chat.text import clean_line

LONGEST_NAME = 120
MOST_TRIES = 1_000
"""Names that are tried where there is a file of that name already."""


async def save_made_files(provider: StreamingProvider, ids: Sequence[str], folder: Path) -> list[Path]:
    """Write the files into a folder under their own names, over none that is there; OSError or ChatError if not."""
    if not isinstance(provider, KeepsMadeFiles):
        raise ChatError(ErrorKind.INVALID_REQUEST, "This provider keeps no files.")
    return [write_new(folder, await provider.made_file(id)) for id in ids]


async def outcome_of(save: Callable[[], Future[list[Path]]], folder: Path) -> tuple[str, bool]:
    """Return what has become of files that are to be saved, in a sentence, and whether all of them are there."""
    try:
        saved = await asyncio.wrap_future(save())
    except ChatError as error:
        return f"Nothing more was saved: {error.sentence}", False
    except SettingsError as error:
        return str(error), False
    except OSError as error:
        return f"Nothing more was saved: {error.strerror or error}.", False
    return f"Saved {', '.join(clean_line(path.name) for path in saved)} in {clean_line(str(folder))}.", True


def write_new(folder: Path, file: MadeFile) -> Path:
    """Write a file that only its user can read; where one of its name is, under that name with a number."""
    for path in _paths(folder, plain_name(file.name)):
        try:
            descriptor = open_private(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
        except FileExistsError:
            continue
        with os.fdopen(descriptor, "wb") as opened:
            opened.write(file.content)
        return path
    raise FileExistsError(f"there are too many files of the name {plain_name(file.name)}")


def plain_name(name: str) -> str:
    """Return the last part of a name, without what could lead elsewhere, hide the file, or act on a terminal."""
    last = PurePosixPath(clean_line(name).replace("\\", "/").replace("\0", "")).name.strip(" .")
    stem, dot, suffix = last.rpartition(".")
    if dot and len(last) > LONGEST_NAME:
        last = f"{stem[: LONGEST_NAME - len(suffix[:20]) - 1]}.{suffix[:20]}"
    return last[:LONGEST_NAME] or "file"


def _paths(folder: Path, name: str) -> Iterator[Path]:
    yield folder / name
    plain = Path(name)
    for number in count(2):
        if number > MOST_TRIES:
            return
        yield folder / f"{plain.stem} ({number}){plain.suffix}"
