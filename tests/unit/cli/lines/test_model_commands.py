"""Who replies, and how: keys that are not shown, the model on this machine, what holds in one conversation."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Event

import pytest

from tests.keyrings import FILE, FileKeyring
from tests.unit.cli.lines.conftest import Chat, Opener
from tui_chat.local import SMOLLM2, LocalProblem, Weights
from tui_chat.program.api_keys import KeyringUse, KeySource
from tui_chat.program.key_check import KeyRefused
from tui_chat.program.system_keyring import write_key
from tui_chat.program.wiring import Program

KEY = "sk-ant-pasted"


def test_a_key_is_checked_used_and_never_shown(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    async def check(_program: Program, _provider: str, key: str) -> str:
        if key != KEY:
            raise KeyRefused("Anthropic rejected the key.")
        return ""

    monkeypatch.setattr("tui_chat.cli.lines.model_commands.check_key", check)
    chat.terminal.hidden.extend(["wrong", f" {KEY}\n", ""])
    assert chat.type("/enter_key anthropic")[-1] == "Anthropic rejected the key."
    lines = chat.type("/key", "1")
    assert lines[-1].startswith("Anthropic accepted the key.")
    assert chat.program.keys.of("anthropic") == KEY
    assert chat.type("/enter_key anthropic")[-1] == "That is empty: nothing is changed."
    assert KEY not in "".join(lines)


def test_the_small_model_is_fetched_if_that_is_wanted(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = [False]

    def install(
        self: Weights, folder: Path, on_progress: Callable[[int], None] | None = None, given_up: Event | None = None
    ) -> None:
        assert on_progress is not None
        if not wanted[0]:
            raise LocalProblem("There is no network.")
        for share in range(11):
            on_progress(self.size * share // 10)

    monkeypatch.setattr("tui_chat.cli.lines.model_commands.engine_problem", lambda: None)
    monkeypatch.setattr(Weights, "install", install)
    assert chat.type("/use_local_model", "")[-1] == "Cancelled."
    lines = chat.type("/use_local", "y")
    assert SMOLLM2.title in lines[0]
    assert lines[-1] == "There is no network."
    wanted[0] = True
    lines = chat.type("/use_local", "y")
    assert [line for line in lines if line.endswith("is here.")] == ["30% is here.", "60% is here.", "90% is here."]
    assert lines[-1] == "Replies now come from a model on this machine."


def test_what_holds_in_one_conversation_is_chosen_and_forgotten(chat: Chat) -> None:
    assert chat.type("/temperature 0.5") == ["Temperature 0.5 in this conversation."]
    assert "is not" in chat.type("/temperature hot")[0]
    assert chat.type("/use_defaults") == ["This conversation goes by the settings again."]
    assert chat.type("/use_defaults") == ["This conversation goes by the settings already."]
    chat.type("/choose_model demo-fast")
    assert chat.type("/make_default")[-1] == "New conversations ask demo-fast."


def test_a_key_in_the_keyring_is_found_before_the_first_prompt(
    opened: Opener, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(FILE, str(tmp_path / "keyring.json"))
    monkeypatch.setattr("keyring.core._keyring_backend", FileKeyring())
    write_key("anthropic", KEY).result()
    chat = opened(provider__name="anthropic")
    chat.program.keys.use = KeyringUse.IN_BACKGROUND
    chat.begin()
    assert chat.program.keys.source("anthropic") is KeySource.KEYRING
