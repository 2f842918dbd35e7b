"""The address at which a conversation's model was chosen stays with it, and no key goes where no setting says."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.e2e.own_server import TEXT, own_server
from tests.null_watcher import Unwatched
from tests.unit.program.conftest import KEYS, Opener
from tests.waiting import PATIENCE_S
from tui_chat.chat import exchange
from tui_chat.chat.message import Conversation, utc_now
from tui_chat.chat.models import Model
from tui_chat.chat.prompt import Prompt
from tui_chat.chat.request import ReplyRequest
from tui_chat.program.wiring import Program
from tui_chat.providers import ProviderConfig, port_here
from tui_chat.settings import SettingsError, Value
from tui_chat.streaming.job import ReplyJob
from tui_chat.streaming.stop import Stop

LOCAL = "http://127.0.0.1:8080/v1"
OFFICE = "http://gpu.office:8000/v1"
NOWHERE = "http://127.0.0.1:9"


def at(address: str) -> str:
    """Return settings for the wire that a server of one's own speaks."""
    return f'name = "openai"\nbase_url = "{address}"\nmodel = "of-the-file"'


def choose(program: Program, conversation: Conversation, model: str = "llama") -> None:
    """Choose a model where the conversation asks now, as the picker does."""
    keep(program, conversation, **{"provider.model": model})


def keep(program: Program, conversation: Conversation, **changed: Value) -> None:
    offer = program.parts_of(conversation.id).offer(Model("llama"))
    program.conversation_settings.choose(conversation.id, {**offer.choices, **changed})
    assert program.store.flush(PATIENCE_S)


def config(program: Program, conversation: Conversation) -> ProviderConfig:
    return program.parts_of(conversation.id).provider.config


def begun(program: Program, conversation: Conversation) -> ReplyJob:
    requests = program.parts_of(conversation.id).requests
    return requests.job(exchange.send(conversation, Prompt("Why?"), requests.about(), utc_now()))


def refusal(program: Program, conversation: Conversation) -> str:
    """Return why nothing is sent, whatever is asked."""
    requests, request = program.parts_of(conversation.id).requests, ReplyRequest("llama", ())
    sentences = set[str]()
    for ask in (
        lambda: begun(program, conversation),
        lambda: requests.fetch(request),
        lambda: requests.count_tokens(request),
    ):
        with pytest.raises(SettingsError) as refused:
            ask()
        sentences.add(str(refused.value))
    (sentence,) = sentences
    assert program.store.flush(PATIENCE_S)
    stored = program.store.conversation(conversation.id)
    assert stored is not None
    assert stored.messages == (), "nothing is stored of what is not sent"
    return sentence


def test_the_address_is_kept_without_its_login_beside_the_choice(opened: Opener) -> None:
    program, conversation = opened(at("https://me:pw@gpu.office/v1/")), Conversation()
    choose(program, conversation)
    kept = program.conversation_settings.of(conversation.id)
    assert kept["provider.base_url"] == "https://***@gpu.office/v1"
    assert config(program, conversation).base_url == "https://me:pw@gpu.office/v1/"
    assert config(program, conversation).api_key == KEYS["OPENAI_API_KEY"]


@pytest.mark.parametrize(
    "settings",
    [
        "",
        'name = "openai"\nbase_url = "https://eu.api.openai.com/v1"',
        'name = "anthropic"\nbase_url = "http://proxy:8080"\nvendor_prices = true',
        'name = "demo"\nbase_url = "http://127.0.0.1:8080"',
    ],
)
def test_of_what_is_no_server_of_ones_own_no_address_is_kept(opened: Opener, settings: str) -> None:
    program, conversation = opened(settings), Conversation()
    choose(program, conversation)
    assert program.conversation_settings.of(conversation.id)["provider.base_url"] == ""
    assert not program.parts_of(conversation.id).provider.refusal


def test_a_server_on_this_machine_stays_the_conversations_own_and_hears_of_no_key(opened: Opener) -> None:
    conversation = Conversation()
    choose(opened(at(LOCAL)), conversation)
    for settings in (at(OFFICE), at(LOCAL.replace("8080", "8081")), "", f"{at(OFFICE)}\nvendor_prices = true"):
        program = opened(settings)
        way = config(program, conversation)
        assert (way.base_url, way.api_key, way.keyless, way.own_server) == (LOCAL, "", True, True)
        assert program.parts_of(conversation.id).provider.model == "llama"
        assert not config(program, Conversation()).keyless
    way = config(opened(at(LOCAL)), conversation)
    assert (way.base_url, way.api_key, way.keyless) == (LOCAL, KEYS["OPENAI_API_KEY"], False)


def test_another_server_is_not_followed_to_a_changed_address(opened: Opener) -> None:
    conversation = Conversation()
    choose(opened(at(OFFICE)), conversation)
    sentence = refusal(opened(at("http://other.office:8000/v1")), conversation)
    assert f"was chosen at {OFFICE}; the settings now have http://other.office:8000/v1." in sentence
    assert "Nothing was sent." in sentence
    assert "the settings now have the address of OpenAI itself" in refusal(opened(""), conversation)
    program = opened(at(OFFICE))
    assert config(program, conversation).base_url == OFFICE
    assert begun(program, conversation).address == OFFICE


def test_nor_is_the_service_itself_left_for_a_server(opened: Opener) -> None:
    conversation = Conversation()
    choose(opened('name = "openai"'), conversation)
    assert "was chosen at the address of OpenAI itself" in refusal(opened(at(LOCAL)), conversation)


def test_the_command_lines_address_holds_for_its_run(opened: Opener) -> None:
    conversation = Conversation()
    choose(opened(at(OFFICE)), conversation)
    program = opened("", name="openai", base_url=NOWHERE)
    assert config(program, conversation).base_url == NOWHERE
    choose(program, conversation)
    assert config(program, conversation).base_url == NOWHERE
    assert f"was chosen at {NOWHERE}" in refusal(opened(at(OFFICE)), conversation)


def test_a_choice_made_now_is_over_the_command_lines_address(opened: Opener) -> None:
    program, conversation = opened("", name="openai", base_url=NOWHERE), Conversation()
    keep(program, conversation, **{"provider.base_url": LOCAL})
    assert (config(program, conversation).base_url, config(program, conversation).api_key) == (LOCAL, "")
    assert config(program, Conversation()).base_url == NOWHERE


def test_the_default_forgets_it(opened: Opener) -> None:
    conversation = Conversation()
    choose(opened(at(OFFICE)), conversation)
    program = opened(at(LOCAL))
    program.conversation_settings.forget(conversation.id, ["provider.name", "provider.model", "provider.base_url"])
    assert config(program, conversation).base_url == LOCAL
    assert "provider.base_url" not in program.conversation_settings.of(conversation.id)


def test_a_choice_from_before_addresses_were_kept_follows_the_settings(opened: Opener) -> None:
    program, conversation = opened(at(OFFICE)), Conversation()
    program.conversation_settings.choose(conversation.id, {"provider.name": "openai", "provider.model": "llama"})
    assert config(program, conversation).base_url == OFFICE
    program.settings.set("provider.base_url", LOCAL, key_may_go=True)
    assert config(program, conversation).base_url == LOCAL


def test_forks_and_imports_keep_it(opened: Opener) -> None:
    with own_server({"id": "llama"}) as server:
        here = f"{server.url}/v1"
        program, conversation = opened(at(here)), Conversation()
        choose(program, conversation)
        job = begun(program, conversation)
        reply = asyncio.run(program.manager.run(job, Unwatched(), Stop()))
        talk = job.pending.conversation.with_message(reply)
        fork = program.store.fork(talk, reply.id)
        program.conversation_settings.fork(talk, fork)
        data = json.loads(json.dumps(program.store.export(talk.id)))
        copy = program.store.import_({**data, "id": "elsewhere"})
        assert program.store.flush(PATIENCE_S)
        again = opened("")
        for kept in (talk, fork, copy):
            assert (config(again, kept).base_url, config(again, kept).keyless) == (here, True)
        reply = asyncio.run(again.manager.run(begun(again, copy), Unwatched(), Stop()))
        assert (reply.text, reply.metadata.model) == (TEXT, "llama")


HOSTILE = [
    "http://evil.example/v1",
    "http://127.0.0.1:8080/v1/",
    "http://127.0.0.1:8080/",
    "http://127.0.0.1/v1",
    "http://127.0.0.1:0/v1",
    "http://127.0.0.1:65536/v1",
    "http://127.0.0.1:٨٠/v1",
    "https://127.0.0.1:8080/v1",
    "http://127.0.0.1:8080@evil.example/v1",
    "http://evil.example:8080/v1#http://127.0.0.1:8080/v1",
    "http://127.0.0.1.evil.example:8080/v1",
    "http://127.0.0.1:8080/v1\n",
    "not an address",
    "***",
]


@pytest.mark.parametrize("address", HOSTILE)
def test_an_imported_address_gets_neither_a_key_nor_a_word(opened: Opener, address: str) -> None:
    program = opened(at(OFFICE))
    settings = {"provider.name": "openai", "provider.model": "llama", "provider.base_url": address}
    talk = program.store.import_({"messages": [{"role": "user", "text": "Hi"}], "settings": settings})
    way = config(program, talk)
    assert (way.base_url, way.keyless) == (OFFICE, False)
    with pytest.raises(SettingsError, match="Nothing was sent"):
        begun(program, talk)


@pytest.mark.parametrize("name", ["anthropic", "demo", "local", "simulated"])
def test_an_imported_address_on_this_machine_is_for_servers_of_ones_own_alone(opened: Opener, name: str) -> None:
    program = opened("")
    settings = {"provider.name": name, "provider.model": "x", "provider.base_url": LOCAL}
    talk = program.store.import_({"messages": [{"role": "user", "text": "Hi"}], "settings": settings})
    assert config(program, talk).base_url is None
    with pytest.raises(SettingsError, match="Nothing was sent"):
        begun(program, talk)


@given(host=st.sampled_from(["127.0.0.1", "localhost", "[::1]"]), port=st.integers(1, 65535))
def test_a_port_of_this_machine_is_known_by_its_address(host: str, port: int) -> None:
    assert port_here("openai", f"http://{host}:{port}/v1") == port
    assert port_here("anthropic", f"http://{host}:{port}/v1") is None


@given(st.text() | st.from_regex(r"https?://[a-z0-9.@:\[\]/]{0,20}127\.0\.0\.1[a-z0-9.@:\[\]/#?]{0,20}"))
def test_nothing_else_is(address: str) -> None:
    if (port := port_here("openai", address)) is not None:
        assert address in {f"http://{host}:{port}/v1" for host in ("127.0.0.1", "localhost", "[::1]")}


def test_a_default_on_this_machine_takes_the_address_along(opened: Opener, tmp_path: Path) -> None:
    program = opened('base_url = "http://proxy:8080"\nvendor_prices = true')
    program.settings.make_default("openai", "llama", LOCAL, key_may_go=True)
    assert config(opened(), Conversation()).base_url == LOCAL
    assert "vendor_prices" not in (tmp_path / "config.toml").read_text()
    other = LOCAL.replace("8080", "8081")
    program.settings.make_default("openai", "qwen", other, key_may_go=True)
    way, model = config(opened(), Conversation()), opened().provider.model
    assert (way.base_url, model) == (other, "qwen")
