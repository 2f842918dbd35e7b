"""What to do when a request fails: a pure decision, and how long to wait."""

from __future__ import annotations

import random
from dataclasses import dataclass
from enum import StrEnum

from tui_chat.chat.errors import ChatError
from tui_chat.chat.metadata import Mode

LONGEST_WAIT_S = 120.0
"""A provider may ask for more; nobody watches a countdown for longer than this."""


@dataclass(frozen=True, slots=True)
class StreamOptions:
    """How replies are streamed and mended, from the settings."""

    retry_attempts: int = 4
    resume: bool = True
    fallback_to_batch: bool = True


class Remedy(StrEnum):
    """The ways on from a failure."""

    RETRY = "retry"
    """The same request again, from the beginning."""
    RESUME = "resume"
    """Ask for the rest of what came."""
    BATCH = "batch"
    """The same request without streaming."""
    GIVE_UP = "give up"
    """Keep what came and offer Retry and Continue."""


@dataclass(frozen=True, slots=True)
class Situation:
    """What a decision hangs on."""

    mode: Mode
    attempt: int
    """How many requests have failed since text last came."""
    has_text: bool
    resumable: bool
    """Whether the reply ends in text, the only kind of block that can be gone on with, and no block lacks its end."""


def remedy_for(error: ChatError, now: Situation, options: StreamOptions) -> Remedy:
    """Which way on; it never repeats text that the reader has already seen."""
    if error.streaming_unavailable and now.mode is Mode.STREAM and options.fallback_to_batch and not now.has_text:
        return Remedy.BATCH
    if not error.retryable or now.attempt > options.retry_attempts:
        return Remedy.GIVE_UP
    if not now.has_text:
        return Remedy.RETRY
    return Remedy.RESUME if options.resume and now.resumable else Remedy.GIVE_UP


def delay_s(error: ChatError, attempt: int, *, jitter: float | None = None) -> float:
    """How long to wait before attempt number `attempt` (from 1): as the provider asks, else longer each time."""
    if error.retry_after_s is not None:
        return min(max(error.retry_after_s, 0.0), LONGEST_WAIT_S)
    share = random.random() if jitter is None else jitter
    return float(min(8.0, 0.5 * 2 ** (attempt - 1)) * (1 - 0.25 * share))
