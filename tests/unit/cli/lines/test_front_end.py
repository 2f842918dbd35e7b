"""The app as lines, from its first sentence to its last."""

from __future__ import annotations

import pytest

from tests.unit.cli.lines.conftest import Opener, ScriptedTerminal
from tui_chat.cli.lines import front_end
from tui_chat.cli.lines.front_end import LineFrontEnd


def test_after_a_temporary_conversation_the_others_go_on(opened: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = ScriptedTerminal()
    terminal.answers.extend(["/temporary", "Hello", "/temporary", "2", "/read", "/quit"])
    monkeypatch.setattr(front_end, "LineTerminal", lambda: terminal)
    assert LineFrontEnd(opened().program, ()).run(None, "") == 0
    assert not terminal.answers
    assert terminal.text.splitlines()[-3:] == ["This conversation is empty.", "You: /quit", "Goodbye."]
