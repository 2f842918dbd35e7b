"""Options become settings and folders."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.cli.conftest import Runner
from tui_chat.cli.main import build_parser
from tui_chat.cli.options import environment, setting_flags, settings_file
from tui_chat.cli.output import Complaint
from tui_chat.settings import Value, data_dir, state_dir


@pytest.mark.parametrize(
    ("words", "flags"),
    [
        ([], {}),
        (["--demo"], {"provider.name": "demo"}),
        (["--provider", "openai", "--model", "m"], {"provider.name": "openai", "provider.model": "m"}),
        (["--batch"], {"streaming.mode": "batch"}),
        (["--persona", "pirate"], {"provider.persona": "pirate"}),
        (["--system", "Be brief."], {"provider.system": "Be brief.", "provider.persona": ""}),
        (["--system", "s", "--persona", "p"], {"provider.system": "s", "provider.persona": "p"}),
    ],
)
def test_options_stand_for_settings(words: list[str], flags: dict[str, Value]) -> None:
    assert setting_flags(build_parser().parse_args(words)) == flags


def test_a_value_that_is_not_allowed_is_said_of_the_option() -> None:
    with pytest.raises(Complaint, match="--base-url") as refused:
        setting_flags(build_parser().parse_args(["--base-url", "nowhere"]))
    assert refused.value.status == 2


def test_a_settings_file_that_is_not_there_is_said_to_be_so(command: Runner, tmp_path: Path) -> None:
    done = command("models", "--demo", "--config", str(tmp_path / "mine.toml"))
    assert done.status == 0
    assert f"There is no settings file {tmp_path / 'mine.toml'}; the defaults are used." in done.err


def test_folders_of_the_command_line_win_over_those_of_the_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TUI_CHAT_DATA_DIR", "/elsewhere")
    args = build_parser().parse_args(["--data-dir", str(tmp_path), "--config", "mine.toml"])
    assert data_dir(environment(args)) == tmp_path
    assert state_dir(environment(args)).is_relative_to(tmp_path)
    assert settings_file(args) == Path("mine.toml")
