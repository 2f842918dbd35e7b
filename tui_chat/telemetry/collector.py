"""Reporting to a collector: spans are made and sent in threads of their own, so that no reply ever waits for one."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from tui_chat.chat.protocols import ReplyRecord
from tui_chat.installing import installing
from tui_chat.records import dataclass

if TYPE_CHECKING:
    from tui_chat.telemetry.otlp import Pipeline

log = logging.getLogger(__name__)

MISSING = (
    "A telemetry collector is set, but its packages are not installed, so nothing is sent to it: "
    '`{install}`, or set telemetry.otlp_endpoint to "".'
)
PACKAGES = ("opentelemetry-sdk", "opentelemetry-exporter-otlp-proto-http")
MOST_WAITING = 1_000
"""Replies that may wait to be sent; once there are so many, new ones are not reported."""


@dataclass(frozen=True, slots=True)
class Target:
    """The address of a collector, "" for none, and whether it may have what was said."""

    endpoint: str
    content: bool = False


class TelemetryClient:
    """A `ReplyObserver` that reports to the collector of the moment, and usually to none. For any thread."""

    def __init__(self, report: Callable[[str], None], target: Callable[[], Target]) -> None:
        """`report` is called, from another thread, with a sentence for the user; `target` tells where to report now."""
        self._report = report
        self._target = target
        self._lock = threading.Lock()
        self._collector: Collector | None = None

    def begin(self) -> Collector | None:
        """Return the collector of now, begun if need be, and let go of any other; None if there is none."""
        with self._lock:
            target, present = self._target(), self._collector
            if present is not None and present.target == target:
                return present
            if present is not None:
                present.close(timeout_s=0)
            self._collector = Collector(target, self._report) if target.endpoint else None
            return self._collector

    def reply_ended(self, record: ReplyRecord) -> None:
        """Tell the collector of a reply, if there is one now: there may have been another when it was asked for."""
        collector = self.begin()
        if collector is not None:
            collector.reply_ended(record)

    def close(self, timeout_s: float) -> None:
        """Send what is left, as far as possible within this time."""
        with self._lock:
            if self._collector is not None:
                self._collector.close(timeout_s)
                self._collector = None


class Collector:
    """Sends a span and the measurements of each reply; the SDK is imported in its thread."""

    def __init__(self, target: Target, report: Callable[[str], None]) -> None:
        self.target = target
        self._report = report
        self._records: queue.Queue[ReplyRecord | None] = queue.Queue(MOST_WAITING)
        self._pipeline: Pipeline | None = None
        self._told = False
        """True if there was a reply to report."""
        # A daemon, so that a collector that hangs never keeps the program from ending.
        self._thread = threading.Thread(target=self._run, name="telemetry", daemon=True)
        self._thread.start()

    def reply_ended(self, record: ReplyRecord) -> None:
        """Queue the reply's span to be sent."""
        self._told = True
        try:
            self._records.put_nowait(record)
        except queue.Full:
            log.warning("the telemetry of a reply was dropped: too many wait")

    def close(self, timeout_s: float) -> None:
        """Send what is left, but wait for it no longer than this; not at all for a collector that took nothing."""
        try:
            self._records.put_nowait(None)
        except queue.Full:
            return
        if self._told and not (self._pipeline is not None and self._pipeline.failing):
            self._thread.join(timeout_s)

    def _run(self) -> None:
        try:
            self._send_all()
        except ImportError:
            self._report(MISSING.format(install=installing(*PACKAGES)))
        except Exception:  # whatever it is, it must neither reach the screen nor lose a reply
            log.exception("telemetry ended in a fault")
        else:
            return
        self._told = False  # `close` does not wait for what cannot be sent
        while self._records.get() is not None:
            pass

    def _send_all(self) -> None:
        from tui_chat.telemetry.measurements import measurements_of
        from tui_chat.telemetry.otlp import Pipeline
        from tui_chat.telemetry.spans import span_of

        self._pipeline = Pipeline(self.target.endpoint)
        while (record := self._records.get()) is not None:
            self._pipeline.send(span_of(record, content=self.target.content))
            self._pipeline.measure(measurements_of(record))
        self._pipeline.close()
