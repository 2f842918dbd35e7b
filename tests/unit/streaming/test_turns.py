"""The rests that a reply takes, by a clock of the test's own."""

from __future__ import annotations

import asyncio

import pytest

from tests.null_watcher import Unwatched
from tui_chat.streaming.turns import BREATH_S, TURN_S, Turns


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


@pytest.mark.parametrize("unseen", [False, True])
def test_what_comes_now_and_then_is_taken_at_once(rests: Rests, unseen: bool) -> None:
    assert rests.after(0.02, 0.02, unseen=unseen) == [0, 0]


@pytest.mark.parametrize(("unseen", "rest_s"), [(False, 0), (True, BREATH_S)])
def test_what_nobody_sees_and_comes_flat_out_rests(rests: Rests, unseen: bool, rest_s: float) -> None:
    assert rests.after(*[TURN_S / 10] * 11, unseen=unseen) == [rest_s]


def test_the_first_text_is_taken_when_it_comes(rests: Rests) -> None:
    assert rests.after(*[TURN_S / 10] * 11, unseen=True, flowing=False) == [0]


def test_a_turn_with_its_rest_is_over_before_stop_is_due() -> None:
    assert TURN_S + BREATH_S <= 0.06
