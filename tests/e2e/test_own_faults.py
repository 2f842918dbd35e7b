"""A fault of the program itself, wherever it is: a sentence, everything saved, and the terminal as it was."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.e2e.faults import check_database, stored_after
from tests.e2e.forking import FIRST
from tests.e2e.terminal import Terminal
from tests.e2e.warm import WarmProgram
from tests.waiting import PATIENCE_S
from tui_chat.demo import DemoServer, script_for
from tui_chat.demo.faults import parse_faults

SPOILED = """
from pathlib import Path
from {module} import {owner} as owner

whole = owner.{method}

def spoiled(self, *args, **options):
    if Path({trigger!r}).exists():
        raise RuntimeError("sec" + "ret")  # the log shows this line, but not what it says
    return whole(self, *args, **options)

owner.{method} = spoiled
"""
"""Runs before the program: a method that fails from the moment on at which a file is there."""

FATAL = {
    "what a widget draws": ("tui_chat.ui.chat.status_bar.StatusBar.render", "x"),
    "a timer": ("tui_chat.ui.app.TuiChatApp._watch_settings_file", ""),
    "the handler of a key": ("tui_chat.ui.composer.composer.Composer.on_key", "x"),
    "the thread that reads the keys": ("tui_chat.ui.textual_internals.input_parser.TerminalParser.feed", "x"),
}
"""The place of each fault, and what has to be typed for it to strike."""
STATISTICS, ESC, QUIT = "\x1bOR", "\x1b", "\x11"
LEFT = (b"\x1b[?1049l", b"\x1b[?25h", b"\x1b[<u")


def spoiled(place: str, folder: Path) -> Mapping[str, str]:
    """Return the environment of a program in which this method fails as soon as the trigger is pulled."""
    module, owner, method = place.rsplit(".", 2)
    return {FIRST: SPOILED.format(module=module, owner=owner, method=method, trigger=str(folder / "trigger"))}


def words(text: str) -> str:
    """Return the words on the screen, wherever it breaks its lines."""
    return " ".join(re.sub("[│▌╭╮╰╯─]", " ", text).split())


def check_log(folder: Path) -> None:
    """Check that the log says where it was, and nothing of what was said."""
    (log,) = folder.glob("**/tui-chat.log")
    written = log.read_text()
    assert "RuntimeError" in written
    for private in ("secret", "Hello", "a draft", "sk-ant-test"):
        assert private not in written


@pytest.mark.parametrize("where", FATAL)
def test_a_fault_closes_the_app_with_a_sentence_and_loses_nothing(
    where: str, environment: Mapping[str, str], warm: WarmProgram, server: DemoServer, tmp_path: Path
) -> None:
    place, typed = FATAL[where]
    fault = "stall@12xall"
    spoilt = {**environment, **spoiled(place, tmp_path)}
    with Terminal(["--model", f"demo+{fault}"], spoilt, warm, size=(150, 30)) as terminal:
        terminal.wait_for("Ready")
        terminal.send("Hello\r")
        terminal.wait_for("Before anything")
        terminal.send("a draft")
        terminal.wait_for("a draft")
        (tmp_path / "trigger").touch()
        terminal.send(typed)
        assert terminal.exit_code() == 1
        terminal.wait_for(
            lambda text: "tui-chat met a fault of its own and had to close; the details are in" in words(text)
        )
        assert terminal.usable
        terminal.close()
        assert all(sequence in terminal.raw for sequence in LEFT)
        assert b"Traceback" not in terminal.raw
        assert b"secret" not in terminal.raw
    assert server.wait_for(lambda log: log.open_connections == 0, PATIENCE_S)
    reply = stored_after(tmp_path / "data", "Hello")
    assert reply.status.value == "interrupted"
    assert reply.text
    assert script_for("Hello", faults=parse_faults(fault)).startswith(reply.text)
    check_database(tmp_path / "data")
    check_log(tmp_path)
    (tmp_path / "trigger").unlink()
    with Terminal(["--continue", "--model", "demo"], environment, warm, size=(150, 30)) as terminal:
        terminal.wait_for(lambda text: "interrupted" in text and "a draft" in text)


def test_a_fault_in_the_background_is_said_and_the_app_goes_on(
    environment: Mapping[str, str], warm: WarmProgram, tmp_path: Path
) -> None:
    spoilt = spoiled("tui_chat.storage.store.Store.statistics", tmp_path)
    with Terminal(["--model", "demo"], {**environment, **spoilt}, warm, size=(150, 30)) as terminal:
        terminal.wait_for("Ready")
        terminal.send("Hello\r")
        terminal.wait_for(" in / ")
        (tmp_path / "trigger").touch()
        terminal.send(STATISTICS)
        terminal.wait_for(lambda text: "tui-chat met a fault of its own; the details are in" in words(text))
        terminal.send(ESC)
        terminal.wait_for("● Ready")
        terminal.send(QUIT)
        assert terminal.exit_code() == 0
        assert b"secret" not in terminal.raw
    check_log(tmp_path)
