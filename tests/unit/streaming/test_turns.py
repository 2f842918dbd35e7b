"""The rests that a reply takes, by a clock of the test's own."""

from __future__ import annotations

import asyncio

import pytest

from tests.null_watcher import Unwatched
from tui_chat.streaming.journal_feed import JOURNAL_INTERVAL_S
from tui_chat.streaming.turns import BREATH_S, TURN_S, UNSEEN_S, Turns


class Rests:
    """A clock that goes on when one sleeps, and notes how long."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now, self.rests = 100.0, list[float]()
        monkeypatch.setattr(asyncio, "sleep", self._sleep)

    async def _sleep(self, seconds: float) -> None:
        self.rests.append(seconds)
        self.now += seconds

    def after(self, *gaps: float, unseen: bool, flowing: bool = True) -> list[float]:
        """Return the rests when events come so many seconds one after the other, the first at once."""

        async def play() -> None:
            watcher = Unwatched()
            watcher.unseen = unseen
            taking = Turns(watcher, lambda: self.now)
            for gap in (0.0, *gaps):
                self.now += gap
                await taking.taken(flowing=flowing)

        asyncio.run(play())
        return self.rests[1:]


@pytest.fixture
def rests(monkeypatch: pytest.MonkeyPatch) -> Rests:
    return Rests(monkeypatch)


def test_what_is_seen_is_taken_at_once(rests: Rests) -> None:
    assert rests.after(0.02, 0.02, unseen=False) == [0, 0]


def test_what_nobody_sees_is_taken_some_tokens_at_a_time(rests: Rests) -> None:
    assert rests.after(0.02, 0.0, 0.0, 0.02, unseen=True) == [UNSEEN_S, UNSEEN_S]


def test_what_nobody_sees_and_comes_flat_out_rests_less(rests: Rests) -> None:
    assert rests.after(*[TURN_S / 10] * 11, unseen=True) == [BREATH_S]


def test_the_first_text_is_taken_when_it_comes(rests: Rests) -> None:
    assert rests.after(0.5, 0.02, unseen=True, flowing=False) == [0, 0]


def test_what_rests_is_in_the_journal_and_stops_as_soon_as_is_promised() -> None:
    assert UNSEEN_S + JOURNAL_INTERVAL_S <= 0.3
    assert TURN_S + BREATH_S <= 0.06
