"""Vim's keys in a terminal, which sends Esc and a character as it sends a character with Alt."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest

from tests.e2e.command import Command
from tests.e2e.terminal import Terminal
from tests.e2e.warm import WarmProgram
from tests.waiting import PATIENCE_S
from tui_chat.demo import DemoServer

ESC = "\x1b"


@pytest.fixture
def terminal(environment: Mapping[str, str], cli: Command, warm: WarmProgram) -> Iterator[Terminal]:
    """The program with vim's keys, ready for what is typed."""
    assert cli.run("config", "set", "ui.vim", "true").returncode == 0
    with Terminal(["--model", "demo"], environment, warm) as terminal:
        terminal.wait_for("INSERT")
        yield terminal


def test_esc_and_the_command_behind_it_are_two_keys(terminal: Terminal, server: DemoServer) -> None:
    terminal.send("one two three")
    terminal.wait_for("one two three")
    terminal.send(f"{ESC}b")
    terminal.wait_for("NORMAL")
    terminal.send("dbi👍🏽 ")
    terminal.wait_for("INSERT")
    terminal.send(f"{ESC}X")
    terminal.wait_for("NORMAL")
    terminal.send("\r")
    assert server.wait_for(lambda log: len(log.replies) == 1, PATIENCE_S)
    assert "'one  three'" in str(server.log.replies[0].body["messages"])


def test_esc_leaves_insert_mode_first_and_stops_the_reply_after_that(terminal: Terminal) -> None:
    terminal.send("\x1b[200~/fault stall@50xall\nSomething long\x1b[201~\r")
    terminal.wait_for("Streaming     INSERT")
    terminal.send(ESC)
    terminal.wait_for("Streaming     NORMAL")
    terminal.send(ESC)
    terminal.wait_for("Ready         NORMAL")
    terminal.wait_for("stopped")
