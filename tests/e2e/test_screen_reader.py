"""Screen reader mode in a terminal: every line is written once, and nothing but lines is."""

from __future__ import annotations

import os
import re
import signal
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from tests.e2e.command import Command
from tests.e2e.scripted_server import Event, dictating, reply_events
from tests.e2e.terminal import Terminal
from tests.e2e.warm import WarmProgram
from tests.waiting import PATIENCE_S, wait_until
from tui_chat.demo import DemoServer

Typist = Callable[..., list[str]]
STALLED = "demo+stall@24xall"
REPLIES = {"Hello": "Hi. How are you?\n\n- one\n- two", "Again": "Well\x1b[2J, \x1b]0;title\x07again."}


def _reply(prompt: str) -> Sequence[Event]:
    text = next((reply for words, reply in REPLIES.items() if words in prompt), "Yes.")
    return reply_events([text[at : at + 3] for at in range(0, len(text), 3)])


def _transcript(terminal: Terminal) -> list[str]:
    """Return the lines as they were written; nothing that a terminal obeys is among them but the ends of lines."""
    text = bytes(terminal.raw).decode()
    assert re.findall(r"[^\r\n\t\x20-\x7e\x80-\U0010ffff]|[\x80-\x9f]|\r(?!\n)", text) == []
    return text.split("\r\n")


def _drafts(folder: Path) -> list[str]:
    """Return what is saved of lines that were not sent."""
    drafts: list[str] = []
    for database in folder.glob("*.db"):
        with closing(sqlite3.connect(database)) as connection:
            drafts += [draft for (draft,) in connection.execute("SELECT draft FROM conversations")]
    return drafts


class Dialogue:
    """Types a line whenever the program has asked for one."""

    def __init__(self, terminal: Terminal) -> None:
        self.terminal = terminal
        self._answered = 0
        """The bytes that had been written when the last line was typed."""

    def type(self, line: str, *, to: str = "You: ") -> None:
        """Wait until the last line is a question, and answer it."""
        self.terminal.wait_for(lambda _: self.terminal.raw[self._answered :].endswith(to.encode()))
        self._answered = len(self.terminal.raw)
        self.terminal.send(f"{line}\r")

    def end(self) -> list[str]:
        """Quit, and return the transcript."""
        self.type("/quit")
        assert self.terminal.exit_code() == 0
        return _transcript(self.terminal)


def _open(environment: Mapping[str, str], warm: WarmProgram, *options: str) -> Terminal:
    return Terminal(["--screen-reader", *options], environment, warm, size=(200, 50))


def test_a_conversation_is_lines_each_written_once(environment: Mapping[str, str], warm: WarmProgram) -> None:
    with (
        dictating(_reply) as url,
        _open({**environment, "ANTHROPIC_BASE_URL": url}, warm, "--model", "claude-opus-5-5") as terminal,
    ):
        dialogue = Dialogue(terminal)
        dialogue.type("Hello")
        dialogue.type("Again")
        lines = dialogue.end()
    waiting = "Waiting for Claude."  # said only where there is time to wait
    assert [re.sub(r"\d[\d,.]*", "N", line) for line in lines if "�" not in line and line != waiting] == [
        "tui-chat, screen reader mode. Type a prompt and press Enter. /help lists commands.",
        "You: Hello",
        "Claude:",
        "Hi. How are you?",
        "",
        "- one",
        "- two",
        *[re.sub(r"\d[\d,.]*", "N", line) for line in lines if "tokens in" in line or " in, " in line][:1],
        "You: Again",
        "Claude:",
        *[re.sub(r"\d[\d,.]*", "N", line) for line in lines if "tokens in" in line or " in, " in line][1:],
        "You: /quit",
        "Your conversation is saved. Goodbye.",
        "",
    ]


def test_a_copied_reply_goes_to_the_terminal_unseen(environment: Mapping[str, str], warm: WarmProgram) -> None:
    with dictating(_reply) as url, _open({**environment, "ANTHROPIC_BASE_URL": url}, warm) as terminal:
        dialogue = Dialogue(terminal)
        dialogue.type("Else")
        dialogue.type("/copy")
        dialogue.type("/quit")
        assert terminal.exit_code() == 0
        assert b"\x1b]52;c;WWVzLg==\x07" in terminal.raw
        assert "52;c" not in terminal.text


def test_ctrl_c_stops_a_reply_then_clears_the_line_then_quits(
    environment: Mapping[str, str], warm: WarmProgram, server: DemoServer
) -> None:
    with _open(environment, warm, "--model", STALLED) as terminal:
        Dialogue(terminal).type("Hello")
        terminal.wait_for("Before anything")
        terminal.send("\x03")
        terminal.wait_for("Stopped.")
        assert server.wait_for(lambda log: log.replies[-1].closed_early, PATIENCE_S)
        terminal.wait_for(lambda text: text.rstrip().endswith("You:"))
        terminal.send("unsent")
        terminal.wait_for("You: unsent")
        terminal.send("\x03")
        terminal.wait_for("Cleared.")
        terminal.wait_for(lambda text: text.rstrip().endswith("You:"))
        terminal.send("\x03")
        terminal.wait_for("Press Ctrl+C again to quit.")
        terminal.wait_for(lambda text: text.rstrip().endswith("You:"))
        terminal.send("\x03")
        assert terminal.exit_code() == 0
        assert "Your conversation is saved. Goodbye." in _transcript(terminal)
        assert terminal.usable


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_what_came_of_a_reply_outlives_the_program(
    environment: Mapping[str, str], warm: WarmProgram, cli: Command, number: signal.Signals
) -> None:
    with _open(environment, warm, "--model", STALLED) as terminal:
        Dialogue(terminal).type("Hello")
        terminal.wait_for("Before anything")
        os.kill(terminal.process.pid, number)
        terminal.exit_code()
    with _open(environment, warm, "--model", "demo", "-c") as terminal:
        dialogue = Dialogue(terminal)
        dialogue.type("/read")
        lines = dialogue.end()
    assert any("(interrupted)" in line for line in lines)
    assert any("Before anything" in line for line in lines) or number is signal.SIGKILL


def test_what_was_typed_and_not_sent_outlives_the_program(environment: Mapping[str, str], warm: WarmProgram) -> None:
    with _open(environment, warm, "--model", "demo") as terminal:
        terminal.wait_for(lambda text: text.rstrip().endswith("You:"))
        terminal.send("half a line")
        wait_until(lambda: "half a line" in _drafts(Path(environment["TUI_CHAT_DATA_DIR"])), "the draft is saved")
        os.kill(terminal.process.pid, signal.SIGKILL)
        terminal.exit_code()
    with _open(environment, warm, "--model", "demo") as terminal:
        Dialogue(terminal).type(" and the rest", to="You: half a line")
        terminal.wait_for("Assistant:")


def test_a_retry_is_one_line_and_a_failure_a_sentence(environment: Mapping[str, str], warm: WarmProgram) -> None:
    with _open(environment, warm, "--model", "demo+529x1") as terminal:
        dialogue = Dialogue(terminal)
        dialogue.type("Hello")
        lines = dialogue.end()
    assert sum("Retrying in" in line for line in lines) == 1
    assert lines.count("Assistant:") == 1


def test_questions_have_numbers_and_actions_have_names(
    environment: Mapping[str, str], warm: WarmProgram, tmp_path: Path
) -> None:
    exported = tmp_path / "exported.json"
    with _open(environment, warm, "--model", "demo") as terminal:
        dialogue = Dialogue(terminal)
        dialogue.type("a haiku")
        dialogue.type("/retry")
        dialogue.type("/previous_branch")
        dialogue.type("/choose_model demo-fast")
        dialogue.type("/set streaming.mode batch")
        dialogue.type(f"/export {exported}")
        dialogue.type("/new")
        dialogue.type("/search haiku")
        dialogue.type("1", to="cancel: ")
        dialogue.type("/delete")
        dialogue.type("y", to="no: ")
        dialogue.type("/undelete")
        dialogue.type("/xyzzy")
        dialogue.type("", to="no: ")
        lines = dialogue.end()
    assert exported.exists()
    for said in (
        "This conversation now asks demo-fast.",
        "streaming.mode is now batch.",
        f"Exported to {exported}.",
        "New conversation.",
        "Deleted. /undelete brings it back until you quit.",
        "There is no command /xyzzy. /help lists them.",
        "Cancelled.",
    ):
        assert lines.count(said) == 1
    assert any(line.startswith("Message 2. Assistant") for line in lines)


def test_several_lines_are_one_prompt(environment: Mapping[str, str], warm: WarmProgram, server: DemoServer) -> None:
    with _open(environment, warm, "--model", "demo") as terminal:
        dialogue = Dialogue(terminal)
        dialogue.type("one\\")
        dialogue.type("two", to="More: ")
        dialogue.type('"""')
        dialogue.type("three", to="More: ")
        dialogue.type('four"""', to="More: ")
        dialogue.type("five\rsix")
        dialogue.type("/read all")
        lines = dialogue.end()
    read = lines[lines.index("You: /read all") :]
    assert read[read.index("Message 1. You:") + 1 :][:2] == ["one", "two"]
    assert read[read.index("Message 3. You:") + 1 :][:2] == ["three", "four"]
    assert read[read.index("Message 5. You:") + 1 :][:2] == ["five", "six"]


def test_the_setting_starts_it_too(environment: Mapping[str, str], warm: WarmProgram, cli: Command) -> None:
    assert cli.run("config", "set", "ui.screen_reader", "true").returncode == 0
    with Terminal(["--model", "demo"], environment, warm) as terminal:
        dialogue = Dialogue(terminal)
        dialogue.type("/help quit")
        assert "/quit: Quit. Also /exit, /bye, /q." in dialogue.end()
