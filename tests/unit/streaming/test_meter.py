"""The figures of a reply, by a clock that the test turns."""

from __future__ import annotations

from tui_chat.chat.events import TextDelta
from tui_chat.streaming.meter import ReplyMeter


class Clock:
    """A clock that stands until it is turned."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_the_first_token_is_timed_from_when_its_request_left_and_the_reply_from_when_the_first_did() -> None:
    clock = Clock()
    meter = ReplyMeter(clock)
    for now in (101.5, 103.0):  # what is imported, looked up and connected to; then a request that failed
        clock.now = now
        meter.sent()
    clock.now = 103.5
    meter.saw(TextDelta(0, "Hel"))
    clock.now = 104.0
    meter.sent()  # for the rest
    clock.now = 104.5
    meter.saw(TextDelta(0, "lo"))
    metrics = meter.metrics(2, streamed=True)
    assert (metrics.ttft_ms, metrics.duration_ms) == (500.0, 3000.0)
    assert metrics.tokens_per_second == 2.0


def test_what_came_at_once_has_no_speed() -> None:
    clock = Clock()
    meter = ReplyMeter(clock)
    meter.sent()
    meter.saw(TextDelta(0, "Hel"))
    clock.now += 0.00005
    meter.saw(TextDelta(0, "lo"))
    metrics = meter.metrics(2, streamed=True)
    assert metrics.tokens_per_second is metrics.chars_per_second is None
