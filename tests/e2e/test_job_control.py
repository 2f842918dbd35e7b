"""The program is stopped, as Ctrl+Z in a shell does, and goes on."""

from __future__ import annotations

import os
import signal
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.e2e.forking import FIRST
from tests.e2e.terminal import Terminal
from tests.e2e.warm import WarmProgram
from tests.waiting import wait_until

QUIT = "\x11"
TAKEN = b"\x1b[?2004h"
"""The last that the app writes when it takes the terminal, which has no more of a shell's ways then."""


def wait_until_stopped(terminal: Terminal) -> None:
    """Wait until the system has stopped it."""
    status = Path(f"/proc/{terminal.process.pid}/stat")
    wait_until(lambda: status.read_text().rsplit(")", 1)[1].split()[0] == "T", "it is stopped")


def goes_on(terminal: Terminal, stopped: int) -> None:
    """See that it takes the terminal and draws all of its screen anew, has its keys, and gives the terminal back."""
    # Keys that come before that are for whoever has the terminal: the system shows them, or throws them away.
    terminal.wait_for(lambda _: all(sign in terminal.raw[stopped:] for sign in (TAKEN, b"talk about?", b"Before it")))
    terminal.send("!")
    terminal.wait_for("Before it!")
    terminal.send(QUIT)
    assert terminal.exit_code() == 0
    assert b"Traceback" not in terminal.raw
    assert terminal.usable


@pytest.mark.parametrize("stop", ["SIGTSTP", "SIGSTOP"])
def test_a_program_that_was_stopped_and_goes_on_has_its_screen_and_its_keys(
    stop: str, environment: Mapping[str, str], warm: WarmProgram
) -> None:
    with Terminal(["--model", "demo"], environment, warm) as terminal:
        terminal.wait_for("Ready")
        terminal.send("Before it")
        terminal.wait_for("Before it")
        os.kill(terminal.process.pid, signal.Signals[stop])
        wait_until_stopped(terminal)
        stopped = len(terminal.raw)
        os.kill(terminal.process.pid, signal.SIGCONT)
        goes_on(terminal, stopped)


STRUCK = """
import os, signal
from pathlib import Path
from textual.drivers import _writer_thread as writing

class Queue(writing.Queue):
    def _put(self, text):
        trigger = Path({trigger!r})
        if trigger.exists():
            trigger.unlink()
            os.kill(os.getpid(), signal.{number})
        super()._put(text)

writing.Queue = Queue
"""
"""Runs before the program: a signal that comes while the app hands over what it has drawn, and holds a lock."""


@pytest.mark.parametrize("number", ["SIGTSTP", "SIGCONT"])
def test_a_signal_may_come_while_the_app_draws(
    number: str, environment: Mapping[str, str], warm: WarmProgram, tmp_path: Path
) -> None:
    trigger = tmp_path / "trigger"
    struck = {**environment, FIRST: STRUCK.format(trigger=str(trigger), number=number)}
    with Terminal(["--model", "demo"], struck, warm) as terminal:
        terminal.wait_for("Ready")
        terminal.send("Before i")
        terminal.wait_for("Before i")
        drawn = len(terminal.raw)
        trigger.touch()
        terminal.send("t")
        if number == "SIGTSTP":
            wait_until_stopped(terminal)
            os.kill(terminal.process.pid, signal.SIGCONT)
        goes_on(terminal, drawn)
        assert not trigger.exists()


ENDING = """
import os, signal
from {module} import {owner} as owner

whole = owner.{method}

def struck(self, *args, **options):
    os.kill(os.getpid(), signal.{number})
    return whole(self, *args, **options)

owner.{method} = struck
"""
"""Runs before the program: a signal that comes while it ends, when it has given the terminal back."""
CLOSING, STORING = "textual.app.App._close_all", "tui_chat.storage.store.Store.close"


@pytest.mark.parametrize(
    ("place", "number"), [(CLOSING, "SIGCONT"), (STORING, "SIGCONT"), (STORING, "SIGTSTP")], ids=str
)
def test_a_signal_that_comes_while_the_app_ends_does_not_have_it_take_the_terminal_again(
    place: str, number: str, environment: Mapping[str, str], warm: WarmProgram
) -> None:
    module, owner, method = place.rsplit(".", 2)
    struck = ENDING.format(module=module, owner=owner, method=method, number=number)
    with Terminal(["--model", "demo"], {**environment, FIRST: struck}, warm) as terminal:
        terminal.wait_for("Ready")
        terminal.send(QUIT)
        if number == "SIGTSTP":
            wait_until_stopped(terminal)
            assert terminal.usable
            os.kill(terminal.process.pid, signal.SIGCONT)
        assert terminal.exit_code() == 0
        assert terminal.usable
        assert terminal.raw.rfind(b"\x1b[?1049l") > terminal.raw.rfind(b"\x1b[?1049h")
        assert b"Traceback" not in terminal.raw
