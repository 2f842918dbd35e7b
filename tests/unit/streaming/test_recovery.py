"""The remedies for a request that failed: what is decided from the facts, and how long and how often it is tried."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tui_chat.chat.errors import ChatError, ErrorKind
from tui_chat.chat.metadata import Mode
from tui_chat.streaming.recovery import (
    LONGEST_WAIT_S,
    MOST_EARNED,
    AttemptBudget,
    Remedy,
    Situation,
    StreamOptions,
    remedy_for,
)

LOST = ChatError(ErrorKind.NETWORK, "Lost.")
REJECTED = ChatError(ErrorKind.INVALID_REQUEST, "No.")
NO_STREAM = ChatError(ErrorKind.PROTOCOL, "No stream.", retryable=False, streaming_unavailable=True)
EMPTY = Situation(Mode.STREAM, may_ask_again=True, has_text=False, resumable=False)
BEGUN = replace(EMPTY, has_text=True, resumable=True)


@pytest.mark.parametrize(
    ("error", "now", "options", "remedy"),
    [
        (LOST, EMPTY, StreamOptions(), Remedy.RETRY),
        (LOST, BEGUN, StreamOptions(), Remedy.RESUME),
        (LOST, BEGUN, StreamOptions(resume=False), Remedy.GIVE_UP),
        (LOST, replace(BEGUN, resumable=False), StreamOptions(), Remedy.GIVE_UP),
        (LOST, replace(BEGUN, may_ask_again=False), StreamOptions(), Remedy.GIVE_UP),
        (LOST, replace(EMPTY, may_ask_again=False), StreamOptions(), Remedy.GIVE_UP),
        (REJECTED, EMPTY, StreamOptions(), Remedy.GIVE_UP),
        (NO_STREAM, EMPTY, StreamOptions(), Remedy.BATCH),
        (NO_STREAM, replace(EMPTY, may_ask_again=False), StreamOptions(), Remedy.BATCH),
        (NO_STREAM, EMPTY, StreamOptions(fallback_to_batch=False), Remedy.GIVE_UP),
        (NO_STREAM, replace(EMPTY, mode=Mode.BATCH), StreamOptions(), Remedy.GIVE_UP),
        (NO_STREAM, BEGUN, StreamOptions(), Remedy.GIVE_UP),
        (LOST, replace(EMPTY, silent=1), StreamOptions(), Remedy.RETRY),
        (LOST, replace(EMPTY, silent=2), StreamOptions(), Remedy.BATCH),
        (LOST, replace(EMPTY, silent=2), StreamOptions(fallback_to_batch=False), Remedy.RETRY),
        (LOST, replace(EMPTY, silent=2, mode=Mode.BATCH), StreamOptions(), Remedy.RETRY),
    ],
)
def test_what_came_is_never_asked_for_twice_and_streaming_is_given_up_only_for_what_it_does(
    error: ChatError, now: Situation, options: StreamOptions, remedy: Remedy
) -> None:
    assert remedy_for(error, now, options) is remedy


def test_a_reply_is_asked_for_again_as_often_as_is_granted() -> None:
    budget = AttemptBudget(2)
    for _ in range(2):
        budget.spend(0, 0)
        assert budget.left
    budget.spend(0, 0)
    assert not budget.left
    budget.refund()
    assert (budget.left, budget.spent) == (True, 2)


@pytest.mark.parametrize(
    ("before", "now", "earned"),
    [(100, 119, 0), (100, 120, 1), (1000, 1099, 0), (1000, 1100, 1), (0, 500, 0)],
    ids=["too few", "enough", "too small a share", "a share", "the first text"],
)
def test_a_request_for_the_rest_earns_another_by_what_it_brings(before: int, now: int, earned: int) -> None:
    budget = AttemptBudget(4)
    budget.spend(0, before)
    budget.spend(before, now)
    assert budget.attempts == 4 + earned


def test_the_first_request_earns_nothing_and_no_reply_earns_for_ever() -> None:
    budget = AttemptBudget(4)
    budget.spend(100, 1000)
    assert budget.attempts == 4
    for _ in range(2 * MOST_EARNED):
        budget.spend(100, 1000)
    assert budget.attempts == 4 + MOST_EARNED


def test_the_wait_doubles_up_to_eight_seconds_and_is_short_again_after_progress() -> None:
    budget, waits = AttemptBudget(9), []
    for _ in range(6):
        budget.spend(0, 0)
        waits.append(budget.delay_s(LOST, jitter=0.0))
    assert waits == [0.5, 1.0, 2.0, 4.0, 8.0, 8.0]
    assert budget.delay_s(LOST, jitter=1.0) == 6.0
    assert 6.0 <= budget.delay_s(LOST) <= 8.0
    budget.spend(100, 200)
    assert budget.delay_s(LOST, jitter=0.0) == 0.5


@pytest.mark.parametrize(("asked", "waited"), [(7.5, 7.5), (-1.0, 0.0), (9e9, LONGEST_WAIT_S), (0.0, 0.0)])
def test_the_provider_says_how_long_to_wait_within_reason(asked: float, waited: float) -> None:
    budget = AttemptBudget(4)
    budget.spend(0, 0)
    assert budget.delay_s(ChatError(ErrorKind.RATE_LIMITED, "Slow.", retry_after_s=asked)) == waited
