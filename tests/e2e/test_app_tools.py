"""Tools of an MCP server in a real terminal: asked about, run, shown, stopped, and harmless whatever they say."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from functools import partial
from pathlib import Path

import pytest

from tests import mcp_stub
from tests.control_sequences import foreign_to_a_drawing, foreign_to_the_app
from tests.e2e.terminal import Terminal
from tests.e2e.test_cli_tools import stub, with_servers
from tests.e2e.warm import WarmProgram
from tests.unit.tools.test_servers import is_alive, noted
from tests.waiting import wait_until
from tui_chat.tools import offered_name

SIZE = (110, 40)
SHIFT_F9 = "\x1b[20;2~"
PASTE = "\x1b[200~{}\x1b[201~\r"
ODD = f"odd{mcp_stub.HOSTILE}"
"""The name of a tool that attacks a terminal."""
HOSTILE_TOOLS = ("hostile", "fail-hostile", "die-hostile", ODD)


@pytest.fixture
def tools(environment: Mapping[str, str], tmp_path: Path) -> Mapping[str, str]:
    """The environment of a program that has a server with all of these tools, and a child of its own."""
    with_servers(environment, stub=stub(",".join(("echo", "hang", *HOSTILE_TOOLS)), "child"))
    return {**environment, "STUB_FOLDER": os.fspath(tmp_path)}


def call(terminal: Terminal, tool: str, **arguments: str) -> None:
    """Send a prompt whose reply calls a tool, and wait for the question."""
    terminal.send(PASTE.format(f"/tool {offered_name('stub', tool)} {json.dumps(arguments)}\rGo"))
    terminal.wait_for("wants to run")


def allow(terminal: Terminal) -> None:
    """Go into the bar, and answer that the call may run."""
    terminal.send(SHIFT_F9)
    terminal.wait_for("In this conversation")
    terminal.send("y")


def is_answered(times: int, screen: str) -> bool:
    """True if so many replies have gone on after their calls."""
    return screen.count("The tools answered:") == times


def is_nothing_left(folder: Path) -> bool:
    """True if neither the server nor what it has started is alive."""
    return not any(map(is_alive, noted(folder, "pids")))


def test_a_call_is_allowed_runs_and_is_shown_again_after_a_restart(
    tools: Mapping[str, str], warm: WarmProgram, tmp_path: Path
) -> None:
    with Terminal([], tools, warm, size=SIZE) as terminal:
        terminal.wait_for("Ready")
        assert noted(tmp_path, "pids") == []
        call(terminal, "echo", text="Zebra")
        terminal.send("yes")
        terminal.wait_for("│ yes")
        assert noted(tmp_path, "calls") == []
        terminal.send("\x7f" * 3)
        allow(terminal)
        shown = terminal.wait_for("The tools answered:")
        assert "▸ ⚙ stub:echo" in shown
        assert noted(tmp_path, "calls") == [json.dumps({"text": "Zebra"})]
        terminal.wait_for("Ready")
        terminal.send("\x11")
        assert terminal.exit_code() == 0
    wait_until(lambda: is_nothing_left(tmp_path), "nothing is left of the server")
    with Terminal(["--continue"], tools, warm, size=SIZE) as terminal:
        shown = terminal.wait_for("The tools answered:")
        assert "▸ ⚙ stub:echo" in shown
        assert len(noted(tmp_path, "pids")) == 2


@pytest.mark.parametrize("key", ["\x1b", "\x03"], ids=["esc", "ctrl+c"])
def test_a_call_that_hangs_is_stopped_and_no_orphan_is_left(
    key: str, tools: Mapping[str, str], warm: WarmProgram, tmp_path: Path
) -> None:
    with Terminal([], tools, warm, size=SIZE) as terminal:
        terminal.wait_for("Ready")
        call(terminal, "hang")
        allow(terminal)
        wait_until(lambda: noted(tmp_path, "calls"), "the tool is called")
        terminal.send(key)
        terminal.wait_for("Ready")
        wait_until(lambda: noted(tmp_path, "cancelled"), "the server is told")
        terminal.send("\x11")
        assert terminal.exit_code() == 0
    wait_until(lambda: is_nothing_left(tmp_path), "nothing is left of the server")


def test_quitting_while_a_tool_hangs_leaves_no_orphan(
    tools: Mapping[str, str], warm: WarmProgram, tmp_path: Path
) -> None:
    with Terminal([], tools, warm, size=SIZE) as terminal:
        terminal.wait_for("Ready")
        call(terminal, "hang")
        allow(terminal)
        wait_until(lambda: noted(tmp_path, "calls"), "the tool is called")
        terminal.send("\x11")
        assert terminal.exit_code() == 0
    wait_until(lambda: is_nothing_left(tmp_path), "nothing is left of the server")


def test_nothing_of_a_server_steers_the_terminal(tools: Mapping[str, str], warm: WarmProgram) -> None:
    with Terminal([], tools, warm, size=(110, 120)) as terminal:
        terminal.wait_for("Ready")
        for number, tool in enumerate(HOSTILE_TOOLS, 1):
            call(terminal, tool, text=mcp_stub.HOSTILE)
            allow(terminal)
            terminal.wait_for(partial(is_answered, number))
            terminal.wait_for("Ready")
        terminal.send("\t")
        terminal.wait_for("Choose")
        terminal.send("\r")  # unfolds
        terminal.wait_for("▾ ⚙")
        terminal.send("\x11")
        terminal.exit_code()
        terminal.close()
        assert foreign_to_the_app(bytes(terminal.raw), (110, 120)) == []


@pytest.mark.parametrize("tool", HOSTILE_TOOLS, ids=["result", "failure", "last words", "name"])
def test_nothing_of_a_server_steers_the_terminal_of_ask(tool: str, tools: Mapping[str, str], warm: WarmProgram) -> None:
    order = f"/tool {offered_name('stub', tool)} {json.dumps({'text': mcp_stub.HOSTILE})}\nGo"
    with Terminal(["ask", "--allow-tool", f"stub:{tool}", order], tools, warm, size=SIZE) as terminal:
        assert terminal.exit_code() == 0
        terminal.close()
        assert "The tools answered:" in terminal.text
        assert foreign_to_a_drawing(bytes(terminal.raw)) == []


def test_the_sentence_about_a_server_that_cannot_start_steers_nothing(
    environment: Mapping[str, str], warm: WarmProgram
) -> None:
    with_servers(environment, stub={"command": "sh", "args": ["-c", "printf '\\033]0;forged\\007last words' >&2"]})
    with Terminal([], environment, warm, size=SIZE) as terminal:
        terminal.wait_for("Ready")
        terminal.send("Hello\r")
        terminal.wait_for("last words")
        terminal.send("\x11")
        terminal.exit_code()
        terminal.close()
        assert foreign_to_the_app(bytes(terminal.raw), SIZE) == []
    with Terminal(["ask", "--allow-tool", "stub:echo", "Hello"], environment, warm, size=SIZE) as terminal:
        terminal.exit_code()
        terminal.close()
        assert b"last words" in terminal.raw
        assert foreign_to_a_drawing(bytes(terminal.raw)) == []
