"""The figures of one reply, from a monotonic clock."""

from __future__ import annotations

from collections.abc import Callable

from tui_chat.chat.events import InputJsonDelta, StreamEvent, TextDelta, ThinkingDelta
from tui_chat.chat.metadata import ReplyMetrics

SHORTEST_FLOW_S = 0.05
"""Text that came within less came at once: its speed is the socket's, not the model's."""


class ReplyMeter:
    """Watches the events of one reply, at the same small cost for each."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self.under_way = False
        """True if a request has left: what is loaded and looked up before is not the provider's time."""
        self._began = clock()
        self._left = self._began
        """The time when the request left that the first text came of."""
        self._first: float | None = None
        self._last = self._began
        self._longest_gap = 0.0
        self._characters = 0
        self.events = 0
        self.retries = 0
        self.resumes = 0
        self.fallback = False

    @property
    def elapsed_ms(self) -> float:
        """The milliseconds that the reply has been under way."""
        return _ms(self._clock() - self._began)

    def sent(self) -> None:
        """Note that a request has left."""
        now = self._clock()
        if not self.under_way:
            self.under_way, self._began = True, now
        if self._first is None:
            self._left = now

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
        """Return the figures so far; speeds only where the text really flowed, and of tokens the provider counted."""
        flow_s = self._last - self._first if streamed and self._first is not None else 0.0
        flowed = flow_s >= SHORTEST_FLOW_S
        return ReplyMetrics(
            ttft_ms=None if self._first is None else _ms(self._first - self._left),
            duration_ms=self.elapsed_ms,
            chars_per_second=round(self._characters / flow_s, 1) if flowed else None,
            tokens_per_second=round(output_tokens / flow_s, 1) if flowed and output_tokens else None,
            longest_gap_ms=_ms(self._longest_gap) if flowed else None,
            events=self.events,
            retries=self.retries,
            resumes=self.resumes,
            fallback=self.fallback,
        )


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 1)
