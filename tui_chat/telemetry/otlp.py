"""The vendor-neutral SDK, and OTLP over HTTP. Importing this imports the SDK; only a collector's thread does."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit
from uuid import uuid4

import requests
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.trace import SpanKind, Status, StatusCode, set_span_in_context

from tui_chat import __version__
from tui_chat.telemetry.measurements import HISTOGRAMS, Measurement
from tui_chat.telemetry.spans import ReplySpan

log = logging.getLogger(__name__)

TRACES = "/v1/traces"
METRICS = "/v1/metrics"
GATHERING_MS = 500.0
"""Milliseconds for which spans are gathered to be sent together."""
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


class Pipeline:
    """Makes spans and measurements and sends them in batches, in threads of the SDK's."""

    def __init__(self, endpoint: str) -> None:
        _keep_off_the_screen()
        self._exporter = _Watched(OTLPSpanExporter(signal_url(endpoint, TRACES), session=_session(endpoint)))
        # Not at exit: a collector that hangs would keep the program from ending.
        resource = _resource()
        self._provider = TracerProvider(resource=resource, shutdown_on_exit=False)
        self._provider.add_span_processor(BatchSpanProcessor(self._exporter, schedule_delay_millis=GATHERING_MS))
        self._tracer = self._provider.get_tracer("tui_chat", __version__)
        exporter = OTLPMetricExporter(signal_url(endpoint, METRICS), session=_session(endpoint))
        readers = [PeriodicExportingMetricReader(exporter)]
        self._meters = MeterProvider(readers, resource, shutdown_on_exit=False)
        meter = self._meters.get_meter("tui_chat", __version__)
        self._histograms = {
            histogram.name: meter.create_histogram(
                histogram.name, histogram.unit, explicit_bucket_boundaries_advisory=histogram.boundaries
            )
            for histogram in HISTOGRAMS
        }

    @property
    def failing(self) -> bool:
        """True if the collector did not accept what it was last sent."""
        return self._exporter.failing

    def send(self, reply: ReplySpan) -> None:
        """Queue a span to be sent soon, and below it those of the tools."""
        span = self._tracer.start_span(
            reply.name, Context(), SpanKind.CLIENT, attributes=reply.attributes, start_time=reply.start_ns
        )
        for tool in reply.tools:
            self._send_tool(tool, set_span_in_context(span, Context()))
        for event in reply.events:
            span.add_event(event.name, event.attributes, event.at_ns)
        if reply.failure:
            span.set_status(Status(StatusCode.ERROR, reply.failure))
        span.end(reply.end_ns)

    def _send_tool(self, tool: ReplySpan, within: Context) -> None:
        span = self._tracer.start_span(tool.name, within, attributes=tool.attributes, start_time=tool.start_ns)
        if tool.failure:
            span.set_status(Status(StatusCode.ERROR, tool.failure))
        span.end(tool.end_ns)

    def measure(self, measurements: Iterable[Measurement]) -> None:
        """Add to the histograms, which are sent once a minute and at the end."""
        for measurement in measurements:
            self._histograms[measurement.histogram.name].record(measurement.value, measurement.attributes)

    def close(self) -> None:
        """Send what has been gathered."""
        self._provider.shutdown()
        self._meters.shutdown()


class _Watched(SpanExporter):
    """An exporter that notes whether the collector accepts what it sends."""

    def __init__(self, exporter: SpanExporter) -> None:
        self._exporter = exporter
        self.failing = False

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        result = self._exporter.export(spans)
        failed = result is not SpanExportResult.SUCCESS
        if failed and not self.failing:
            log.warning("the telemetry collector cannot be reached, or does not take what it is sent")
        self.failing = failed
        return result

    def shutdown(self) -> None:
        self._exporter.shutdown()


def signal_url(endpoint: str, path: str) -> str:
    """Return the URL of a signal: `endpoint` is a collector's base address, or the full one of its spans."""
    return endpoint.rstrip("/").removesuffix(TRACES) + path


def _resource() -> Resource:
    name = os.environ.get("OTEL_SERVICE_NAME") or "tui-chat"
    instance = str(uuid4())  # two windows at once are two series, not one that alternates between their sums
    return Resource.create({"service.name": name, "service.version": __version__, "service.instance.id": instance})


def _session(endpoint: str) -> requests.Session | None:
    """Return a session without the environment's proxies for a collector on this machine; None for any other."""
    if urlsplit(endpoint).hostname not in _LOOPBACK:
        return None
    session = requests.Session()
    session.trust_env = False
    return session


def _keep_off_the_screen() -> None:
    """Give the SDK's logger a handler: without one, Python writes its warnings to standard error, the screen."""
    sdk = logging.getLogger("opentelemetry")
    sdk.addHandler(logging.NullHandler())
    sdk.propagate = False
