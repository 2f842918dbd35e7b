"""A key goes where the user has said, and nowhere else unasked."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from tui_chat.program.current_settings import CurrentSettings
from tui_chat.program.destinations import KeyWouldGoElsewhere
from tui_chat.settings import SettingsFile

KEYS = {"ANTHROPIC_API_KEY": "a", "OPENAI_API_KEY": "o"}
GATEWAY, OTHER = "http://127.0.0.1:8", "http://127.0.0.1:9"


def _settings(folder: Path, environ: Mapping[str, str] = KEYS, file: str = "") -> CurrentSettings:
    (folder / "config.toml").write_text(file)
    return CurrentSettings(SettingsFile(folder / "config.toml"), environ, flags={})


def _asks(change: str, value: str | None, settings: CurrentSettings) -> str:
    before = settings.now.provider
    with pytest.raises(KeyWouldGoElsewhere) as asked:
        settings.set(change, value)
    assert settings.now.provider == before
    return str(asked.value)


def test_another_address_is_asked_about_and_one_that_was_chosen_is_not(tmp_path: Path) -> None:
    settings = _settings(tmp_path, file=f'[provider]\nbase_url = "{GATEWAY}"\n')
    assert OTHER in _asks("provider.base_url", OTHER, settings)
    settings.set("provider.base_url", OTHER, key_may_go=True)
    settings.set("provider.base_url", GATEWAY)
    assert "Anthropic's own address" in _asks("provider.base_url", None, settings)


def test_without_a_key_there_is_nothing_to_ask(tmp_path: Path) -> None:
    settings = _settings(tmp_path, environ={})
    settings.set("provider.base_url", OTHER)
    settings.set("provider.name", "openai")


def test_another_providers_key_does_not_go_to_the_address_of_this_one(tmp_path: Path) -> None:
    settings = _settings(tmp_path, file=f'[provider]\nbase_url = "{GATEWAY}"\n')
    assert "OpenAI" in _asks("provider.name", "openai", settings)
    settings = _settings(tmp_path)
    settings.set("provider.name", "openai")  # goes to its own address


def test_an_address_of_the_environment_is_chosen(tmp_path: Path) -> None:
    settings = _settings(tmp_path, environ={**KEYS, "OPENAI_BASE_URL": OTHER})
    settings.set("provider.name", "openai")
    assert settings.now.provider.base_url == OTHER


def test_going_back_to_all_defaults_is_asked_about(tmp_path: Path) -> None:
    settings = _settings(tmp_path, file=f'[provider]\nbase_url = "{GATEWAY}"\n')
    with pytest.raises(KeyWouldGoElsewhere):
        settings.reset_all()
    assert settings.now.provider.base_url == GATEWAY
    settings.reset_all(key_may_go=True)
    assert settings.now.provider.base_url == ""


def test_what_the_file_says_while_the_program_runs_is_the_users_wish(tmp_path: Path) -> None:
    settings = _settings(tmp_path)
    settings.file.path.write_text(f'[provider]\nbase_url = "{GATEWAY}"\n')
    settings.reload()
    settings.set("provider.base_url", GATEWAY)
