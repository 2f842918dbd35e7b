"""Telling a collector without ever waiting for it."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from tests.unit.telemetry.test_spans import RECORD
from tests.waiting import PATIENCE_S
from tui_chat.chat.protocols import ReplyRecord
from tui_chat.telemetry import Target, TelemetryClient
from tui_chat.telemetry.collector import Collector
from tui_chat.telemetry.otlp import METRICS, TRACES, signal_url

NOWHERE = "http://127.0.0.1:9"


@dataclass
class Scene:
    """A client, and the collector that the settings name."""

    sentences: list[str] = field(default_factory=list)
    target: Target = field(default_factory=lambda: Target(""))

    def __post_init__(self) -> None:
        self.client = TelemetryClient(self.sentences.append, lambda: self.target)


@pytest.fixture
def scene() -> Iterator[Scene]:
    scene = Scene()
    yield scene
    scene.client.close(timeout_s=PATIENCE_S)


def test_without_an_address_nobody_is_told_and_no_thread_is_started(scene: Scene) -> None:
    before = threading.active_count()
    assert scene.client.begin() is None
    scene.client.reply_ended(RECORD)
    assert threading.active_count() == before


def test_there_is_one_collector_until_the_settings_change(scene: Scene) -> None:
    scene.target = Target(NOWHERE)
    first = scene.client.begin()
    assert first is not None
    assert scene.client.begin() is first
    scene.target = Target(NOWHERE, content=True)
    assert scene.client.begin() is not first
    scene.target = Target("", content=True)
    assert scene.client.begin() is None


def test_a_reply_that_was_asked_for_before_it_was_turned_off_is_not_reported(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[ReplyRecord] = []
    monkeypatch.setattr(Collector, "reply_ended", lambda _, record: told.append(record))
    scene.target = Target(NOWHERE)
    scene.client.begin()
    scene.client.reply_ended(RECORD)
    scene.target = Target("")
    scene.client.reply_ended(RECORD)
    assert told == [RECORD]


def test_missing_packages_are_said_once_and_replies_are_let_go(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tui_chat.telemetry.otlp", None)
    scene.target = Target(NOWHERE)
    for _ in range(3):
        scene.client.reply_ended(RECORD)
    scene.client.close(timeout_s=PATIENCE_S)
    assert len(scene.sentences) == 1
    assert "pip install opentelemetry-sdk" in scene.sentences[0]


def test_an_environment_that_makes_no_sense_to_the_sdk_costs_only_the_telemetry(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("OTEL_PYTHON_EXPORTER_OTLP_HTTP_CREDENTIAL_PROVIDER", "no such thing")
    scene.target = Target("http://collector.invalid")
    scene.client.reply_ended(RECORD)
    scene.client.close(timeout_s=PATIENCE_S)
    assert scene.sentences == []
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
