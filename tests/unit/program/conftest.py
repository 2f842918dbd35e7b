"""The program without a face, in a folder of the test's own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tui_chat.program.wiring import Flags, Program
from tui_chat.settings import Value

Opener = Callable[..., Program]

KEYS = {"ANTHROPIC_API_KEY": "sk-ant-test", "OPENAI_API_KEY": "sk-test"}


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Opener]:
    """Opens the program; a second time, it finds what the first has left, and other settings if there are any."""
    programs: list[Program] = []

    def open_program(file: str | None = None, **flags: Value) -> Program:
        if file is not None:
            (tmp_path / "config.toml").write_text(f"[provider]\n{file}\n")
        chosen = {f"provider.{key}": value for key, value in flags.items()}
        where = Flags(chosen, config_file=tmp_path / "config.toml", data_folder=tmp_path / "data")
        programs.append(Program.open(where, KEYS, pytest.fail))
        return programs[-1]

    yield open_program
    for program in programs:
        program.close()
