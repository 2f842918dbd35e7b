"""A model that neither the data file nor the provider knows."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.null_watcher import Unwatched
from tui_chat.chat import exchange
from tui_chat.chat.message import Conversation, StreamingStatus, utc_now
from tui_chat.chat.prompt import Prompt
from tui_chat.demo import DemoServer
from tui_chat.program.wiring import Flags, Program
from tui_chat.streaming.stop import Stop


@pytest.mark.parametrize("model", ["claude-unheard-of", "unheard-of", "claude-opus-99-20300101"])
def test_a_model_that_nobody_knows_answers_and_what_it_costs_is_not_known(model: str, tmp_path: Path) -> None:
    with DemoServer(rate=0, latency_s=0) as server:
        flags = Flags(
            {"provider.name": "anthropic", "provider.base_url": server.url, "provider.model": model},
            config_file=tmp_path / "config.toml",
        )
        environ = {"ANTHROPIC_API_KEY": "sk-ant-test", "TUI_CHAT_DATA_DIR": str(tmp_path)}
        program = Program.open(flags, environ, pytest.fail)
        pending = exchange.send(Conversation(), Prompt("Hello"), program.requests.about(), utc_now())
        reply = asyncio.run(program.manager.run(program.requests.job(pending), Unwatched(), Stop()))
        assert program.models.warning() == ""
        program.close()
    assert reply.status is StreamingStatus.COMPLETE
    assert reply.text
    assert (reply.metadata.usage.output_tokens or 0) > 0
    assert reply.metadata.cost_usd is None
