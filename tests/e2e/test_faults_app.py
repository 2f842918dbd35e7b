"""Every fault of the table in the app: what the screen says, what is kept, and that the conversation goes on."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from math import ceil
from pathlib import Path

import pytest

from tests.e2e.faults import (
    ROWS,
    SETTINGS,
    STALLING,
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
RETRY, UP, ESC, CTRL_C, NEW = "\x1b[15~", "\x1b[A", "\x1b", "\x03", "\x0e"
IN_A_RUN = 6
"""The faults that one app is asked to live through: starting it takes as long as one of them."""
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


def _runs() -> Iterator[Sequence[Row]]:
    """Yield the rows that one app lives through, one after another, each in a conversation of its own.

    They are dealt out in turn, so that those with much to draw, which are neighbours, come late and to different apps.
    """
    for settings in (SETTINGS, STALLING):
        rows = [row for row in ROWS if not row.alike and row.settings == settings]
        runs = ceil(len(rows) / IN_A_RUN)
        yield from (rows[first::runs] for first in range(runs))


@pytest.mark.parametrize("rows", _runs(), ids=lambda rows: " ".join(row.name for row in rows))
def test_the_app_lives_through_each_fault_and_says_what_happened(
    rows: Sequence[Row], opened: Opener, server: DemoServer, data: Path
) -> None:
    with opened(rows[0].settings) as terminal:
        for row in rows:
            _begin_a_conversation(terminal)
            _live_through(row, terminal, server, data)
        assert b"Traceback" not in terminal.raw
    check_database(data)
    check_log(data)


def _live_through(row: Row, terminal: Terminal, server: DemoServer, data: Path) -> None:
    before = server.log.total
    _send(terminal, row.prompt)
    if row.meanwhile:
        terminal.wait_for_moment(row.meanwhile)
    reply = stored_after(data, row.prompt)
    check_stored(row, reply)
    shown = terminal.wait_for(_at_rest_with(*row.says))
    assert "<html" not in shown.lower()
    assert ("failed" in shown) == (row.status == "failed")
    assert sum(asked.number > before for asked in server.log.replies) == row.requests
    assert server.wait_for(lambda log: log.open_connections == 0, PATIENCE_S)
    if row.status == "failed":
        _retry(row, terminal, data, asked="Send anyway" if row.kind == "too_large" else "")
    elif row.timed or row.fault == "context-window":  # `ask` goes on after all others
        _goes_on(terminal, server, data, f"Thanks for {row.name}", asked=not row.timed)


PHASES: Mapping[str, str] = {
    "silent": "Waiting",
    "slow-start@60": "Waiting",
    "pings@60": "Waiting",
    "429-seconds@60": "Retrying in",
    "stall@40xall": "Streaming",
    "flood@400000": "Streaming",
}
"""Faults that last, and what the status bar says meanwhile."""


def test_esc_works_and_typing_is_not_swallowed_while_a_fault_lasts(
    opened: Opener, server: DemoServer, data: Path
) -> None:
    with opened(SETTINGS) as terminal:
        for fault, phase in PHASES.items():
            _begin_a_conversation(terminal)
            _stop(fault, phase, terminal, server, data)
        assert len(server.log.replies) == len(PHASES)
        assert b"Traceback" not in terminal.raw


def _stop(fault: str, phase: str, terminal: Terminal, server: DemoServer, data: Path) -> None:
    prompt = f"/fault {fault}\nStop {fault}"
    _send(terminal, prompt)
    terminal.wait_for(phase)
    terminal.send("the next prompt")
    terminal.wait_for(lambda text: phase in text and "the next prompt" in text)
    terminal.send(ESC)
    terminal.wait_for(lambda text: "stopped" in text and AT_REST in text and "the next prompt" in text)
    reply = stored_after(data, prompt)
    assert reply.status.value == "stopped"
    assert script_for(prompt).startswith(reply.text)
    assert server.wait_for(lambda log: log.open_connections == 0, PATIENCE_S)
    terminal.send(CTRL_C)
    terminal.wait_for(lambda text: "the next prompt" not in text)


def _begin_a_conversation(terminal: Terminal) -> None:
    terminal.send(NEW)
    terminal.wait_for(lambda text: "● Ready" in text and AT_REST not in text)


def _send(terminal: Terminal, prompt: str) -> None:
    terminal.send(PASTE.format(prompt))
    terminal.wait_for(prompt.rpartition("\n")[2])
    terminal.send("\r")


def _retry(row: Row, terminal: Terminal, data: Path, *, asked: str) -> None:
    """The failed request succeeds when it is made again; whoever was too long is asked first."""
    terminal.send(RETRY)
    if asked:
        terminal.wait_for(asked)
        terminal.send(UP + "\r")
        terminal.wait_for(lambda text: asked not in text)
    usage = stored_after(data, row.prompt, status="complete").metadata.usage
    terminal.wait_for(lambda text: "failed" not in text and _at_rest_with(f"/ {usage.output_tokens} out")(text))


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
