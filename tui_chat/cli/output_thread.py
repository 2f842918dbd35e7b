"""A thread that writes a reply while it comes, so that a reader who does not read cannot hold up Stop."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from concurrent.futures import Future
from itertools import groupby
from operator import itemgetter
from queue import SimpleQueue
from typing import Protocol, TypeAlias

from tui_chat.text import printable_lines

_Item: TypeAlias = tuple[int, bytes | Callable[[], str]]
"""A descriptor, and a text for it or what returns one."""


class Output(Protocol):
    """Takes what is printed of a reply, and what is said about it."""

    def write(self, text: str) -> None:
        """Write more of the reply."""
        ...

    def note(self, text: str) -> None:
        """Write more about it."""
        ...


class Sink:
    """Writes to two descriptors in the order of the calls, each text at once."""

    def __init__(self, output: int, notes: int, encoding: str = "utf-8") -> None:
        self.ended: Future[None] = Future()
        """Done when everything is written, or nothing more will be; it holds the error that prevented it."""
        self.ended.set_running_or_notify_cancel()  # whoever gives up waiting for it cannot cancel it
        self._queue: SimpleQueue[_Item | None] = SimpleQueue()
        self._abandoned = self._drawn = False
        self._output, self._notes, self._encoding = output, notes, encoding
        # A daemon, and past Python's own buffers: one that is stuck in a write must not keep the program from ending.
        threading.Thread(target=self._run, name="tui-chat output", daemon=True).start()

    def write(self, text: str) -> None:
        """Write more of the reply."""
        self._put(self._output, text)

    def note(self, text: str) -> None:
        """Write more about it."""
        self._put(self._notes, text)

    def draw(self, make: Callable[[], str]) -> None:
        """Write more of the reply to a terminal: what `make` returns, which is called in the thread, when it is time.

        In its text nothing but what the program makes itself acts on the terminal.
        """
        self._drawn = True
        self._queue.put((self._output, make))

    def restore(self) -> None:
        """Leave no style in the terminal after writing was abandoned, maybe in the middle of a sequence."""
        if self._drawn:
            os.write(self._output, b"\x1b[0m")

    def _put(self, descriptor: int, text: str) -> None:
        shown = printable_lines(text) if os.isatty(descriptor) else text
        self._queue.put((descriptor, shown.encode(self._encoding, "replace")))

    def close(self) -> Future[None]:
        """End the writing; return what is done when everything is written."""
        self._queue.put(None)
        return self.ended

    def abandon(self) -> None:
        """Write nothing more."""
        self._abandoned = True

    def _run(self) -> None:
        try:
            ended = False
            while not ended:
                items = self._waiting()
                ended = items[-1] is None
                for descriptor, texts in groupby(filter(None, items), key=itemgetter(0)):
                    self._write(descriptor, b"".join(self._made(text) for _, text in texts))
        except Exception as error:  # noqa: BLE001 - whoever waits for the end gets it
            self.ended.set_exception(error)
        else:
            self.ended.set_result(None)

    def _waiting(self) -> list[_Item | None]:
        """Return all that is there by now: larger pieces for a text that comes fast, or the writing falls behind."""
        items = [self._queue.get()]
        while items[-1] is not None and not self._queue.empty():
            items.append(self._queue.get())
        return items

    def _made(self, text: bytes | Callable[[], str]) -> bytes:
        if isinstance(text, bytes):
            return text
        return b"" if self._abandoned else text().encode(self._encoding, "replace")

    def _write(self, descriptor: int, data: bytes) -> None:
        rest = memoryview(data)
        while rest and not self._abandoned:
            rest = rest[os.write(descriptor, rest) :]
