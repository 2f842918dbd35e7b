"""The figures of one reply, from a monotonic clock."""

from __future__ import annotations

from collections.abc import Callable

from tui_chat.chat.events import InputJsonDelta, StreamEvent, TextDelta, ThinkingDelta
from tui_chat.chat.metadata import ReplyMetrics

SHORTEST_FLOW_S = 0.05
"""What came within less came at once: its speed is the socket's, not the model's."""


class ReplyMeter:
    """Watches the events of one reply, at the same small cost for each."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._started = clock()
        self._first_left: float | None = None
        """When the first request left, and when the last one did before something came."""
        self._left: float | None = None
        self._first: float | None = None
        self._last = self._started
        self._longest_gap = 0.0
        self._characters = 0
        self.events = 0
        self.retries = 0
        self.resumes = 0
        self.fallback = False

    @property
    def elapsed_ms(self) -> float:
        """How long it is since the reply was asked for."""
        return _ms(self._clock() - self._started)

    def sent(self) -> None:
        """A request has left; what was loaded and looked up before is not the provider's time."""
        now = self._clock()
        self._first_left = now if self._first_left is None else self._first_left
        self._left = now if self._first is None else self._left

    def saw(self, event: StreamEvent) -> None:
        """Count one event."""
        self.events += 1
        if isinstance(event, TextDelta | ThinkingDelta):
            self._characters += len(event.text)
        elif not isinstance(event, InputJsonDelta):
            return
        now = self._clock()
        if self._first is None:
            self._first = now
        else:
            self._longest_gap = max(self._longest_gap, now - self._last)
        self._last = now

    def metrics(self, output_tokens: int | None, *, streamed: bool) -> ReplyMetrics:
        """The figures so far; speeds only where the text really flowed, and of tokens that the provider counted."""
        flow_s = self._last - self._first if streamed and self._first is not None else 0.0
        several = self._longest_gap > 0 and flow_s >= SHORTEST_FLOW_S
        first_left = self._started if self._first_left is None else self._first_left
        left = first_left if self._left is None else self._left
        return ReplyMetrics(
            ttft_ms=None if self._first is None else _ms(self._first - left),
            duration_ms=_ms(self._clock() - first_left),
            chars_per_second=round(self._characters / flow_s, 1) if several else None,
            tokens_per_second=round(output_tokens / flow_s, 1) if several and output_tokens else None,
            longest_gap_ms=_ms(self._longest_gap) if several else None,
            events=self.events,
            retries=self.retries,
            resumes=self.resumes,
            fallback=self.fallback,
        )


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 1)
