"""The figures of a reply, by a clock that the test turns."""

from __future__ import annotations

from tui_chat.chat.events import BlockStart, InputJsonDelta, TextDelta, ThinkingDelta
from tui_chat.chat.metadata import ReplyMetrics
from tui_chat.streaming.meter import SHORTEST_FLOW_S, ReplyMeter


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


def flowing() -> tuple[Clock, ReplyMeter]:
    """Return the meter of a reply whose second token was late, and that was asked for with an accident."""
    clock = Clock()
    meter = ReplyMeter(clock)
    meter.sent()
    meter.retries, meter.resumes, meter.fallback = 1, 2, True
    for after_s, event in (
        (1.0, BlockStart(0, "thinking")),
        (0.23456, ThinkingDelta(0, "hm")),
        (2.0, TextDelta(1, "Hello")),
        (1.0, InputJsonDelta(2, "{}")),
        (0.5, BlockStart(3, "text")),
    ):
        clock.now += after_s
        meter.saw(event)
    return clock, meter


def test_all_that_is_shown_of_a_reply_flows_and_only_what_is_read_counts_as_characters() -> None:
    _, meter = flowing()
    assert meter.metrics(10, streamed=True) == ReplyMetrics(
        ttft_ms=1234.6,
        duration_ms=4734.6,
        chars_per_second=2.3,
        tokens_per_second=3.3,
        longest_gap_ms=2000.0,
        events=5,
        retries=1,
        resumes=2,
        fallback=True,
    )


def test_a_reply_in_one_piece_has_no_speed_and_no_gap() -> None:
    metrics = flowing()[1].metrics(10, streamed=False)
    assert metrics.tokens_per_second is metrics.chars_per_second is metrics.longest_gap_ms is None


def test_before_anything_happened_there_is_nothing_to_tell() -> None:
    assert ReplyMeter(Clock()).metrics(None, streamed=True) == ReplyMetrics(duration_ms=0.0)


def test_the_shortest_flow_has_a_speed() -> None:
    clock = Clock()
    clock.now = 0.0
    meter = ReplyMeter(clock)
    meter.saw(TextDelta(0, "a"))
    clock.now = SHORTEST_FLOW_S
    meter.saw(TextDelta(0, "b"))
    metrics = meter.metrics(2, streamed=True)
    assert (metrics.tokens_per_second, metrics.longest_gap_ms) == (40.0, 50.0)
