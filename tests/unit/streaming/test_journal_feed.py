"""A reply reaches the journal while it comes, whether or not more of it does."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from tests.unit.streaming.test_manager import MemoryJournal
from tui_chat.chat.events import TextDelta
from tui_chat.streaming.journal_feed import JournalFeed


class Timers:
    """The timers that are set in the running loop; each is gone off by hand."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.set: list[tuple[float, Callable[[], None], asyncio.TimerHandle]] = []
        self._loop = asyncio.get_running_loop()
        self._call_later = self._loop.call_later
        monkeypatch.setattr(self._loop, "call_later", self._note)

    def _note(self, delay: float, callback: Callable[[], None]) -> asyncio.TimerHandle:
        handle = self._call_later(1000, callback)
        self.set.append((delay, callback, handle))
        return handle

    def go_off(self) -> None:
        """Do what the last of them does."""
        self.set[-1][1]()


def feed_and_timers(monkeypatch: pytest.MonkeyPatch) -> tuple[JournalFeed, MemoryJournal, Timers]:
    journal = MemoryJournal()
    return JournalFeed(journal, "m"), journal, Timers(monkeypatch)


async def test_what_has_come_is_handed_over_a_quarter_of_a_second_after_the_first_of_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    feed, journal, timers = feed_and_timers(monkeypatch)
    feed.add(TextDelta(0, "Hel"))
    feed.add(TextDelta(0, "lo"))
    assert [delay for delay, _, _ in timers.set] == [0.25]
    timers.go_off()
    assert journal.events == [TextDelta(0, "Hel"), TextDelta(0, "lo")]
    feed.add(TextDelta(0, "!"))
    assert len(timers.set) == 2
    timers.go_off()
    assert journal.events[2:] == [TextDelta(0, "!")]


@pytest.mark.parametrize("at_once", [True, False])
async def test_no_timer_is_left_once_all_is_handed_over_or_the_reply_has_ended(
    at_once: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    feed, journal, timers = feed_and_timers(monkeypatch)
    feed.add(TextDelta(0, "Hello"))
    feed.flush() if at_once else feed.close()
    assert timers.set[0][2].cancelled()
    assert bool(journal.events) is at_once
