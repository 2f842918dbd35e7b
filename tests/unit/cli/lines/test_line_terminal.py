"""Lines that are typed."""

from __future__ import annotations

import os
import pty
import sys
from collections.abc import Iterator

import pytest

from tui_chat.cli.lines.line_terminal import Interrupted, LineTerminal


@pytest.fixture(autouse=True)
def terminal(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    ours, theirs = pty.openpty()
    with os.fdopen(theirs) as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)
        yield
    os.close(ours)


def test_ctrl_c_at_the_moment_in_which_a_draft_is_noted_is_ctrl_c(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_question: str) -> str:
        raise SystemError("returned a result with an exception set") from KeyboardInterrupt()

    monkeypatch.setattr("builtins.input", interrupted)
    with pytest.raises(Interrupted):
        LineTerminal().ask("You: ", typed=lambda _: None)


def test_another_fault_of_the_interpreter_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(_question: str) -> str:
        raise SystemError

    monkeypatch.setattr("builtins.input", failing)
    with pytest.raises(SystemError):
        LineTerminal().ask("You: ")


def test_only_a_terminal_that_may_have_a_clipboard_is_sent_a_text_for_it(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TERM", "linux")
    assert not LineTerminal().fill_clipboard("text")
    assert capfd.readouterr().out == ""
    monkeypatch.setenv("TERM", "xterm-256color")
    assert LineTerminal().fill_clipboard("text")
    assert capfd.readouterr().out == "\x1b]52;c;dGV4dA==\a"
