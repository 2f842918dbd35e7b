"""The common part of every request, through whichever SDK it goes: it begins, and its events are waited for."""

from __future__ import annotations

import asyncio
from typing import Any

from tui_chat.providers.config import ProviderConfig, key_problem
from tui_chat.providers.loading import LOOKUPS, loaded

BATCH_TIMEOUT_S = 600.0
"""Seconds that a reply that comes in one piece may keep the line silent while it is written."""


async def ready(config: ProviderConfig) -> ProviderConfig:
    """Return how the provider is reached, once its server runs; a `ChatError` says why it cannot be asked."""
    reached = config if config.starting is None else await loaded(config.starting)
    problem = key_problem(reached)
    if problem is not None:
        raise problem
    _let_lookups_hang()
    return reached


async def next_event(wire: Any, config: ProviderConfig, *, flowing: bool) -> Any:
    """Return a stream's next event; StopAsyncIteration after the last.

    The transport bears silences for as long as the first token may take. Once tokens flow, a shorter one is a stall.
    """
    if not flowing or config.read_timeout_s >= config.patience_s:
        return await anext(wire)
    async with asyncio.timeout(config.read_timeout_s):
        return await anext(wire)


def _let_lookups_hang() -> None:
    """See to it that the end of this loop does not wait for a name lookup, which nothing can stop.

    A loop that already has an executor keeps it: its owner waits for the work in there.
    """
    loop = asyncio.get_running_loop()
    if getattr(loop, "_default_executor", None) is None:
        loop.set_default_executor(LOOKUPS)
