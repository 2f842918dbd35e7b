"""Tuning of the interpreter: how often it looks for garbage, and how soon one thread gives way to another."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager

SWITCH_INTERVAL_S = 0.0005
"""A reply's thread that is busy gives way this soon: a key waits for several such turns before it is answered."""
GARBAGE_AFTER = (10_000, 10, 50)
"""A full look for garbage goes through every line of every reply, and no key is answered meanwhile: it comes seldom."""


def tune_for_app() -> None:
    """Let keys be answered soon, however busy replies are."""
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    gc.set_threshold(*GARBAGE_AFTER)


@contextmanager
def lasting_imports() -> Iterator[None]:
    """Keep what is imported here out of every look for garbage: it stays until the end.

    An SDK alone is some 300,000 objects. Looking at them all again would stop the program for a fifth of a second.
    """
    gc.disable()
    try:
        yield
        gc.freeze()
    finally:
        gc.enable()
