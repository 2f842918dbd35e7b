"""The first minute in a real terminal: a key of the keyring, none, and a keyring that hangs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.e2e.forking import FIRST
from tests.e2e.terminal import Terminal
from tests.e2e.warm import WarmProgram
from tests.keyrings import FILE, FileKeyring, HangingKeyring, backend

KEY = "sk-ant-of-the-keyring-0123456789"


@pytest.fixture
def environment(environment: Mapping[str, str], tmp_path: Path) -> Mapping[str, str]:
    """No key and no address of a provider's, and a keyring of the test's own."""
    return {
        **{name: value for name, value in environment.items() if not name.startswith("ANTHROPIC")},
        "PYTHON_KEYRING_BACKEND": backend(FileKeyring),
        FILE: str(tmp_path / "keyring.json"),
    }


def test_without_a_key_the_demo_replies_and_three_ways_are_offered(
    environment: Mapping[str, str], warm: WarmProgram
) -> None:
    with Terminal(["--prompt", "hello"], environment, warm) as terminal:
        terminal.wait_for("demo")
        terminal.wait_for(lambda screen: "hello" in screen and "Ready" in screen and "You are talking" in screen)
        terminal.send("\x0e")
        for words in ("Paste an API key", "Use a small local model", "Try the demo"):
            terminal.wait_for(words)


def test_a_key_of_the_keyring_is_found_and_never_shown(
    environment: Mapping[str, str], warm: WarmProgram, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(FILE, environment[FILE])
    FileKeyring().set_password("tui-chat", "anthropic", KEY)
    with Terminal([], environment, warm) as terminal:
        terminal.wait_for(lambda screen: "Ready" in screen and "claude-" in screen)
        assert "demo mode" not in terminal.text
        assert KEY.encode() not in terminal.raw


def test_a_keyring_that_hangs_holds_up_neither_the_screen_nor_the_end(
    environment: Mapping[str, str], warm: WarmProgram
) -> None:
    quickly = "from tui_chat.program import api_keys; api_keys.READ_S = 1.0"
    hanging = {**environment, "PYTHON_KEYRING_BACKEND": backend(HangingKeyring), FIRST: quickly}
    with Terminal([], hanging, warm) as terminal:
        terminal.wait_for("Ready")
        terminal.send("typed meanwhile")
        terminal.wait_for("typed meanwhile")
        terminal.wait_for("demo mode")
        terminal.send("\x11")
        assert terminal.exit_code() == 0


def test_a_pasted_key_is_masked_and_used(environment: Mapping[str, str], warm: WarmProgram, tmp_path: Path) -> None:
    accepts = "import tui_chat.program.key_check as check\nasync def takes(*_): return ''\ncheck.check_key = takes"
    with Terminal([], {**environment, FIRST: accepts}, warm) as terminal:
        terminal.wait_for("demo mode")
        terminal.send("\x1b[1;2Q")
        terminal.wait_for("Paste the key here")
        terminal.send(f"\x1b[200~{KEY}\n\x1b[201~")
        terminal.wait_for("•" * len(KEY))
        terminal.send("\r")
        terminal.wait_for("The key is kept in")
        terminal.wait_for(lambda screen: "demo mode" not in screen and "claude-" in screen)
        assert KEY.encode() not in terminal.raw
        terminal.send("\x11")
        assert terminal.exit_code() == 0
    holders = [path.name for path in tmp_path.rglob("*") if path.is_file() and KEY.encode() in path.read_bytes()]
    assert holders == ["keyring.json"]
