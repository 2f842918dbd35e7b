"""OpenTelemetry, end to end: the real program, and a collector that takes what it sends."""

from __future__ import annotations

import gzip
import json
import signal
import socket
import threading
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

import pytest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue
from opentelemetry.proto.metrics.v1.metrics_pb2 import HistogramDataPoint, Metric
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

from tests.e2e.command import Command
from tests.e2e.conftest import KEY
from tests.e2e.forking import FIRST
from tests.e2e.own_server import own_server
from tests.e2e.terminal import Terminal
from tests.e2e.warm import WarmProgram
from tests.waiting import PATIENCE_S
from tui_chat.demo import DemoServer, script_for


class Receiver:
    """A collector on this machine that keeps what it is sent."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        self.paths: list[str] = []
        self.headers: list[str] = []
        self._arrived = threading.Condition()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def spans(self) -> list[Span]:
        """Every span so far, in the order of their arrival."""
        requests = [ExportTraceServiceRequest.FromString(body) for body in self._sent_to("/v1/traces")]
        return [
            span
            for request in requests
            for of_resource in request.resource_spans
            for of_scope in of_resource.scope_spans
            for span in of_scope.spans
        ]

    @property
    def metrics(self) -> list[Metric]:
        """Every metric so far."""
        requests = [ExportMetricsServiceRequest.FromString(body) for body in self._sent_to("/v1/metrics")]
        return [
            metric
            for request in requests
            for of_resource in request.resource_metrics
            for of_scope in of_resource.scope_metrics
            for metric in of_scope.metrics
        ]

    def _sent_to(self, path: str) -> list[bytes]:
        return [body for sent_to, body in zip(self.paths, self.bodies, strict=True) if sent_to == path]

    def wait_for(self, count: int) -> list[Span]:
        """Wait until so many spans have come."""
        with self._arrived:
            assert self._arrived.wait_for(lambda: len(self.spans) >= count, PATIENCE_S), "no such spans came"
        return self.spans

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                if self.headers.get("content-encoding") == "gzip":
                    body = gzip.decompress(body)
                with receiver._arrived:
                    receiver.paths.append(self.path)
                    receiver.headers.append(str(self.headers))
                    receiver.bodies.append(body)
                    receiver._arrived.notify_all()
                self.send_response(200)
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                pass

        return Handler


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    yield receiver
    receiver.close()


UNHURRIED = f"from tui_chat.program import wiring; wiring.GOODBYE_TO_COLLECTOR_S = {PATIENCE_S}"
"""Run first, it gives a collector that answers all the time it needs: the program itself waits for a second."""


@pytest.fixture
def told(cli: Command, receiver: Receiver, environment: Mapping[str, str], warm: WarmProgram) -> Command:
    """The command line, set to tell the collector, however long that takes."""
    assert cli.run("config", "set", "telemetry.otlp_endpoint", receiver.url).returncode == 0
    return Command({**environment, FIRST: UNHURRIED}, warm)


def attributes(span: Span | HistogramDataPoint) -> dict[str, Any]:
    """Return the attributes of a span or a data point as plain values."""
    return {item.key: _value(item.value) for item in span.attributes}


def _value(value: AnyValue) -> Any:
    kind = value.WhichOneof("value")
    if kind == "array_value":
        return [_value(item) for item in value.array_value.values]
    return getattr(value, str(kind))


def test_a_good_reply_is_one_span_with_its_figures_and_nothing_that_was_said(
    told: Command, server: DemoServer, receiver: Receiver
) -> None:
    reply = told.json("ask", "--format", "json", "hello")
    (span,) = receiver.spans
    found = attributes(span)
    usage = reply["usage"]
    cached = (usage["cache_read_input_tokens"] or 0) + (usage["cache_creation_input_tokens"] or 0)
    assert sorted(receiver.paths) == ["/v1/metrics", "/v1/traces"]
    assert span.name == f"chat {reply['model']}"
    assert span.kind == Span.SPAN_KIND_CLIENT
    assert span.status.code == Status.STATUS_CODE_UNSET
    assert span.end_time_unix_nano - span.start_time_unix_nano == pytest.approx(
        reply["metrics"]["duration_ms"] * 1e6, rel=1e-6
    )
    expected = {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "anthropic",
        "gen_ai.system": "anthropic",
        "gen_ai.request.model": reply["model"],
        "gen_ai.request.stream": True,
        "server.address": "127.0.0.1",
        "server.port": urlsplit(server.url).port,
        "gen_ai.response.model": reply["model"],
        "gen_ai.response.finish_reasons": ["end_turn"],
        "gen_ai.response.time_to_first_chunk": pytest.approx(reply["metrics"]["ttft_ms"] / 1000),
        "gen_ai.usage.input_tokens": usage["input_tokens"] + cached,
        "gen_ai.usage.output_tokens": usage["output_tokens"],
        "gen_ai.conversation.id": reply["conversation_id"],
        "tui_chat.reply.status": "complete",
    }
    assert expected.items() <= found.items()
    assert "error.type" not in found
    everything = b"".join(receiver.bodies).decode("latin-1") + "".join(receiver.headers)
    assert KEY not in everything
    assert "hello" not in everything
    assert reply["text"][:40] not in everything


def test_a_reply_is_measured_as_the_conventions_have_it(told: Command, server: DemoServer, receiver: Receiver) -> None:
    reply = told.json("ask", "--format", "json", "hello")
    metrics = {metric.name: metric for metric in receiver.metrics}
    assert {name: metric.unit for name, metric in metrics.items()} == {
        "gen_ai.client.token.usage": "{token}",
        "gen_ai.client.operation.duration": "s",
    }
    about = {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "anthropic",
        "gen_ai.request.model": reply["model"],
        "gen_ai.response.model": reply["model"],
        "server.address": "127.0.0.1",
        "server.port": urlsplit(server.url).port,
    }
    (took,) = metrics["gen_ai.client.operation.duration"].histogram.data_points
    assert attributes(took) == about
    assert took.sum == pytest.approx(reply["metrics"]["duration_ms"] / 1000)
    assert list(took.explicit_bounds)[:3] == [0.01, 0.02, 0.04]
    points = metrics["gen_ai.client.token.usage"].histogram.data_points
    counted = {attributes(point)["gen_ai.token.type"]: point for point in points}
    assert attributes(counted["input"]) == about | {"gen_ai.token.type": "input"}
    assert counted["output"].sum == reply["usage"]["output_tokens"]
    assert list(counted["output"].explicit_bounds)[-1] == 67_108_864


def test_a_failed_reply_is_measured_with_its_error(told: Command, receiver: Receiver) -> None:
    assert told.run("ask", "--model", "demo+401", "hello").returncode == 1
    (metric,) = receiver.metrics
    (point,) = metric.histogram.data_points
    assert (metric.name, attributes(point)["error.type"]) == ("gen_ai.client.operation.duration", "authentication")


def test_why_it_stopped_is_told_in_the_word_of_the_wire(told: Command, receiver: Receiver) -> None:
    with own_server({"id": "llama"}) as server:
        reply = told.json("ask", "--format", "json", "--provider", "openai", "--base-url", f"{server.url}/v1", "hello")
    (span,) = receiver.spans
    assert (reply["model"], reply["stop_reason"]) == ("llama", "end_turn")
    assert attributes(span)["gen_ai.response.finish_reasons"] == ["stop"]
    assert attributes(span)["gen_ai.provider.name"] == "openai"


def test_a_stopped_reply_is_a_span_without_an_error(told: Command, receiver: Receiver) -> None:
    done = told.run("ask", "--model", "demo+stall@8xall", "--timeout", "1", "hello")
    assert done.returncode == 1
    (span,) = receiver.spans
    found = attributes(span)
    assert found["tui_chat.reply.status"] == "stopped"
    assert span.status.code == Status.STATUS_CODE_UNSET
    assert not {"error.type", "gen_ai.response.finish_reasons", "gen_ai.usage.output_tokens"} & found.keys()


def test_a_discarded_reply_is_counted_and_its_text_is_not_sent(told: Command, receiver: Receiver) -> None:
    told.run("config", "set", "telemetry.content", "true")
    with told.start("ask", "--model", "demo+stall@8xall", "a discarded prompt") as process:
        assert process.stdout is not None
        assert process.stdout.read(1)
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE_S) == 130
    (span,) = receiver.wait_for(1)
    assert attributes(span)["tui_chat.reply.status"] == "cancelled"
    assert b"a discarded prompt" not in b"".join(receiver.bodies)


def test_a_failed_reply_says_what_kind_of_error_it_was(told: Command, receiver: Receiver) -> None:
    assert told.run("ask", "--model", "demo+401", "hello").returncode == 1
    (span,) = receiver.spans
    assert attributes(span)["error.type"] == "authentication"
    assert attributes(span)["tui_chat.reply.status"] == "failed"
    assert (span.status.code, span.status.message) == (Status.STATUS_CODE_ERROR, "Key rejected")


def test_retries_and_resumes_are_events_of_the_span(told: Command, receiver: Receiver) -> None:
    reply = told.json("ask", "--format", "json", "--model", "demo+529x1+reset@20x1", "hello")
    assert reply["text"] == script_for("hello")
    (span,) = receiver.spans
    assert [event.name for event in span.events] == ["tui_chat.retry", "tui_chat.resume"]
    assert [_value(event.attributes[0].value) for event in span.events] == ["overloaded", "network"]
    times = [event.time_unix_nano for event in span.events]
    assert span.start_time_unix_nano <= times[0] <= times[1] <= span.end_time_unix_nano


def test_what_was_said_is_sent_where_the_settings_allow_it(told: Command, receiver: Receiver) -> None:
    told.run("config", "set", "telemetry.content", "true")
    reply = told.json("ask", "--format", "json", "--system", "Be brief.", "hello")
    found = attributes(receiver.spans[0])
    assert json.loads(found["gen_ai.input.messages"]) == [
        {"role": "user", "parts": [{"type": "text", "content": "hello"}]}
    ]
    assert json.loads(found["gen_ai.output.messages"]) == [
        {"role": "assistant", "parts": [{"type": "text", "content": reply["text"]}], "finish_reason": "stop"}
    ]
    assert json.loads(found["gen_ai.system_instructions"]) == [{"type": "text", "content": "Be brief."}]


def test_the_app_tells_the_collector_too(
    told: Command, environment: Mapping[str, str], warm: WarmProgram, receiver: Receiver
) -> None:
    with Terminal(["--model", "demo", "--prompt", "Hello"], environment, warm) as terminal:
        receiver.wait_for(1)
        terminal.send("\x11")
        assert terminal.exit_code() == 0
    assert attributes(receiver.spans[0])["tui_chat.reply.status"] == "complete"


@pytest.fixture
def mute() -> Iterator[str]:
    """A collector that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


def test_a_collector_that_is_gone_or_never_answers_costs_the_reply_nothing(cli: Command, mute: str) -> None:
    for endpoint in (mute, "http://127.0.0.1:9"):
        cli.run("config", "set", "telemetry.otlp_endpoint", endpoint)
        done = cli.run("ask", "hello")
        assert (done.returncode, done.stderr) == (0, b"")
        assert done.stdout.decode().strip() == script_for("hello").strip()


HIDDEN = """
import sys
for name in [name for name in sys.modules if name.startswith(("opentelemetry.sdk", "tui_chat.telemetry.otlp"))]:
    del sys.modules[name]
sys.modules["opentelemetry.sdk"] = None
"""
"""Run first, it leaves the program without the packages."""


def test_without_the_packages_it_is_said_once_and_the_reply_comes(told: Command) -> None:
    done = told.run("ask", "hello", **{FIRST: UNHURRIED + HIDDEN})
    assert done.returncode == 0
    assert done.stdout
    assert done.stderr.decode().count("its packages are not installed") == 1


def test_nothing_of_it_is_loaded_or_sent_unless_it_is_set(cli: Command, receiver: Receiver) -> None:
    assert cli.run("ask", "hello").returncode == 0
    assert receiver.bodies == []
