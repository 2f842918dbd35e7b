"""Calling something later, for certain."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from textual.message_pump import MessagePump


def call_after(delay_s: float, node: MessagePump, callback: Callable[[], object]) -> asyncio.TimerHandle:
    """Have a node call a function of its own after a delay.

    Textual's `set_timer` never calls it where the time was over before its task came to look: a delay that is short,
    on a machine that is busy.
    """
    return asyncio.get_running_loop().call_later(delay_s, node.call_later, callback)
