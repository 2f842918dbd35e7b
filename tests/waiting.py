"""Waiting for what another process does: there is nothing there to be told by, so one looks again and again."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

PATIENCE_S = 120.0
"""Seconds for which anything is waited for: the machine may be busy, and where all goes well it costs nothing."""
LOOK_S = 0.01
T = TypeVar("T")


def wait_until(fact: Callable[[], T], what: str, patience_s: float = PATIENCE_S) -> T:
    """Look until the fact is true, or something is there; `what` is said if that never comes."""
    deadline = time.monotonic() + patience_s
    while not (found := fact()):
        assert time.monotonic() < deadline, f"this never came true: {what}"
        time.sleep(LOOK_S)  # nothing tells of what another process does
    return found
