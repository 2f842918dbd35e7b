"""Every fault of the table in the app: what the screen says, what is kept, and that the conversation goes on."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.e2e.faults import (
    ROWS,
    SETTINGS,
    Row,
    check_database,
    check_log,
    check_stored,
    stored_after,
)
from tests.e2e.terminal import Terminal
from tests.e2e.warm import WarmProgram
from tests.waiting import PATIENCE_S
from tui_chat.demo import DemoServer, script_for

PASTE = "\x1b[200~{}\x1b[201~"
AT_REST = "f5 Again"
"""The footer's offer as long as no reply is coming, and there is one."""
RETRY, UP, ESC, CTRL_C = "\x1b[15~", "\x1b[A", "\x1b", "\x03"
Opener = Callable[[str], Terminal]


@pytest.fixture
def opened(environment: Mapping[str, str], tmp_path: Path, warm: WarmProgram) -> Opener:
    """Opens the app with these settings."""

    def open_terminal(settings: str) -> Terminal:
        (tmp_path / "config").mkdir(exist_ok=True)
        (tmp_path / "config" / "config.toml").write_text(settings)
        terminal = Terminal(["--model", "demo"], environment, warm, size=(100, 40))
        terminal.wait_for("Ready")
        return terminal

    return open_terminal


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Return the folder of the conversations."""
    return tmp_path / "data"


@pytest.mark.parametrize("row", [row for row in ROWS if not row.alike], ids=lambda row: row.name)
def test_the_app_lives_through_the_fault_and_says_what_happened(
    row: Row, opened: Opener, server: DemoServer, data: Path
) -> None:
    with opened(row.settings) as terminal:
        _send(terminal, row.prompt)
        if row.meanwhile:
            terminal.wait_for_moment(row.meanwhile)
        reply = stored_after(data, row.prompt)
        check_stored(row, reply)
        shown = terminal.wait_for(_at_rest_with(*row.says))
        assert "<html" not in shown.lower()
        assert ("failed" in shown) == (row.status == "failed")
        assert len(server.log.replies) == row.requests
        assert server.wait_for(lambda log: log.open_connections == 0, PATIENCE_S)
        if row.status == "failed":
            _retry(terminal, asked="Send anyway" if row.kind == "too_large" else "")
        _goes_on(terminal, server, data, f"Thanks for {row.name}", asked="context" in row.fault)
        assert b"Traceback" not in terminal.raw
    check_database(data)
    check_log(data)


PHASES: Mapping[str, str] = {
    "silent": "Waiting",
    "slow-start@60": "Waiting",
    "pings@60": "Waiting",
    "429-seconds@60": "Retrying in",
    "stall@40xall": "Streaming",
    "flood@400000": "Streaming",
}
"""Faults that last, and what the status bar says meanwhile."""


@pytest.mark.parametrize("fault", PHASES)
def test_esc_works_and_typing_is_not_swallowed_while_the_fault_lasts(
    fault: str, opened: Opener, server: DemoServer, data: Path
) -> None:
    prompt = f"/fault {fault}\nStop {fault}"
    with opened(SETTINGS) as terminal:
        _send(terminal, prompt)
        terminal.wait_for(PHASES[fault])
        terminal.send("the next prompt")
        terminal.wait_for(lambda text: PHASES[fault] in text and "the next prompt" in text)
        terminal.send(ESC)
        terminal.wait_for(lambda text: "stopped" in text and AT_REST in text and "the next prompt" in text)
        reply = stored_after(data, prompt)
        assert reply.status.value == "stopped"
        assert script_for(prompt).startswith(reply.text)
        assert server.wait_for(lambda log: log.open_connections == 0, PATIENCE_S)
        assert len(server.log.replies) == 1
        terminal.send(CTRL_C)
        terminal.wait_for(lambda text: "the next prompt" not in text)
        assert b"Traceback" not in terminal.raw


def _send(terminal: Terminal, prompt: str) -> None:
    terminal.send(PASTE.format(prompt))
    terminal.wait_for(prompt.rpartition("\n")[2])
    terminal.send("\r")


def _retry(terminal: Terminal, *, asked: str) -> None:
    """The failed request succeeds when it is made again; whoever was too long is asked first."""
    terminal.send(RETRY)
    if asked:
        terminal.wait_for(asked)
        terminal.send(UP + "\r")
        terminal.wait_for(lambda text: asked not in text)
    terminal.wait_for(lambda text: "failed" not in text and _at_rest_with(" in / ")(text))


def _goes_on(terminal: Terminal, server: DemoServer, data: Path, prompt: str, *, asked: bool) -> None:
    """The next prompt in the same conversation is answered; where the context is full, only what is left of it."""
    terminal.send(f"{prompt}\r")
    if asked:
        terminal.wait_for("Leave out the oldest")
        terminal.send("\r")
    reply = stored_after(data, prompt)
    assert reply.status.value == "complete"
    usage = reply.metadata.usage
    terminal.wait_for(_at_rest_with(f"/ {usage.output_tokens} out"))
    assert server.log.replies[-1].status == 200


def _at_rest_with(*words: str) -> Callable[[str], bool]:
    """Return a check that no reply is coming, and the screen has all of these, wherever it breaks its lines."""
    return lambda text: "● Ready" in text and AT_REST in text and all(expected in _flat(text) for expected in words)


def _flat(text: str) -> str:
    """Return the words of the screen, wherever it breaks its lines."""
    return " ".join(re.sub(r"[│▌]", " ", text).split())
