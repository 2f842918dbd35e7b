"""A key goes where the user has said, and nowhere else unasked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from tui_chat.program.destinations import KeyWouldGoElsewhere
from tui_chat.program.wiring import Flags, Program

KEYS = {"ANTHROPIC_API_KEY": "a", "OPENAI_API_KEY": "o"}
GATEWAY, OTHER = "http://127.0.0.1:8", "http://127.0.0.1:9"


@contextmanager
def _opened(folder: Path, environ: Mapping[str, str] = KEYS, file: str = "") -> Iterator[Program]:
    (folder / "config.toml").write_text(file)
    flags = Flags(config_file=folder / "config.toml", data_folder=folder, save=False)
    program = Program.open(flags, environ, pytest.fail)
    yield program
    program.close()


def _asks(change: str, value: str | None, program: Program) -> str:
    before = program.settings.provider
    with pytest.raises(KeyWouldGoElsewhere) as asked:
        program.set(change, value)
    assert program.settings.provider == before
    return str(asked.value)


def test_another_address_is_asked_about_and_one_that_was_chosen_is_not(tmp_path: Path) -> None:
    with _opened(tmp_path, file=f'[provider]\nbase_url = "{GATEWAY}"\n') as program:
        assert OTHER in _asks("provider.base_url", OTHER, program)
        program.set("provider.base_url", OTHER, key_may_go=True)
        program.set("provider.base_url", GATEWAY)
        assert "Anthropic's own address" in _asks("provider.base_url", None, program)


def test_without_a_key_there_is_nothing_to_ask(tmp_path: Path) -> None:
    with _opened(tmp_path, environ={}) as program:
        program.set("provider.base_url", OTHER)
        program.set("provider.name", "openai")


def test_another_providers_key_does_not_go_to_the_address_of_this_one(tmp_path: Path) -> None:
    with _opened(tmp_path, file=f'[provider]\nbase_url = "{GATEWAY}"\n') as program:
        assert "OpenAI" in _asks("provider.name", "openai", program)
    with _opened(tmp_path) as program:
        program.set("provider.name", "openai")  # goes to its own address


def test_an_address_of_the_environment_is_chosen(tmp_path: Path) -> None:
    with _opened(tmp_path, environ={**KEYS, "OPENAI_BASE_URL": OTHER}) as program:
        program.set("provider.name", "openai")
        assert program.settings.provider.base_url == OTHER


def test_going_back_to_all_defaults_is_asked_about(tmp_path: Path) -> None:
    with _opened(tmp_path, file=f'[provider]\nbase_url = "{GATEWAY}"\n') as program:
        with pytest.raises(KeyWouldGoElsewhere):
            program.reset_all()
        assert program.settings.provider.base_url == GATEWAY
        program.reset_all(key_may_go=True)
        assert program.settings.provider.base_url == ""


def test_what_the_file_says_while_the_program_runs_is_the_users_wish(tmp_path: Path) -> None:
    with _opened(tmp_path) as program:
        program.settings_file.path.write_text(f'[provider]\nbase_url = "{GATEWAY}"\n')
        program.reload()
        program.set("provider.base_url", GATEWAY)
