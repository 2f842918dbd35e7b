"""The end of a command, whatever happens in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.cli.conftest import Runner


def _let_config_path_raise(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    def raise_it(_: object) -> None:
        raise error

    monkeypatch.setattr("tui_chat.cli.config.put", raise_it)


def test_a_fault_of_the_program_is_a_sentence_and_a_log_without_what_was_said(
    command: Runner, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    _let_config_path_raise(monkeypatch, ZeroDivisionError("sk-ant-secret"))
    done = command("config", "path")
    log = tmp_path / "data" / "state" / "tui-chat.log"
    assert (done.status, done.out) == (1, "")
    assert done.err == f"tui-chat: This is a fault of tui-chat itself (ZeroDivisionError); the details are in {log}.\n"
    assert "in _path" in log.read_text()
    assert "secret" not in log.read_text()


@pytest.mark.parametrize(("error", "status"), [(KeyboardInterrupt(), 130), (BrokenPipeError(), 0)])
def test_an_interruption_and_a_closed_pipe_end_it_quietly(
    command: Runner, monkeypatch: pytest.MonkeyPatch, error: BaseException, status: int
) -> None:
    _let_config_path_raise(monkeypatch, error)
    assert command("config", "path") == (status, "", "")
