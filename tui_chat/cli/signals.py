"""SIGINT, SIGTERM and SIGHUP while the app is open: it ends at once, and what came of each reply is kept."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
LONGEST_END_S = 2.0
"""Seconds that a busy screen, or a terminal that does not read, may hold up the end."""


@contextmanager
def ended_by_signals(
    begin: Callable[[], object], close: Callable[[int], object], save: Callable[[], object]
) -> Iterator[None]:
    """Have these signals call `begin`, then `close` with the exit status; if that is not enough, `save` and end.

    All but `begin` happens in a thread: when a signal comes the main thread may be in the middle of anything.
    """

    def end(status: int) -> None:
        close(status)
        time.sleep(LONGEST_END_S)  # the main thread ends the program meanwhile, and this one with it
        save()
        os._exit(status)

    def handle(number: int, _frame: FrameType | None) -> None:
        begin()
        threading.Thread(target=end, args=(128 + number,), name="tui-chat end", daemon=True).start()

    heeded = [number for number in ENDING if signal.getsignal(number) is not signal.SIG_IGN]  # as nohup wants it
    before = {number: signal.signal(number, handle) for number in heeded}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
