"""A model for each conversation: the picker, what is said where it is needed, and what is kept."""

from __future__ import annotations

import json
from concurrent.futures import Future
from pathlib import Path

import pytest

from tests.e2e.own_server import TEXT, own_server
from tests.ui.app_driver import Stage
from tests.ui.conftest import Opener
from tests.ui.held_replies import Held
from tui_chat.chat.message import Conversation
from tui_chat.demo import DemoServer
from tui_chat.program.request_factory import RequestFactory
from tui_chat.program.wiring import Program
from tui_chat.ui.chat.marked_models import ModelChoice
from tui_chat.ui.chat.model_picker import ModelPicker

FAST = {"provider.name": "demo", "provider.model": "demo-fast"}


async def picker(stage: Stage) -> ModelChoice:
    await stage.pilot.press("ctrl+l")
    await stage.until(lambda: isinstance(stage.app.screen, ModelChoice) and bool(stage.app.screen.rows.found.items))
    screen = stage.app.screen
    assert isinstance(screen, ModelChoice)
    return screen


def in_one_line(stage: Stage) -> str:
    """Return what is shown, as if no line of a notice was wrapped."""
    return " ".join(stage.shown.replace("▌", "").split())


def found(screen: ModelPicker) -> list[str]:
    return [offer.key for offer in screen.rows.found.items]


def notices(stage: Stage) -> list[str]:
    return [notice.message for notice in stage.app._notifications]


async def test_the_picker_chooses_for_this_conversation_or_as_the_default_too(opened: Opener, tmp_path: Path) -> None:
    async with opened() as stage:
        screen = await picker(stage)
        await stage.pilot.press(*"fast", "space", *"dem")
        await stage.until(lambda: found(screen) == ["demo/demo-fast"])
        await stage.pilot.press("enter")
        await stage.until(lambda: stage.screen.session.parts.provider.model == "demo-fast")
        assert stage.program.provider.model == "demo"
        await stage.until(lambda: stage.app.screen is stage.screen and "demo-fast" in stage.shown.splitlines()[0])
        screen = await picker(stage)
        await stage.pilot.press(*"tools")
        await stage.until(lambda: found(screen) == ["demo/demo-tools"])
        await stage.pilot.press("ctrl+s")
        await stage.until(lambda: stage.program.provider.model == "demo-tools")
        assert stage.screen.session.parts.provider.model == "demo-tools"


async def test_it_says_whose_models_are_missing(opened: Opener) -> None:
    async with opened() as stage:
        await picker(stage)
        assert "Providers whose key is missing are not listed." in stage.shown


async def test_favourites_stand_first_and_are_kept(opened: Opener) -> None:
    async with opened() as stage:
        screen = await picker(stage)
        await stage.pilot.press("end", *["down"] * 2, "ctrl+t")
        favourite = found(screen)[0]
        assert "★" in stage.shown
        assert stage.program.settings.file.load().settings.ui.favourite_models == (favourite,)
        assert favourite != "demo/demo"
        await stage.pilot.press("escape")
        screen = await picker(stage)
        assert found(screen)[0] == favourite
        await stage.pilot.press("ctrl+t")
        assert stage.program.settings.now.ui.favourite_models == ()


async def test_the_models_of_all_providers_are_there_and_asked_for_meanwhile(opened: Opener) -> None:
    with own_server({"id": "llama", "object": "model"}) as server:
        addresses = {"ANTHROPIC_BASE_URL": "http://127.0.0.1:9", "OPENAI_BASE_URL": f"{server.url}/v1"}
        async with opened(environ=addresses | {"ANTHROPIC_API_KEY": "sk-ant-test"}) as stage:
            screen = await picker(stage)
            assert "anthropic/claude-sonnet-5-5" in found(screen)
            own = f"{server.url}/v1/llama"
            await stage.until(lambda: own in found(screen))
            await stage.until(lambda: "refused" in str(screen.query_one("#panel").border_subtitle))
            await stage.pilot.press(*"llama", "space", *"openai")
            await stage.until(lambda: found(screen) == [own])
            await stage.pilot.press("enter")
            await stage.until(lambda: stage.screen.session.parts.provider.name == "openai")
            config = stage.screen.session.parts.provider.config
            assert (config.api_key, config.base_url) == ("", f"{server.url}/v1")
            await stage.send("Why?")
            await stage.until(lambda: bool(stage.messages) and stage.last.text == TEXT)
            assert (stage.last.metadata.provider, stage.last.metadata.model) == ("openai", "llama")


async def test_two_conversations_have_two_models_when_they_are_opened_again(opened: Opener, server: DemoServer) -> None:
    async with opened() as stage:
        stage.screen.session.choose(FAST)
        await stage.ask("/tokens 5\nOne")
        first = stage.screen.session.conversation.id
        await stage.pilot.press("ctrl+n")
        await stage.ask("/tokens 5\nTwo")
        second = stage.screen.session.conversation.id
        await stage.screen.library.open(first)
        await stage.screen.session.fork(stage.last.id)
        await stage.until(lambda: stage.screen.session.conversation.id not in (first, second))
        await stage.ask("/tokens 5\nFork")
    async with opened() as stage:
        for id in (second, first):
            await stage.screen.library.open(id)
            await stage.ask("/tokens 5\nMore")
    assert [sent.body["model"] for sent in server.log.replies] == [
        "demo-fast",
        "demo",
        "demo-fast",
        "demo",
        "demo-fast",
    ]


async def test_a_choice_while_a_reply_comes_is_for_the_next_one(opened: Opener, held: Held) -> None:
    held.tokens = 20
    async with opened() as stage:
        await stage.send("/tokens 40\nHello")
        await stage.streaming()
        stage.screen.session.choose(FAST)
        held.go_on()
        await stage.ready()
        assert stage.last.metadata.model == "demo"
        assert (await stage.ask("/tokens 5\nHello")).metadata.model == "demo-fast"


def imported(provider: str, model: str) -> dict[str, object]:
    settings = {"provider.name": provider, "provider.model": model}
    return {"messages": [{"role": "user", "text": "Hi"}, {"role": "assistant", "text": "Hello"}], "settings": settings}


async def test_a_provider_without_a_key_is_said_when_the_conversation_is_opened(
    opened: Opener, server: DemoServer
) -> None:
    async with opened(notices=True, size=(120, 40)) as stage:
        talk = stage.program.store.import_(imported("openai", "gpt-6.1-sol"))
        assert stage.program.parts_of(talk.id).provider.name == "demo", "the command line is over it"
        stage.program.conversation_settings.choose(talk.id, {"provider.name": "openai", "provider.model": "gpt-x"})
        await stage.screen.library.open(talk.id)
        await stage.until(lambda: "There is no key for OpenAI: set OPENAI_API_KEY" in stage.shown)
        assert "^l chooses another" in stage.shown
        await stage.ask("Well?")
        assert server.log.replies == ()
        assert (stage.last.metadata.error or {})["kind"] == "authentication"


async def test_a_model_that_has_gone_and_a_persona_are_said(opened: Opener, tmp_path: Path) -> None:
    listed = {"as_of": "2026-11-28T00:00:00+00:00", "models": [{"id": "claude-sonnet-5-5"}]}
    (tmp_path / "data" / "cache").mkdir(parents=True)
    (tmp_path / "data" / "cache" / "models.json").write_text(json.dumps({"anthropic": listed}))
    async with opened(notices=True, size=(120, 40), environ={"ANTHROPIC_API_KEY": "sk-ant-test"}) as stage:
        for model, persona, sentence in (
            ("claude-old", "", "Anthropic no longer offers claude-old. ^l chooses another model."),
            ("claude-sonnet-5-5", "nobody", "There is no persona nobody"),
        ):
            talk = stage.program.store.import_({**imported("anthropic", model), "title": model})
            choices = {"provider.name": "anthropic", "provider.model": model, "provider.persona": persona}
            stage.program.conversation_settings.choose(talk.id, choices)
            await stage.screen.library.open(talk.id)
            await stage.until(lambda wanted: wanted in in_one_line(stage), sentence)


async def test_an_address_that_the_settings_no_longer_name_is_said_and_another_model_helps(
    opened: Opener, server: DemoServer
) -> None:
    async with opened(notices=True, size=(120, 40), provider__name="openai", provider__model="gpt") as stage:
        data = imported("demo", "demo-fast")
        settings = {"provider.name": "demo", "provider.model": "demo-fast", "provider.base_url": "http://gpu.office/v1"}
        talk = stage.program.store.import_({**data, "settings": settings})
        stage.program.conversation_settings.choose(talk.id, settings)
        await stage.screen.library.open(talk.id)
        await stage.until(lambda: "at http://gpu.office/v1; the settings now have" in in_one_line(stage))
        assert "^l chooses another" in stage.shown
        await stage.send("Well?")
        await stage.until(lambda: "Nothing was sent." in in_one_line(stage) and stage.composer.text == "Well?")
        assert server.log.replies == ()
        screen = await picker(stage)
        await stage.pilot.press(*"demo-fast")
        await stage.until(lambda: found(screen) == ["demo/demo-fast"])
        await stage.pilot.press("enter")
        await stage.until(lambda: stage.app.screen is stage.screen)
        assert stage.screen.session.parts.provider.refusal == ""
        assert stage.composer.text == "Well?"


async def test_a_deprecated_model_of_its_own_is_said_once_when_the_conversation_is_opened(
    opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    sdk, table = Future[object](), {"claude-going": "November 30th, 2126"}
    sdk.set_running_or_notify_cancel()
    monkeypatch.setattr(RequestFactory, "preload", lambda _: sdk)
    monkeypatch.setattr("tui_chat.providers.anthropic_retirement.vendor_table", lambda: table if sdk.done() else {})
    said = "The model claude-going is deprecated and retires on 2126-11-30. ^l chooses another model."
    async with opened(notices=True, size=(120, 40), environ={"ANTHROPIC_API_KEY": "sk-ant-test"}) as stage:
        talk = stage.program.store.import_(imported("anthropic", "claude-going"))
        choices = {"provider.name": "anthropic", "provider.model": "claude-going"}
        stage.program.conversation_settings.choose(talk.id, choices)
        await stage.screen.library.open(talk.id)
        await stage.pilot.pause()
        assert notices(stage) == [], "its provider's SDK is not loaded yet, and alone knows"
        sdk.set_result(None)
        await stage.until(lambda: notices(stage) == [said])
        stage.screen.session.retitle("Another title")
        await stage.pilot.pause()
        assert notices(stage) == [said]
        await stage.pilot.press("ctrl+n")
        await stage.screen.library.open(talk.id)
        await stage.until(lambda: notices(stage) == [said, said])


async def test_it_is_said_of_the_conversation_that_the_app_begins_with(
    opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = {"claude-going": "November 30th, 2126"}
    monkeypatch.setattr("tui_chat.providers.anthropic_retirement.vendor_table", lambda: table)

    def stored(program: Program) -> Conversation:
        talk = program.store.import_(imported("anthropic", "claude-going"))
        program.conversation_settings.choose(talk.id, {"provider.name": "anthropic", "provider.model": "claude-going"})
        return talk

    async with opened(stored=stored, notices=True, environ={"ANTHROPIC_API_KEY": "sk-ant-test"}) as stage:
        await stage.until(lambda: any("claude-going is deprecated" in said for said in notices(stage)))


async def test_a_deprecated_default_is_not_said_of_each_conversation_that_has_it_too(
    opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = {"claude-going": "November 30th, 2126"}
    monkeypatch.setattr("tui_chat.providers.anthropic_retirement.vendor_table", lambda: table)
    chosen = {"provider__name": "anthropic", "provider__base_url": "", "provider__model": "claude-going"}
    async with opened(**chosen, notices=True, size=(120, 40), environ={"ANTHROPIC_API_KEY": "sk-ant-test"}) as stage:
        talk = stage.program.store.import_(imported("anthropic", "claude-going"))
        stage.program.conversation_settings.choose(talk.id, {"provider.temperature": 0.5})
        await stage.screen.library.open(talk.id)
        await stage.pilot.pause()
        assert [sentence for sentence in notices(stage) if "deprecated" in sentence] == [
            "The model claude-going is deprecated and retires on 2126-11-30. Choose another one."
        ]


async def test_the_title_row_keeps_room_for_the_title(opened: Opener) -> None:
    async with opened(size=(30, 10)) as stage:
        stage.screen.session.choose(FAST)
        await stage.pilot.pause()
        assert "tui-chat   New conv" in stage.shown.splitlines()[0]
