"""Titles that a model gives: asked for once, counted, and never in the way of what the user calls it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from tests.waiting import PATIENCE_S
from tui_chat.chat import exchange
from tui_chat.chat.message import Conversation, StreamingStatus, utc_now
from tui_chat.chat.parts import TextPart
from tui_chat.chat.prompt import Prompt
from tui_chat.demo import DemoServer
from tui_chat.program.titles import Titles, title_in
from tui_chat.program.wiring import Flags, Program
from tui_chat.settings import Value

Opened = Callable[..., AbstractContextManager[Program]]


@pytest.fixture
def server() -> Iterator[DemoServer]:
    with DemoServer(rate=0, latency_s=0) as server:
        yield server


@pytest.fixture
def opened(server: DemoServer, tmp_path: Path) -> Opened:
    """Opens a program that asks the demo server as if it were the vendor's, and wants titles."""

    @contextmanager
    def opened_program(**changed: Value) -> Iterator[Program]:
        settings: dict[str, Value] = {
            "provider.name": "anthropic",
            "provider.base_url": server.url,
            "provider.vendor_prices": True,
            "provider.model": "claude-sonnet-5-5",
            "history.model_titles": True,
        }
        settings |= {key.replace("__", "."): value for key, value in changed.items()}
        flags = Flags(settings, config_file=tmp_path / "config.toml", data_folder=tmp_path / "data")
        program = Program.open(flags, {"ANTHROPIC_API_KEY": "test-key"}, pytest.fail)
        yield program
        program.close()

    return opened_program


def talked(
    program: Program, prompt: str = "Hello", *, status: StreamingStatus = StreamingStatus.COMPLETE
) -> Conversation:
    """Return a conversation with one exchange, stored."""
    pending = exchange.send(Conversation(), Prompt(prompt), program.requests.about(), utc_now())
    program.store.journal.begin(pending).result(PATIENCE_S)
    reply = replace(pending.reply, parts=(TextPart("Hi, what can I do?"),), status=status)
    program.store.journal.finish(reply).result(PATIENCE_S)
    return pending.conversation.with_message(reply)


def title_of(program: Program, conversation: Conversation) -> str:
    stored = program.store.conversation(conversation.id)
    assert stored is not None
    return stored.title


def find(program: Program, conversation: Conversation) -> str:
    return asyncio.run(Titles(program).title(conversation))


@pytest.mark.parametrize(
    ("answer", "title"),
    [
        ("A picnic by the lake", "A picnic by the lake"),
        ('\n"A picnic by the lake."\n\nI hope you like it!', "A picnic by the lake"),
        ("**Title: A picnic by the lake**", "A picnic by the lake"),
        ("> *A picnic*", "A picnic"),
        ("# “Titles of books”", "Titles of books"),
        ("Ein Picknick am See (2026)", "Ein Picknick am See (2026)"),
        ("What is C++?", "What is C++?"),
        ("\x1b]0;evil\x07Lake", "�]0;evil�Lake"),
        ("many " * 40, "many many many many many many many many many many many many…"),
        (" \n\n", ""),
        ("", ""),
    ],
)
def test_a_title_is_the_first_line_of_the_answer_without_ornaments(answer: str, title: str) -> None:
    assert title_in(answer) == title


def test_the_title_of_a_first_exchange_is_asked_for_and_stored(opened: Opened, server: DemoServer) -> None:
    with opened() as program:
        conversation = talked(program)
        title = find(program, conversation)
        assert title
        assert title != "Hello"
        assert title_of(program, conversation) == title
        asked = str(server.log.replies[-1].body)
        assert "Hello" in asked
        assert "Hi, what can I do?" in asked


def test_a_request_for_a_title_has_a_price_but_is_no_reply(opened: Opened) -> None:
    with opened() as program:
        before = talked(program)
        assert program.store.statistics().cost_usd is None
        find(program, before)
        sums = program.store.statistics()
        assert (sums.replies, sums.stream, sums.batch) == (1, 1, 0)
        assert sums.cost_usd
        assert sums.usage.output_tokens


@pytest.mark.parametrize(
    "changed", [{"history__model_titles": False}, {"provider__name": "demo"}], ids=["not wanted", "scripted"]
)
def test_nobody_is_asked(opened: Opened, server: DemoServer, changed: dict[str, Value]) -> None:
    with opened(**changed) as program:
        assert find(program, talked(program)) == ""
        assert not server.log.replies


@pytest.mark.parametrize("status", [StreamingStatus.STOPPED, StreamingStatus.FAILED])
def test_a_reply_that_is_not_whole_gives_no_title(opened: Opened, status: StreamingStatus) -> None:
    with opened() as program:
        assert find(program, talked(program, status=status)) == ""


def test_a_title_that_the_user_gave_stays(opened: Opened) -> None:
    with opened() as program:
        conversation = talked(program)
        program.store.rename(conversation.id, "Mine")
        find(program, conversation)
        assert title_of(program, conversation) == "Mine"
        assert find(program, replace(conversation, title="Mine")) == ""


def test_a_failure_is_silent(opened: Opened) -> None:
    with opened(provider__base_url="http://127.0.0.1:9") as program:
        conversation = talked(program)
        assert find(program, conversation) == ""
        assert title_of(program, conversation) == conversation.title


def test_the_vendors_small_model_is_asked_unless_the_server_is_the_users_own(opened: Opened) -> None:
    with opened(provider__vendor_prices=False) as program:
        assert program.provider.small_model() == "claude-sonnet-5-5"
    with opened(provider__base_url="") as program:
        assert program.provider.small_model() == "claude-haiku-5-5"
    with opened(provider__base_url="", provider__name="openai", provider__model="gpt-x") as program:
        assert program.provider.small_model() == "gpt-x"
