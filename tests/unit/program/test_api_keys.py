"""Where a key comes from: the environment, this run, the system's keyring."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future
from importlib import import_module
from pathlib import Path

import keyring
import pytest

from tests.keyrings import FILE, FileKeyring, LeakyKeyring
from tui_chat.program import api_keys, system_keyring
from tui_chat.program.api_keys import ApiKeys, KeyringUse, KeySource, account, accounts
from tui_chat.program.key_check import KeyRefused, cleaned_key
from tui_chat.program.system_keyring import KeyringProblem

KEY = "sk-ant-of-the-keyring"


@pytest.fixture(autouse=True)
def kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> FileKeyring:
    """A keyring of the test's own."""
    monkeypatch.setenv(FILE, str(tmp_path / "keyring.json"))
    backend = FileKeyring()
    monkeypatch.setattr(keyring.core, "_keyring_backend", backend)
    return backend


def _keys(environ: Mapping[str, str] | None = None, use: KeyringUse = KeyringUse.WAITING) -> ApiKeys:
    keys = ApiKeys(environ or {})
    keys.use = use
    return keys


def test_providers_with_the_same_key_share_it() -> None:
    assert dict(accounts()) == {"anthropic": "ANTHROPIC_API_KEY", "openai": "OPENAI_API_KEY"}
    assert account("simulated") == "anthropic"
    assert account("demo") == account("no such") == ""


def test_a_key_is_kept_read_and_removed() -> None:
    _keys().keep("simulated", KEY)
    later = _keys()
    assert later.of("anthropic") == later.of("simulated") == KEY
    assert later.of("openai") == later.of("demo") == ""
    assert later.source("anthropic") is KeySource.KEYRING
    assert later.remove("anthropic")
    assert not later.remove("anthropic")
    assert later.source("anthropic") is KeySource.NONE


def test_the_environment_wins_over_a_pasted_key_and_that_over_the_keyring() -> None:
    _keys().keep("anthropic", KEY)
    keys = _keys({"OPENAI_API_KEY": "of the environment"})
    keys.hold("anthropic", "pasted")
    keys.hold("openai", "pasted")
    assert (keys.of("anthropic"), keys.source("anthropic")) == ("pasted", KeySource.HELD)
    assert (keys.of("openai"), keys.source("openai")) == ("of the environment", KeySource.ENVIRONMENT)


def test_nothing_is_read_unless_it_is_wanted(kept: FileKeyring, monkeypatch: pytest.MonkeyPatch) -> None:
    _keys().keep("anthropic", KEY)
    monkeypatch.setattr(kept, "get_password", lambda *_: pytest.fail("the keyring is opened"))
    assert _keys(use=KeyringUse.NEVER).of("anthropic") == ""
    in_background = _keys(use=KeyringUse.IN_BACKGROUND)
    assert in_background.of("anthropic") == ""
    assert in_background.is_pending("anthropic")
    assert not _keys({"ANTHROPIC_API_KEY": "x"}, KeyringUse.IN_BACKGROUND).is_pending("anthropic")
    assert _keys({"ANTHROPIC_API_KEY": "x"}).of("anthropic") == "x"


def test_a_key_is_pending_until_the_keyring_has_answered() -> None:
    _keys().keep("anthropic", KEY)
    keys = _keys(use=KeyringUse.IN_BACKGROUND)
    keys.begin().result()
    assert not keys.is_pending("anthropic")
    assert keys.of("anthropic") == keys.wait("anthropic") == KEY


def test_a_keyring_that_hangs_has_its_time_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api_keys, "READ_S", 0.0)
    keys = _keys(use=KeyringUse.IN_BACKGROUND)
    stuck: Future[Mapping[str, str]] = Future()
    monkeypatch.setattr(system_keyring, "read_keys", lambda _: stuck)
    keys.begin()
    assert not keys.is_pending("anthropic")
    assert keys.wait("anthropic") == ""
    assert keys.keyring_problem() == "The system's keyring does not answer."
    stuck.set_result({"anthropic": KEY})  # it was locked, say
    assert keys.of("anthropic") == KEY


def test_a_backend_that_fails_is_a_sentence_without_the_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyring.core, "_keyring_backend", LeakyKeyring())
    with pytest.raises(KeyringProblem) as failed:
        _keys().keep("anthropic", KEY)
    assert str(failed.value) == "The system's keyring cannot be used (OSError)."
    assert failed.value.__cause__ is None


@pytest.mark.parametrize("name", ["null", "fail"])
def test_a_backend_that_keeps_nothing_is_none(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    module = import_module(f"keyring.backends.{name}")
    monkeypatch.setattr(keyring.core, "_keyring_backend", module.Keyring())
    with pytest.raises(KeyringProblem, match="no keyring that can be used"):
        _keys().keep("anthropic", KEY)
    assert _keys().of("anthropic") == ""


def test_without_the_package_it_is_said_how_to_have_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system_keyring, "PACKAGE", "no_such_package")
    keys = _keys()
    assert keys.of("anthropic") == ""
    assert "pip install no_such_package" in keys.keyring_problem()
    with pytest.raises(KeyringProblem, match="needs the package"):
        keys.keep("anthropic", KEY)


@pytest.mark.parametrize("text", [KEY, f"{KEY}\n", f"\t {KEY}\r\n"])
def test_blanks_and_line_ends_around_a_key_are_none_of_it(text: str) -> None:
    assert cleaned_key("anthropic", text) == KEY


@pytest.mark.parametrize("text", ["", " \n", "two words", "two\nlines", "ключ", "x" * 1001])
def test_what_cannot_be_a_key_is_refused(text: str) -> None:
    with pytest.raises(KeyRefused) as refused:
        cleaned_key("anthropic", text)
    assert not text.strip() or text not in str(refused.value)
