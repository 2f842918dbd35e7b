"""The time to the first token counts from when the request has left, by a clock of the test's."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.null_watcher import Unwatched
from tui_chat.chat import exchange
from tui_chat.chat.message import Conversation, utc_now
from tui_chat.chat.prompt import Prompt
from tui_chat.demo import DemoServer
from tui_chat.program.wiring import Flags, Program
from tui_chat.streaming.manager import StreamManager
from tui_chat.streaming.phase import Phase, Step
from tui_chat.streaming.stop import Stop

LOADING_S, ANSWERING_S = 60.0, 0.5


class TurnedClock(Unwatched):
    """A clock that stands, but for what is loaded before the request leaves, and for the server's answer."""

    now = 0.0

    def __call__(self) -> float:
        return self.now

    def on_phase(self, phase: Phase) -> None:
        self.now += {Step.CONNECTING: LOADING_S, Step.WAITING: ANSWERING_S}.get(phase.step, 0.0)


@pytest.fixture
def server() -> Iterator[DemoServer]:
    with DemoServer(rate=0, latency_s=0) as server:
        yield server


@pytest.mark.parametrize("mode", ["stream", "batch"])
@pytest.mark.parametrize("provider", ["anthropic", "simulated"])
def test_what_is_loaded_before_the_request_leaves_does_not_count(
    provider: str, mode: str, server: DemoServer, tmp_path: Path
) -> None:
    chosen = {"provider.name": provider, "provider.base_url": server.url, "provider.model": "demo"}
    flags = Flags({**chosen, "streaming.mode": mode}, config_file=tmp_path / "config.toml")
    environ = {"ANTHROPIC_API_KEY": "sk-ant-test", "TUI_CHAT_DATA_DIR": str(tmp_path)}
    program, clock = Program.open(flags, environ, pytest.fail), TurnedClock()
    try:
        opening = exchange.send(Conversation(), Prompt("/tokens 5\nHello"), program.requests.about(), utc_now())
        manager = StreamManager(program.store.journal, program.prices, clock=clock)
        reply = asyncio.run(manager.run(program.requests.job(opening), clock, Stop()))
    finally:
        program.close()
    metrics = reply.metadata.metrics
    assert clock.now > LOADING_S
    assert metrics.ttft_ms == metrics.duration_ms == ANSWERING_S * 1000
