"""A choice made in a conversation holds there, and nowhere else; a key goes where the user has said."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.null_watcher import Unwatched
from tests.unit.program.conftest import Opener
from tests.waiting import PATIENCE_S
from tui_chat.chat import exchange
from tui_chat.chat.message import Conversation, Message, utc_now
from tui_chat.chat.prompt import Prompt
from tui_chat.demo import DemoServer
from tui_chat.program.conversation_settings import LEFT_OUT
from tui_chat.program.wiring import Program
from tui_chat.settings import Value
from tui_chat.streaming.job import ReplyJob
from tui_chat.streaming.stop import Stop

GATEWAY = "http://127.0.0.1:8"


@pytest.fixture
def server() -> Iterator[DemoServer]:
    with DemoServer(rate=0, latency_s=0) as server:
        yield server


def choose(program: Program, conversation: Conversation, **choices: Value) -> None:
    program.conversation_settings.choose(conversation.id, {f"provider.{key}": value for key, value in choices.items()})
    assert program.store.flush(PATIENCE_S)


def begun(program: Program, conversation: Conversation, prompt: str = "Hello") -> ReplyJob:
    requests = program.parts_of(conversation.id).requests
    return requests.job(exchange.send(conversation, Prompt(prompt), requests.about(), utc_now()))


def fetched(program: Program, job: ReplyJob) -> Message:
    return asyncio.run(program.manager.run(job, Unwatched(), Stop()))


def whom(program: Program, conversation: Conversation) -> tuple[str, str, str | None]:
    """Whom a conversation asks, for which model, and where."""
    provider = program.parts_of(conversation.id).provider
    return provider.name, provider.model, provider.config.base_url


def test_two_conversations_ask_two_models(opened: Opener, server: DemoServer) -> None:
    program, one, other = opened(name="demo", base_url=server.url), Conversation(), Conversation()
    choose(program, one, name="demo", model="demo-fast", temperature=0.5)
    replies = [fetched(program, begun(program, conversation, "/tokens 3\nHi")) for conversation in (one, other)]
    assert [reply.metadata.model for reply in replies] == ["demo-fast", "demo"]
    assert [sent.body["model"] for sent in server.log.replies] == ["demo-fast", "demo"]


def test_what_is_sent_is_frozen_before_the_choice_changes(opened: Opener, server: DemoServer) -> None:
    program, conversation = opened(name="demo", base_url=server.url), Conversation()
    job = begun(program, conversation, "/tokens 3\nHi")
    choose(program, conversation, name="demo", model="demo-fast")
    assert fetched(program, job).metadata.model == "demo"


def test_a_choice_is_kept_and_the_default_is_as_it_was(opened: Opener) -> None:
    conversation = Conversation()
    choose(opened('model = "claude-opus-5-5"'), conversation, persona="tutor", thinking="high")
    choose(opened(), conversation, name="openai", model="gpt-6.1-sol", temperature=None)
    program = opened()
    provider = program.parts_of(conversation.id).settings.now.provider
    assert (provider.persona, provider.thinking, provider.temperature) == ("tutor", "high", None)
    assert whom(program, conversation) == ("openai", "gpt-6.1-sol", None)
    assert whom(program, Conversation()) == ("anthropic", "claude-opus-5-5", None)


def test_an_own_temperature_of_none_is_over_that_of_the_file(opened: Opener) -> None:
    program, conversation = opened("temperature = 0.3"), Conversation()
    assert program.parts_of(conversation.id).settings.now.provider.temperature == 0.3
    choose(program, conversation, temperature=None)
    assert program.parts_of(conversation.id).settings.now.provider.temperature is None
    program.conversation_settings.forget(conversation.id, ["provider.temperature"])
    assert program.parts_of(conversation.id).settings.now.provider.temperature == 0.3


def test_another_provider_takes_neither_the_files_model_nor_its_address(opened: Opener) -> None:
    program, conversation = opened(f'base_url = "{GATEWAY}"\nmodel = "claude-opus-5-5"'), Conversation()
    choose(program, conversation, name="openai", model="")
    assert whom(program, conversation) == ("openai", "gpt-6.1-sol", None)


def test_nor_those_of_the_command_line(opened: Opener) -> None:
    program, conversation = opened(base_url=GATEWAY, model="claude-opus-5-5"), Conversation()
    choose(program, conversation, name="openai", model="gpt-6.1-sol")
    assert whom(program, conversation) == ("openai", "gpt-6.1-sol", None)
    choose(program, conversation, name="anthropic", model="claude-haiku-5-5")
    assert whom(program, conversation) == ("anthropic", "claude-haiku-5-5", GATEWAY)


def test_the_command_line_holds_for_its_run_until_something_is_chosen(opened: Opener) -> None:
    conversation = Conversation()
    choose(opened(), conversation, name="openai", model="gpt-6.1-sol", persona="tutor")
    program = opened(model="claude-opus-5-5")
    assert whom(program, conversation) == ("anthropic", "claude-opus-5-5", None)
    assert program.parts_of(conversation.id).settings.now.provider.persona == "tutor"
    choose(program, conversation, name="openai", model="gpt-6.1-sol")
    assert whom(program, conversation) == ("openai", "gpt-6.1-sol", None)
    assert whom(program, Conversation()) == ("anthropic", "claude-opus-5-5", None)
    assert whom(opened(name="openai", model="other"), conversation) == ("openai", "other", None)
    assert whom(opened(name="openai"), conversation) == ("openai", "gpt-6.1-sol", None)
    assert whom(opened(), conversation) == ("openai", "gpt-6.1-sol", None)


def test_a_fork_and_an_import_keep_what_was_chosen(opened: Opener, server: DemoServer) -> None:
    program, conversation = opened(name="demo", base_url=server.url), Conversation()
    choose(program, conversation, name="demo", model="demo-fast", persona="")
    job = begun(program, conversation, "/tokens 3\nHi")
    talk = job.pending.conversation.with_message(fetched(program, job))
    program.conversation_settings.send_from(talk.id, talk.messages[0].id)
    fork = program.store.fork(talk, talk.messages[-1].id)
    program.conversation_settings.fork(talk, fork)
    copy = program.store.import_(json.loads(json.dumps(program.store.export(talk.id))))
    assert program.store.flush(PATIENCE_S)
    again = opened()
    for kept in (fork, copy):
        assert whom(again, kept)[:2] == ("demo", "demo-fast")
    sent = again.conversation_settings.sent(copy.id, copy.messages)
    assert sent == copy.messages, "the message that a request begins with has another id now"


def test_a_fork_and_an_import_leave_out_the_same(opened: Opener, server: DemoServer) -> None:
    program, talk = opened(name="demo", base_url=server.url), Conversation()
    for _ in range(3):
        job = begun(program, talk, "/tokens 3\nHi")
        talk = job.pending.conversation.with_message(fetched(program, job))
    program.conversation_settings.leave_out(talk.id, talk.messages[2:4])
    program.conversation_settings.leave_out(talk.id, talk.messages[4:])
    fork = program.store.fork(talk, talk.messages[3].id)
    program.conversation_settings.fork(talk, fork)
    copy = program.store.import_(json.loads(json.dumps(program.store.export(talk.id))) | {"id": "another"})
    assert program.store.flush(PATIENCE_S)
    again = opened().conversation_settings
    assert again.sent(fork.id, fork.messages) == fork.messages[:2]
    assert again.sent(copy.id, copy.messages) == copy.messages[:2]
    for kept in (fork, copy):
        left_out = {key: value for key, value in again.of(kept.id).items() if key.startswith(LEFT_OUT)}
        assert left_out == {f"{LEFT_OUT}{message.id}": message.id for message in kept.messages[2:]}


def test_what_a_file_says_of_other_settings_is_not_taken(opened: Opener) -> None:
    program = opened()
    data = {
        "messages": [{"role": "user", "text": "Hi"}],
        "settings": {
            "provider.base_url": GATEWAY,
            "provider.persona": "../secret",
            "provider.model": "x" * 2000,
            "provider.thinking": 7,
        },
    }
    conversation = program.store.import_(data)
    assert not program.conversation_settings.choices(conversation.id)
    assert whom(program, conversation) == ("anthropic", "claude-sonnet-5-5", None)


def test_a_default_of_another_provider_leaves_the_address_behind(opened: Opener, tmp_path: Path) -> None:
    program = opened(f'base_url = "{GATEWAY}"\nmodel = "claude-opus-5-5"\nvendor_prices = true')
    program.settings.make_default("openai", "gpt-6.1-sol")
    assert whom(program, Conversation()) == ("openai", "gpt-6.1-sol", None)
    written = (tmp_path / "config.toml").read_text()
    assert "base_url" not in written
    assert "vendor_prices" not in written
    program.settings.make_default("openai", "gpt-small")
    assert whom(opened(), Conversation()) == ("openai", "gpt-small", None)


def test_a_conversation_follows_the_default_where_nothing_was_chosen(opened: Opener) -> None:
    program, conversation = opened(), Conversation()
    choose(program, conversation, persona="tutor")
    program.settings.make_default("openai", "gpt-6.1-sol")
    assert whom(program, conversation) == ("openai", "gpt-6.1-sol", None)
