"""The screen's output."""

from __future__ import annotations

import io
import sys

import pytest
from textual.app import App

from tui_chat.ui.textual_internals.driver import TerminalDriver


class Written(io.StringIO):
    """Remembers what was written, and is a terminal or is none."""

    def __init__(self, *, terminal: bool) -> None:
        super().__init__()
        self._terminal = terminal

    def isatty(self) -> bool:
        return self._terminal


@pytest.mark.parametrize("errors_in_a_file", [True, False])
async def test_the_screen_is_the_terminals_where_errors_go_to_a_file(
    errors_in_a_file: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    errors, output = Written(terminal=not errors_in_a_file), Written(terminal=True)
    monkeypatch.setattr(sys, "__stderr__", errors)
    monkeypatch.setattr(sys, "__stdout__", output)
    driver = TerminalDriver(App[None]())
    driver._output.write("\x1b[1;1Hhello")
    assert "hello" in (output if errors_in_a_file else errors).getvalue()
    assert "hello" not in (errors if errors_in_a_file else output).getvalue()
