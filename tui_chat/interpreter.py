"""Tuning of the interpreter: garbage collection, switching of threads, memory that is free."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager

SWITCH_INTERVAL_S = 0.0005
"""Seconds after which a busy thread of a reply gives way: a key waits for several such turns before it is answered."""
GARBAGE_AFTER = (10_000, 10, 50)
"""Full collections go through every line of every reply, and no key is answered meanwhile, so they are rare."""


def tune_for_app() -> None:
    """Set the interpreter up so that keys are answered soon, however busy replies are."""
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    gc.set_threshold(*GARBAGE_AFTER)


def give_memory_back() -> None:
    """Give the system the memory that is free; left to itself the C library of Linux keeps most of it for ever.

    It takes some milliseconds, in which other threads go on.
    """
    if sys.platform != "linux":
        return
    import ctypes

    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:  # musl has none
        trim(0)


@contextmanager
def lasting_imports() -> Iterator[None]:
    """Keep what is imported here out of every garbage collection: it stays until the end.

    An SDK alone is some 300,000 objects. Looking at them all again would stop the program for a fifth of a second.
    """
    gc.disable()
    try:
        yield
        gc.freeze()
    finally:
        gc.enable()
