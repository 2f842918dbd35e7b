"""Servers on this machine in the model picker: found while it is open, chosen, and asked without a key."""

from __future__ import annotations

import threading

import pytest

from tests.e2e.own_server import TEXT, OwnServer, own_server
from tests.ui.app_driver import Stage
from tests.ui.conftest import Opener
from tests.waiting import PATIENCE_S
from tui_chat.demo import DemoServer
from tui_chat.program.model_offer import ModelOffer
from tui_chat.ui.chat.marked_models import ModelChoice
from tui_chat.ui.chat.model_picker import ModelPicker
from tui_chat.ui.shared.question import Question
from tui_chat.ui.shared.search_result import SearchResult

LLAMA = {"id": "llama", "object": "model", "meta": {"n_ctx": 4096}}
KEY = {"OPENAI_API_KEY": "sk-secret", "OPENAI_ORG_ID": "org-secret"}


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine takes its time."""
    monkeypatch.setattr("tui_chat.providers.local_servers.PATIENCE_S", PATIENCE_S)
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")  # the vendor is not asked for its list


def ports(*servers: OwnServer) -> tuple[str, ...]:
    return tuple(str(server.server_address[1]) for server in servers)


def found(stage: Stage) -> list[str]:
    screen = stage.app.screen
    return [offer.key for offer in screen.rows.found.items] if isinstance(screen, ModelChoice) else []


async def pick(stage: Stage, server: OwnServer, key: str) -> None:
    """Choose the only model of a server in the picker, by a key there."""
    own = f"{server.url}/v1/llama"
    await stage.pilot.press("ctrl+l")
    await stage.until(lambda: own in found(stage))
    await stage.pilot.press(*"machine", "space", *"llama")
    await stage.until(lambda: found(stage) == [own])
    await stage.pilot.press(key)
    await stage.until(lambda: not isinstance(stage.app.screen, ModelChoice))


async def test_a_found_servers_model_is_asked_in_this_conversation_also_when_it_is_opened_again(
    opened: Opener, server: DemoServer
) -> None:
    with own_server(LLAMA) as own:
        async with opened(local__server_ports=ports(own), environ=KEY) as stage:
            await stage.pilot.press("ctrl+l")
            await stage.until(lambda: f"{own.url}/v1/llama" in found(stage))
            await stage.pilot.press(*"llama")
            await stage.until(lambda: f"on this machine, port {own.server_address[1]}" in stage.shown)
            assert f"4,096 context · {own.url}/v1" in stage.shown
            await stage.pilot.press("enter")
            await stage.ask("Why?")
            assert (stage.last.text, stage.last.metadata.model) == (TEXT, "llama")
            talk = stage.screen.session.conversation.id
            await stage.pilot.press("ctrl+n")
            await stage.ask("/tokens 3\nHello")
            assert stage.last.metadata.model == "demo"
            await stage.screen.library.open(talk)
            await stage.until(lambda: "llama" in stage.shown.splitlines()[0])
            await stage.ask("And why?")
            assert (stage.last.text, stage.last.metadata.model) == (TEXT, "llama")
            await stage.pilot.press("ctrl+l")
            await stage.until(lambda: f"{own.url}/v1/llama" in found(stage))
            assert "in use" in stage.shown
        assert len(own.asked) == 2
        assert "secret" not in str(own.headers)
        assert not [headers for headers in own.headers if "authorization" in headers]
    assert [sent.body["model"] for sent in server.log.replies] == ["demo"]


async def test_one_that_is_found_while_a_search_is_under_way_stays_in_the_list(
    opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    find, shown = ModelPicker.find, threading.Event()

    def slow(picker: ModelPicker, query: str) -> SearchResult[ModelOffer]:
        found = find(picker, query)
        if threading.current_thread() is not threading.main_thread():
            shown.wait(PATIENCE_S)
        return found

    monkeypatch.setattr(ModelPicker, "find", slow)
    with own_server(LLAMA) as own:
        async with opened(local__server_ports=ports(own)) as stage:
            await stage.pilot.press("ctrl+l")
            await stage.until(lambda: f"{own.url}/v1/llama" in found(stage))
            shown.set()
            await stage.app.workers.wait_for_complete()
            await stage.pilot.pause()
            assert f"{own.url}/v1/llama" in found(stage)


async def test_it_can_be_the_default_too(opened: Opener) -> None:
    with own_server(LLAMA) as own:
        async with opened(local__server_ports=ports(own)) as stage:
            await pick(stage, own, "ctrl+s")
            await stage.until(lambda: stage.program.provider.own_address == f"{own.url}/v1")
            await stage.pilot.press("ctrl+n")
            await stage.ask("Why?")
            assert stage.last.text == TEXT
            saved = stage.program.settings.file.load().settings.provider
            assert (saved.name, saved.model, saved.base_url) == ("openai", "llama", f"{own.url}/v1")
            await stage.pilot.press("ctrl+l")
            await stage.until(lambda: f"{own.url}/v1/llama" in found(stage))
            assert found(stage).count(f"{own.url}/v1/llama") == 1


async def test_as_the_default_it_gets_a_key_only_if_that_is_wanted(opened: Opener) -> None:
    with own_server(LLAMA) as own:
        async with opened(local__server_ports=ports(own), environ=KEY) as stage:
            await pick(stage, own, "ctrl+s")
            await stage.until(lambda: isinstance(stage.app.screen, Question))
            assert f"Send your key for OpenAI to {own.url}/v1" in stage.shown
            await stage.pilot.press("escape")
            await stage.until(lambda: stage.app.screen is stage.screen)
            assert stage.program.provider.name == "demo"
            await stage.ask("Why?")
            assert stage.last.text == TEXT
        assert "secret" not in str(own.headers)


async def test_an_address_in_the_environment_is_over_the_default(opened: Opener) -> None:
    with own_server(LLAMA) as own:
        environ = {"OPENAI_BASE_URL": "http://127.0.0.1:9/v1"}
        async with opened(local__server_ports=ports(own), environ=environ, notices=True) as stage:
            await pick(stage, own, "ctrl+s")
            await stage.until(lambda: "OPENAI_BASE_URL" in stage.shown)
            assert stage.program.provider.name == "demo"
            await stage.ask("Why?")
            assert stage.last.text == TEXT


async def test_nothing_is_looked_for_where_that_is_turned_off(opened: Opener) -> None:
    with own_server(LLAMA) as own:
        environ = {"OLLAMA_HOST": f"127.0.0.1:{own.server_address[1]}"}
        async with opened(environ=environ) as stage:
            await stage.pilot.press("ctrl+l")
            await stage.until(lambda: bool(found(stage)))
            await stage.app.workers.wait_for_complete()
            assert "llama" not in stage.shown
            await stage.pilot.press("escape")
            stage.program.settings.set("local.server_ports", ("9",))
            await stage.pilot.press("ctrl+l")
            await stage.until(lambda: f"{own.url}/v1/llama" in found(stage))
        assert len(own.headers) == 1, "OLLAMA_HOST is asked once, with the ports of the settings"
