"""The remedy for a request that failed: a pure decision, and the time to wait."""

from __future__ import annotations

import random
from enum import StrEnum

from tui_chat.chat.errors import ChatError
from tui_chat.chat.metadata import Mode
from tui_chat.records import dataclass

LONGEST_WAIT_S = 120.0
"""A provider may ask for more; nobody watches a countdown for longer than this."""
PROGRESS_SHARE = 0.1
LEAST_PROGRESS = 20
"""The text that a request for the rest must bring to earn another: a share of that so far, and so many characters."""
MOST_EARNED = 8
SILENT_ATTEMPTS = 2
"""Streams without an event after which something on the way is taken to hold them back until they are whole."""


@dataclass(frozen=True, slots=True)
class StreamOptions:
    """The options for streaming and mending replies, from the settings."""

    retry_attempts: int = 4
    resume: bool = True
    fallback_to_batch: bool = True
    tool_rounds: int = 8
    """The number of times that a reply may go on after calls of tools."""


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


class AttemptBudget:
    """The number of times a reply may be asked for again: retries and resumes together; only new text extends it.

    A request for the rest sends the whole reply along. So it has been worth its price only if it brought a share of
    that; one that did earns another attempt, up to a limit.
    """

    def __init__(self, attempts: int) -> None:
        self._granted = attempts
        self._earned = 0
        self.spent = 0
        """Requests that failed."""
        self._barren = 0
        """Those of them since one brought enough text."""

    @property
    def attempts(self) -> int:
        """The number of repeats there may be in all, as far as is known now."""
        return self._granted + self._earned

    @property
    def left(self) -> bool:
        """True if it may be asked for once more."""
        return self.spent <= self.attempts

    def spend(self, before: int, now: int) -> None:
        """Count a request that failed, which found `before` characters of text and left `now`."""
        resumed = bool(before and self.spent)
        if resumed and now - before >= max(LEAST_PROGRESS, PROGRESS_SHARE * before):
            self._earned = min(self._earned + 1, MOST_EARNED)
            self._barren = 0
        self.spent += 1
        self._barren += 1

    def refund(self) -> None:
        """Take one count back: the reply is asked for in another way, and what failed was no attempt in it."""
        self.spent -= 1

    def delay_s(self, error: ChatError, *, jitter: float | None = None) -> float:
        """Return the wait before asking again: the provider's, else longer each time that brought nothing."""
        if error.retry_after_s is not None:
            return min(max(error.retry_after_s, 0.0), LONGEST_WAIT_S)
        share = random.random() if jitter is None else jitter
        return float(min(8.0, 0.5 * 2 ** (self._barren - 1)) * (1 - 0.25 * share))


@dataclass(frozen=True, slots=True)
class Situation:
    """The facts that a decision depends on."""

    mode: Mode
    may_ask_again: bool
    """True if the budget of attempts allows another request."""
    has_text: bool
    resumable: bool
    """True if the reply ends in text, the only kind of block that can be continued, and no block lacks its end."""
    silent: int = 0
    """The number of requests in a row that were taken and brought not one event until patience ended."""


def remedy_for(error: ChatError, now: Situation, options: StreamOptions) -> Remedy:
    """Return the way on; it never repeats text that the reader has already seen."""
    may_resume = options.resume and now.resumable
    if options.fallback_to_batch and now.mode is Mode.STREAM and not now.has_text and error.streaming_unavailable:
        return Remedy.BATCH
    if not error.retryable or not now.may_ask_again or (now.has_text and not may_resume):
        return Remedy.GIVE_UP
    if options.fallback_to_batch and now.mode is Mode.STREAM and now.silent >= SILENT_ATTEMPTS:
        return Remedy.BATCH
    return Remedy.RESUME if now.has_text else Remedy.RETRY
