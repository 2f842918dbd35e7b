"""The processes that are alive: each holds a lock file of its own.

A reply under way names its owner. Where the owner's file is gone, or can be locked, nobody is fetching that reply any
more. Process ids alone would not do: they are given out again.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from tui_chat.private_files import make_private_folder, open_private
from tui_chat.storage.locks import clear_if_free, hold, let_go
from tui_chat.text import clean_line
from tui_chat.text.reading import identifier

FOLDER = "running"
LONGEST_NAME = 255
"""Bytes of a machine's name."""


class Owner:
    """The mark of the present process, made when it is first needed."""

    def __init__(self, folder: Path | None) -> None:
        """Take the folder of the marks; without one the conversations are this process's alone, and need no mark."""
        self.name = f"{os.getpid()}-{os.urandom(16).hex()}"
        self._folder = folder / FOLDER if folder else None
        self._descriptor: int | None = None

    @property
    def claimed(self) -> bool:
        """True if the mark is held."""
        return self._descriptor is not None

    def claim(self) -> str:
        """Hold the mark from now on; returns its name. Marks of processes that died are cleared away.

        Where no mark can be made, a reply is still saved as it ends: it may only be taken for interrupted until then.
        """
        if self._descriptor is None and self._folder:
            with suppress(OSError):
                make_private_folder(self._folder)
                for other in self._folder.iterdir():
                    clear_if_free(other)
                self._descriptor = hold(self._folder / self.name)
                os.write(self._descriptor, os.uname().nodename.encode()[:LONGEST_NAME])
        return self.name

    def is_alive(self, name: object) -> bool:
        """True if the process that claimed this name still runs; False for a value that is no name."""
        if name == self.name:
            return True
        try:
            return self._folder is not None and not clear_if_free(self._folder / identifier(name))
        except ValueError:
            return False

    def release(self) -> None:
        """Give up the mark."""
        if self._descriptor is not None and self._folder:
            let_go(self._folder / self.name, self._descriptor)
            self._descriptor = None


def others_alive(folder: Path) -> bool:
    """True if another process has something under way in this data folder."""
    return any(True for _ in _held_marks(folder))


def machine_elsewhere(folder: Path) -> str:
    """Return the name of another machine on which a process has something under way in this folder; "" for none."""
    machines = (_machine(mark) for mark in _held_marks(folder))
    return next((machine for machine in machines if machine not in ("", os.uname().nodename)), "")


def _held_marks(folder: Path) -> Iterator[Path]:
    with suppress(OSError):
        yield from (mark for mark in (folder / FOLDER).iterdir() if not clear_if_free(mark))


def _machine(mark: Path) -> str:
    """Return the name that a mark has in it; one of an earlier version has none."""
    with suppress(OSError), os.fdopen(open_private(mark, os.O_RDONLY | os.O_NONBLOCK), "rb") as file:
        return clean_line(file.read(LONGEST_NAME).decode("utf-8", "replace"))
    return ""
