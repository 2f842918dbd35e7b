"""The folders of the files, and system prompts that have a name."""

from __future__ import annotations

from pathlib import Path

import pytest

from tui_chat.settings import Provider, SettingsError, cache_dir, config_dir, data_dir, state_dir, system_prompt
from tui_chat.settings.personas import personas


def test_the_environment_chooses_the_folders(tmp_path: Path) -> None:
    environ = {"TUI_CHAT_CONFIG_DIR": str(tmp_path / "c"), "TUI_CHAT_DATA_DIR": str(tmp_path / "d")}
    assert config_dir(environ) == tmp_path / "c"
    assert data_dir(environ) == tmp_path / "d"
    assert {state_dir(environ).parent, cache_dir(environ).parent} == {tmp_path / "d"}
    assert state_dir(environ) != cache_dir(environ)


def test_without_a_word_the_folders_are_the_users_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    for folder in (config_dir({}), data_dir({}), state_dir({}), cache_dir({})):
        assert folder.is_relative_to(tmp_path)
        assert folder.name == "tui-chat"
        assert not folder.exists()


def test_a_tilde_is_the_home_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert config_dir({"TUI_CHAT_CONFIG_DIR": "~/chat"}) == tmp_path / "chat"


def test_a_persona_takes_the_place_of_the_system_prompt(tmp_path: Path) -> None:
    (tmp_path / "personas").mkdir()
    (tmp_path / "personas" / "reviewer.md").write_text("\nYou review code.\n")
    assert system_prompt(Provider(system="Be brief."), tmp_path) == "Be brief."
    assert system_prompt(Provider(system="Be brief.", persona="reviewer"), tmp_path) == "You review code."
    assert personas(tmp_path) == ("reviewer",)


def test_a_persona_that_is_not_there_is_named_with_the_nearest_one(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"There is no persona poet; its text belongs in .*poet\.md\."):
        system_prompt(Provider(persona="poet"), tmp_path)
    (tmp_path / "personas").mkdir()
    (tmp_path / "personas" / "poet.md").write_bytes(b"\xff\xfe")
    with pytest.raises(SettingsError, match=r"did you mean poet\?"):
        system_prompt(Provider(persona="poett"), tmp_path)
    with pytest.raises(SettingsError, match="is not UTF-8 text"):
        system_prompt(Provider(persona="poet"), tmp_path)
