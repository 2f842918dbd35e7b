"""The settings as they hold now: a persona's own, and what is chosen over them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tui_chat.program.current_settings import CurrentSettings
from tui_chat.settings import Origin, SettingsFile


@pytest.fixture
def settings(tmp_path: Path) -> CurrentSettings:
    """Settings with a persona in the file."""
    (tmp_path / "personas").mkdir()
    (tmp_path / "personas" / "poet.md").write_text("---\nmodel: p\ntemperature: 1.5\n---\nYou are a poet.\n")
    (tmp_path / "personas" / "cook.md").write_text("---\nmodel: c\n---\nYou are a cook.\n")
    (tmp_path / "config.toml").write_text('[provider]\nmodel = "f"\npersona = "poet"\n')
    return CurrentSettings(SettingsFile(tmp_path / "config.toml"), {}, {})


def test_what_a_persona_says_holds_while_it_is_chosen(settings: CurrentSettings) -> None:
    assert (settings.now.provider.model, settings.now.provider.temperature) == ("p", 1.5)
    assert settings.resolved.origin("provider.model") is Origin.PERSONA
    settings.set("provider.persona", "cook")
    assert (settings.now.provider.model, settings.now.provider.temperature) == ("c", None)
    settings.set("provider.persona", "")
    assert settings.now.provider.model == "f"


def test_what_is_chosen_holds_over_the_persona_until_another_is_chosen(settings: CurrentSettings) -> None:
    settings.set("provider.model", "mine")
    assert (settings.now.provider.model, settings.now.provider.temperature) == ("mine", 1.5)
    settings.set("provider.model", None)
    assert settings.now.provider.model == "p"
    settings.set("provider.model", "mine")
    settings.set("provider.persona", "cook")
    assert settings.now.provider.model == "c"


def test_a_persona_that_is_edited_or_goes_is_noticed(settings: CurrentSettings, tmp_path: Path) -> None:
    assert not settings.changed()
    file = tmp_path / "personas" / "poet.md"
    file.write_text("---\nmodel: another\n---\nYou are a poet.\n")
    assert settings.changed()
    settings.reload()
    assert settings.now.provider.model == "another"
    assert not settings.changed()
    file.unlink()
    assert settings.changed()
    settings.reload()
    assert settings.now.provider.model == "f"
