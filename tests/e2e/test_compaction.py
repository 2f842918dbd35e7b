"""A conversation that is made shorter by a summary, in the real program."""

from __future__ import annotations

import os
import signal
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import pytest

from tests.e2e.command import Command
from tests.e2e.faults import check_database
from tests.e2e.terminal import Terminal
from tests.e2e.warm import WarmProgram
from tests.waiting import PATIENCE_S
from tui_chat.chat.message import Message
from tui_chat.demo import DemoServer
from tui_chat.storage import Store

STALLED = "demo+stall@8xall"


@pytest.fixture
def conversation(tmp_path: Path) -> str:
    """Four exchanges that are stored; their id."""
    messages = [
        {"role": role, "text": text}
        for number in range(1, 5)
        for role, text in (("user", f"Prompt {number}"), ("assistant", f"Reply {number}. " * 30))
    ]
    with closing(Store.open(tmp_path / "data", on_problem=pytest.fail)) as store:
        return store.import_({"title": "Four", "messages": messages}).id


def stored(folder: Path, conversation_id: str) -> tuple[Message, ...]:
    """Return the messages as the next start of the program finds them."""
    with closing(Store.open(folder / "data", on_problem=pytest.fail)) as store:
        found = store.conversation(conversation_id)
        assert found is not None
        return found.messages


def test_what_was_summarized_is_sent_as_its_summary_by_the_app_and_by_the_command(
    environment: Mapping[str, str], warm: WarmProgram, server: DemoServer, cli: Command, conversation: str
) -> None:
    with Terminal(["--model", "demo", "--resume", conversation], environment, warm, size=(100, 36)) as terminal:
        terminal.wait_for("Reply 4")
        terminal.send("/comp")
        terminal.wait_for("/compact")
        terminal.send("\r")
        terminal.wait_for("Summarized 4 messages")
        terminal.send("And now?\r")
        assert server.wait_for(lambda log: len(log.replies) == 2 and log.replies[1].completed, PATIENCE_S)
        terminal.wait_for("● Ready")
        terminal.send("\x11")
        assert terminal.exit_code() == 0
    assert cli.run("ask", "--resume", conversation, "--model", "demo", "And then?").returncode == 0
    for messages in (reply.body["messages"] for reply in server.log.replies[1:]):
        first = str(messages[0])
        assert all(words in first for words in ("<summary>", "1. Prompt 1", "2. Prompt 2", "Prompt 3"))
        assert "Reply 2" not in str(messages)
        assert "Reply 3" in str(messages)


def test_esc_closes_the_connection_and_a_kill_leaves_the_conversation_as_it_was(
    environment: Mapping[str, str], warm: WarmProgram, server: DemoServer, conversation: str, tmp_path: Path
) -> None:
    before = stored(tmp_path, conversation)
    shift_f8 = "\x1b[19;2~"
    with Terminal(["--model", STALLED, "--resume", conversation], environment, warm, size=(100, 36)) as terminal:
        terminal.wait_for("Reply 4")
        terminal.send(shift_f8)
        terminal.wait_for(lambda text: "summarizing" in text and "A scripted summary" in text)
        terminal.send("\x1b")
        terminal.wait_for("Nothing changed")
        assert server.wait_for(lambda log: log.replies[-1].closed_early, PATIENCE_S)
        terminal.send(shift_f8)
        terminal.wait_for(lambda text: "summarizing" in text and "A scripted summary" in text)
        os.kill(terminal.process.pid, signal.SIGKILL)
        terminal.process.wait()
    check_database(tmp_path / "data")
    assert stored(tmp_path, conversation) == before
