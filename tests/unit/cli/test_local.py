"""`tui-chat local`, and what the app needs to run a local model."""

from __future__ import annotations

from contextlib import nullcontext
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


@pytest.mark.parametrize(
    ("settings", "needed"),
    [
        ({"provider.name": "demo"}, False),
        ({"provider.name": "local", "local.model_path": "/x"}, False),
        ({"provider.name": "local"}, True),
    ],
)
def test_the_app_is_not_opened_for_a_model_that_cannot_be_run(
    settings: dict[str, str], needed: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = Program.open(Flags(settings, tmp_path / "config.toml", save=False), {}, pytest.fail)
    local.require_engine(program)
    monkeypatch.setattr("tui_chat.local.server.ENGINE", "no_such_engine")
    with pytest.raises(Complaint, match="pip install no_such_engine") if needed else nullcontext():
        local.require_engine(program)
    program.close()
