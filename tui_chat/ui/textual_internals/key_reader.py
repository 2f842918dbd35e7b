"""The thread that reads what is typed, for both drivers of ours; see these for what is wrong with Textual 8.2's."""

from __future__ import annotations

import os
import select
from collections.abc import Callable, Iterable, Iterator
from signal import SIGHUP
from threading import Event

from textual.message import Message

from tui_chat.ui.textual_internals.input_parser import TerminalParser

READ_BYTES = 65_536
LOOK_S = 0.1
"""The interval at which the thread looks if it should end; Textual's own has the same."""
TERMINAL_GONE = 128 + SIGHUP
"""The status of a program whose terminal, or page, is no longer there."""


def messages_from(
    fileno: int, ended: Event, parser: TerminalParser, take: Callable[[bytes], Iterable[Message]]
) -> Iterator[Message]:
    """Give the messages of what comes from a file until the app has ended. An EOFError says that nobody is there.

    Textual's own loops end the app at a byte that is not UTF-8 (a Latin-1 terminal's é, noise on a line), look at a
    deadline only every 100 ms, so that Esc is late whatever ESCDELAY says, and turn in circles for ever, or leave an
    app that nobody can reach, once there is nothing left to read from.
    """
    while not ended.is_set():
        ready, _, _ = select.select([fileno], [], [], min(LOOK_S, parser.wait_s))
        if ready:
            data = _read(fileno)
            if not data:
                raise EOFError
            yield from take(data)
        yield from parser.tick()


def _read(fileno: int) -> bytes:
    try:
        return os.read(fileno, READ_BYTES)
    except OSError:  # the other side of the terminal is closed
        return b""
