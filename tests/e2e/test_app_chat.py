"""The real program in a terminal: what comes is shown while it comes, stopped at once, and there after a restart."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import pytest

from tests.e2e.conftest import KEY
from tests.e2e.terminal import Terminal
from tests.e2e.warm import WarmProgram
from tests.waiting import PATIENCE_S
from tui_chat.demo import DemoServer, Log

Opener = Callable[..., Terminal]


@pytest.fixture
def opened(environment: Mapping[str, str], warm: WarmProgram) -> Opener:
    def open_terminal(*arguments: str, size: tuple[int, int] = (80, 24)) -> Terminal:
        terminal = Terminal(["--model", "demo", *arguments], environment, warm, size=size)
        terminal.wait_for("Ready")
        return terminal

    return open_terminal


def completed(number: int, log: Log) -> bool:
    """True if so many replies were sent whole."""
    return len(log.replies) == number and all(reply.completed for reply in log.replies)


def test_text_appears_while_the_server_is_still_sending_and_esc_closes_the_connection(
    opened: Opener, server: DemoServer
) -> None:
    with opened("--model", "demo+stall@12xall") as terminal:
        terminal.send("Hello\r")
        terminal.wait_for("Streaming")
        terminal.wait_for("Before anything")
        assert not server.log.replies[-1].completed
        terminal.send("\x1b")
        terminal.wait_for("stopped")
        assert server.wait_for(lambda log: log.replies[-1].closed_early, PATIENCE_S)
        assert "Before anything" in terminal.text


def test_ctrl_c_discards_the_reply_and_gives_the_prompt_back(opened: Opener, server: DemoServer) -> None:
    with opened("--model", "demo+stall@12xall") as terminal:
        terminal.send("Tell me a story\r")
        terminal.wait_for("A scripted reply")
        terminal.send("\x03")
        terminal.wait_for("Response cancelled")
        terminal.wait_for(lambda text: "A scripted reply" not in text and "Tell me a story" in text)
        assert server.wait_for(lambda log: log.replies[-1].closed_early, PATIENCE_S)


def test_replies_one_right_after_the_other_do_not_mix_and_are_there_after_a_restart(
    opened: Opener, server: DemoServer
) -> None:
    prompts = ["Count one", "Count two", "Count three"]
    with opened() as terminal:
        for number, prompt in enumerate(prompts, 1):
            terminal.send(f"{prompt}\r")
            assert server.wait_for(partial(completed, number), PATIENCE_S)
            terminal.wait_for("Ready")
        terminal.send("\x11")
        assert terminal.exit_code() == 0
    with opened("--continue") as terminal:
        terminal.wait_for("Count one")
        terminal.send("\x11")
        assert terminal.exit_code() == 0


def test_the_key_is_in_nothing_that_is_written(opened: Opener, server: DemoServer, tmp_path: Path) -> None:
    with opened("--model", "demo+401") as terminal:
        terminal.send("Hello\r")
        terminal.wait_for("failed")
        command_line = Path(f"/proc/{terminal.process.pid}/cmdline").read_bytes()
        terminal.send("\x11")
        assert terminal.exit_code() == 0
        written = bytes(terminal.raw)
    files = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert files
    assert all(KEY.encode() not in content for content in [command_line, written, *files])


def test_the_terminal_is_left_as_it_was(opened: Opener) -> None:
    with opened() as terminal:
        terminal.send("\x11")
        assert terminal.exit_code() == 0
        end = bytes(terminal.raw)[-200:]
    assert b"\x1b[?1049l" in end
    assert b"\x1b[?25h" in end
