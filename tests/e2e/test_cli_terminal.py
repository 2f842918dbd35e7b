"""`tui-chat ask` and its siblings at a terminal: clean text, notices, colours."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest

from tests.control_sequences import foreign_to_a_drawing
from tests.e2e.terminal import Terminal
from tests.e2e.warm import WarmProgram


def test_nothing_that_a_model_writes_acts_on_the_terminal(environment: Mapping[str, str], warm: WarmProgram) -> None:
    with Terminal(["ask", "--model", "demo+hostile", "hello"], environment, warm) as terminal:
        assert terminal.exit_code() == 0
        terminal.wait_for("\ufffd")
        assert foreign_to_a_drawing(bytes(terminal.raw)) == []


def test_a_retry_is_told_to_whoever_watches(environment: Mapping[str, str], warm: WarmProgram) -> None:
    with Terminal(["ask", "--model", "demo+529x1", "hello"], environment, warm) as terminal:
        terminal.wait_for_moment(re.escape("Retrying in 1 s (1/4): provider overloaded. Ctrl+C stops."))
        assert terminal.exit_code() == 0


def test_ctrl_c_at_the_terminal_ends_on_a_line_of_its_own(environment: Mapping[str, str], warm: WarmProgram) -> None:
    with Terminal(["ask", "--model", "demo+stall@20xall", "hello"], environment, warm) as terminal:
        terminal.wait_for("You are talking")
        terminal.send("\x03")
        assert terminal.exit_code() == 130
        terminal.wait_for(lambda screen: "Response cancelled" in screen.splitlines())


@pytest.mark.parametrize(("no_color", "coloured"), [("", True), ("1", False)])
def test_no_color_is_obeyed(environment: Mapping[str, str], warm: WarmProgram, no_color: str, coloured: bool) -> None:
    with Terminal(["doctor"], {**environment, "NO_COLOR": no_color}, warm) as terminal:
        terminal.wait_for("Database")
        assert terminal.exit_code() == 0
        assert (b"\x1b[32m" in terminal.raw) is coloured
