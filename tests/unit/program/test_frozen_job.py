"""A reply's needs are decided when it is sent: settings that change before its thread begins are the next one's."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.null_watcher import Unwatched
from tui_chat.chat import exchange
from tui_chat.chat.message import Conversation, Message, StreamingStatus, utc_now
from tui_chat.chat.prompt import Prompt
from tui_chat.demo import DemoServer
from tui_chat.program.wiring import Flags, Program
from tui_chat.streaming.job import ReplyJob
from tui_chat.streaming.stop import Stop


@pytest.fixture
def first() -> Iterator[DemoServer]:
    with DemoServer(rate=0, latency_s=0) as server:
        yield server


@pytest.fixture
def other() -> Iterator[DemoServer]:
    with DemoServer(rate=0, latency_s=0) as server:
        yield server


@pytest.fixture
def program(tmp_path: Path, first: DemoServer) -> Iterator[Program]:
    flags = Flags(
        {"provider.name": "anthropic", "provider.base_url": first.url, "provider.model": "demo"},
        config_file=tmp_path / "config.toml",
    )
    environ = {"ANTHROPIC_API_KEY": "sk-ant-test", "TUI_CHAT_DATA_DIR": str(tmp_path)}
    program = Program.open(flags, environ, pytest.fail)
    yield program
    program.close()


def sent(program: Program, prompt: str) -> ReplyJob:
    return program.requests.job(exchange.send(Conversation(), Prompt(prompt), program.requests.about(), utc_now()))


def fetched(program: Program, job: ReplyJob) -> Message:
    return asyncio.run(program.manager.run(job, Unwatched(), Stop()))


def test_another_provider_is_asked_from_the_next_prompt_on(
    program: Program, first: DemoServer, other: DemoServer
) -> None:
    job = sent(program, "/tokens 5\nHello")
    program.settings.set("provider.name", "openai", key_may_go=True)
    program.settings.set("provider.base_url", other.url, key_may_go=True)
    reply = fetched(program, job)
    assert (reply.status, reply.metadata.provider) == (StreamingStatus.COMPLETE, "anthropic")
    assert (len(first.log.replies), len(other.log.replies)) == (1, 0)


def test_other_retries_hold_from_the_next_prompt_on(program: Program, first: DemoServer) -> None:
    program.settings.set("streaming.retry_attempts", 0)
    job = sent(program, "/fault 529x2\nHello")
    program.settings.set("streaming.retry_attempts", 5)
    assert fetched(program, job).status is StreamingStatus.FAILED
    assert len(first.log.replies) == 1
