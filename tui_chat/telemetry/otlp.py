"""The vendor-neutral SDK, and OTLP over HTTP. Importing this imports the SDK; only a collector's thread does."""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence
from urllib.parse import urlsplit

import requests
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.trace import SpanKind, Status, StatusCode

from tui_chat import __version__
from tui_chat.telemetry.spans import ReplySpan

log = logging.getLogger(__name__)

SIGNAL_PATH = "/v1/traces"
GATHERING_MS = 500.0
"""How long spans are gathered to be sent together."""
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


class Pipeline:
    """Makes spans and sends them in batches, in a thread of the SDK's."""

    def __init__(self, endpoint: str) -> None:
        _keep_off_the_screen()
        self._exporter = _Watched(OTLPSpanExporter(traces_url(endpoint), session=_session(endpoint)))
        # Not at exit: the program ends when it is done, and a collector that hangs would hold it up.
        self._provider = TracerProvider(resource=_resource(), shutdown_on_exit=False)
        self._provider.add_span_processor(BatchSpanProcessor(self._exporter, schedule_delay_millis=GATHERING_MS))
        self._tracer = self._provider.get_tracer("tui_chat", __version__)

    @property
    def failing(self) -> bool:
        """Whether the collector did not take what it was last sent."""
        return self._exporter.failing

    def send(self, reply: ReplySpan) -> None:
        """Have a span sent, soon."""
        span = self._tracer.start_span(
            reply.name, Context(), SpanKind.CLIENT, attributes=reply.attributes, start_time=reply.start_ns
        )
        for event in reply.events:
            span.add_event(event.name, event.attributes, event.at_ns)
        if reply.failure:
            span.set_status(Status(StatusCode.ERROR, reply.failure))
        span.end(reply.end_ns)

    def close(self) -> None:
        """Send what has been gathered."""
        self._provider.shutdown()


class _Watched(SpanExporter):
    """An exporter that knows whether it gets anything across."""

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


def traces_url(endpoint: str) -> str:
    """Where spans go: a collector's address is known by its base, but the full one does too."""
    base = endpoint.rstrip("/")
    return base if base.endswith(SIGNAL_PATH) else base + SIGNAL_PATH


def _resource() -> Resource:
    name = os.environ.get("OTEL_SERVICE_NAME") or "tui-chat"
    return Resource.create({"service.name": name, "service.version": __version__})


def _session(endpoint: str) -> requests.Session | None:
    """On this machine the proxies of the environment are not asked the way."""
    if urlsplit(endpoint).hostname not in _LOOPBACK:
        return None
    session = requests.Session()
    session.trust_env = False
    return session


def _keep_off_the_screen() -> None:
    """Without a handler, Python writes the SDK's warnings to standard error, which is the screen."""
    sdk = logging.getLogger("opentelemetry")
    sdk.addHandler(logging.NullHandler())
    sdk.propagate = False
