"""`tui-chat local`, and the offer to fetch the model."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.unit.cli.conftest import Runner
from tui_chat.cli import local
from tui_chat.cli.output import Complaint
from tui_chat.local import SMOLLM2, Weights
from tui_chat.program.wiring import Flags, Program

CONTENT = "weights"


@pytest.fixture(autouse=True)
def small_weights(monkeypatch: pytest.MonkeyPatch) -> Weights:
    """Weights that need no fetching, and an engine that is there."""

    def install(weights: Weights, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        weights.path(folder).write_text(CONTENT)

    small = replace(SMOLLM2, size=len(CONTENT))
    monkeypatch.setattr(Weights, "install", install)
    monkeypatch.setattr("tui_chat.cli.local.SMOLLM2", small)
    monkeypatch.setattr("tui_chat.local.server.ENGINE", "json")
    return small


def test_the_model_is_fetched_told_of_and_deleted(command: Runner, tmp_path: Path) -> None:
    file = str(tmp_path / "data" / "models" / "SmolLM2-135M-Instruct.Q4_1.gguf")
    before = command("local", "status")
    assert before.status == 1
    assert "not here: `tui-chat local install` fetches it" in before.out
    installed = command("local", "install")
    assert (installed.status, installed.out) == (0, "")
    assert file in installed.err
    there = command("local", "status")
    assert there.status == 0
    assert file in there.out
    assert "Deleted" in command("local", "remove").err
    assert "Nothing to delete" in command("local", "remove").err


def test_what_is_missing_to_run_it_is_said(command: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui_chat.local.server.ENGINE", "no_such_engine")
    for name in ("install", "status"):
        done = command("local", name)
        assert done.status == 1
        assert "pip install no_such_engine" in done.out + done.err


@pytest.fixture
def opened(tmp_path: Path) -> Callable[..., Program]:
    def open_program(name: str = "local", **more: str) -> Program:
        settings = {"provider.name": name, **{key.replace("__", "."): value for key, value in more.items()}}
        environ = {"TUI_CHAT_DATA_DIR": str(tmp_path)}
        return Program.open(Flags(settings, tmp_path / "config.toml", save=False), environ, pytest.fail)

    return open_program


def test_the_app_offers_to_fetch_a_model_that_it_needs(
    opened: Callable[..., Program], monkeypatch: pytest.MonkeyPatch, small_weights: Weights, tmp_path: Path
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("n\ny\n"))
    for program in (opened("demo"), opened(provider__base_url="http://127.0.0.1:1"), opened(local__model_path="/x")):
        local.offer(program)  # none of these needs it
    with pytest.raises(Complaint, match="--demo needs none"):
        local.offer(opened())
    assert not small_weights.installed(tmp_path / "models")
    for _ in range(2):  # the second time there is nothing to ask
        local.offer(opened())
        assert small_weights.installed(tmp_path / "models")
