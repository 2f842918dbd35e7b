"""Telling a collector without ever waiting for it."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator

import pytest

from tests.unit.telemetry.test_spans import RECORD
from tui_chat.telemetry import TelemetryClient
from tui_chat.telemetry.otlp import METRICS, TRACES, signal_url

NOWHERE = "http://127.0.0.1:9"


@pytest.fixture
def sentences() -> list[str]:
    return []


@pytest.fixture
def telemetry(sentences: list[str]) -> Iterator[TelemetryClient]:
    telemetry = TelemetryClient(sentences.append)
    yield telemetry
    telemetry.close(timeout_s=10)


def test_without_an_address_nobody_is_told_and_no_thread_is_started(telemetry: TelemetryClient) -> None:
    before = threading.active_count()
    assert telemetry.report_to("", content=False) is None
    assert threading.active_count() == before


def test_there_is_one_collector_until_the_settings_change(telemetry: TelemetryClient) -> None:
    first = telemetry.report_to(NOWHERE, content=False)
    assert telemetry.report_to(NOWHERE, content=False) is first
    assert telemetry.report_to(NOWHERE, content=True) is not first
    assert telemetry.report_to("", content=True) is None


def test_missing_packages_are_said_once_and_replies_are_let_go(
    telemetry: TelemetryClient, sentences: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "tui_chat.telemetry.otlp", None)
    collector = telemetry.report_to(NOWHERE, content=False)
    assert collector is not None
    for _ in range(3):
        collector.reply_ended(RECORD)
    telemetry.close(timeout_s=10)
    assert len(sentences) == 1
    assert "pip install opentelemetry-sdk" in sentences[0]


def test_an_environment_that_makes_no_sense_to_the_sdk_costs_only_the_telemetry(
    telemetry: TelemetryClient, sentences: list[str], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("OTEL_PYTHON_EXPORTER_OTLP_HTTP_CREDENTIAL_PROVIDER", "no such thing")
    collector = telemetry.report_to("http://collector.invalid", content=False)
    assert collector is not None
    collector.reply_ended(RECORD)
    telemetry.close(timeout_s=10)
    assert sentences == []
    assert "telemetry ended in a fault" in caplog.text


@pytest.mark.parametrize(
    ("endpoint", "url"),
    [
        ("http://localhost:4318", "http://localhost:4318/v1/traces"),
        ("http://localhost:4318/", "http://localhost:4318/v1/traces"),
        ("https://example.com/api/public/otel", "https://example.com/api/public/otel/v1/traces"),
        ("https://example.com/v1/traces", "https://example.com/v1/traces"),
    ],
)
def test_spans_go_below_the_collectors_address(endpoint: str, url: str) -> None:
    assert signal_url(endpoint, TRACES) == url
    assert signal_url(endpoint, METRICS) == url.removesuffix(TRACES) + METRICS
