"""The servers that the program starts itself: replies come from the local model as from any other provider."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.null_watcher import Unwatched
from tui_chat.chat import exchange
from tui_chat.chat.message import Conversation, Message, StreamingStatus, utc_now
from tui_chat.chat.prompt import Prompt
from tui_chat.demo import script_for
from tui_chat.program.wiring import Flags, Program
from tui_chat.settings import Value
from tui_chat.streaming.stop import Stop

Opener = Callable[..., Program]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Opener]:
    programs: list[Program] = []

    def open_program(**settings: Value) -> Program:
        chosen: dict[str, Value] = {"provider.name": "local"}
        chosen |= {name.replace("__", "."): value for name, value in settings.items()}
        environ = {"TUI_CHAT_DATA_DIR": str(tmp_path / "data")}
        programs.append(Program.open(Flags(chosen, config_file=tmp_path / "config.toml"), environ, pytest.fail))
        return programs[-1]

    yield open_program
    for program in programs:
        program.close()


def reply_to(program: Program, prompt: str) -> Message:
    pending = exchange.send(Conversation(), Prompt(prompt), program.requests.about(), utc_now())
    return asyncio.run(program.manager.run(program.requests.job(pending), Unwatched(), Stop()))


@pytest.mark.usefixtures("engine")
def test_a_model_of_the_users_answers_under_its_own_name(opened: Opener, model: Path) -> None:
    program = opened(local__model_path=str(model))
    assert not program.provider.runs_small_model
    reply = reply_to(program, "Some SQL")
    assert (reply.status, reply.text) == (StreamingStatus.COMPLETE, script_for("Some SQL"))
    assert (reply.metadata.provider, reply.metadata.model, reply.metadata.cost_usd) == ("local", "small", 0.0)
    assert reply.metadata.speaker == "Assistant"


def test_what_is_known_of_the_models_starts_no_server(opened: Opener) -> None:
    program = opened(provider__name="demo")
    program.models.known()
    assert (program.provider.model, program.requests.about().own_server) == ("demo", False)
    assert program._servers._demo is None


@pytest.mark.usefixtures("engine")
def test_a_model_that_is_not_here_fails_the_reply_with_a_sentence(opened: Opener) -> None:
    program = opened()
    assert program.provider.runs_small_model
    program.models.known()
    assert program._servers._local is None  # to look at what is known starts nothing
    reply = reply_to(program, "Hello")
    assert reply.status is StreamingStatus.FAILED
    assert "run `tui-chat local install`" in str((reply.metadata.error or {})["sentence"])
    assert reply.metadata.metrics.retries == 0
