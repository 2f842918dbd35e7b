"""Several models side by side, in the real program: what a kill leaves of each column."""

from __future__ import annotations

import signal
from pathlib import Path

from tests.e2e.journal import journalled
from tests.e2e.killing import environment_of
from tests.e2e.terminal import Terminal
from tests.e2e.warm import WarmProgram
from tests.waiting import PATIENCE_S, wait_until
from tui_chat.chat.message import Message, StreamingStatus
from tui_chat.chat.parts import text_of, thinking_of
from tui_chat.demo import DemoServer, script_for
from tui_chat.demo.faults import parse_faults
from tui_chat.storage import Store

PROMPT = "Something long, in columns"
COMPARED = ["--compare", "demo,demo+thinking", "--prompt", PROMPT]


def left_in(data: Path) -> list[Message]:
    """Return the replies to the prompt, as the program's next start finds them."""
    problems: list[str] = []
    store = Store.open(data, on_problem=problems.append)
    try:
        latest = store.latest()
        assert latest is not None
        assert latest.last is not None
        branches = [store.along(latest, one) for one in store.branches(latest.last.id)]
        prompts = {branch.messages[0].id for branch in branches if branch is not None}
        assert len(prompts) == 1
        return [branch.messages[1] for branch in branches if branch is not None]
    finally:
        store.close()
        assert problems == []


def _began(data: Path) -> int:
    """Return the number of replies of which some text, or some thinking, is journalled."""
    return sum(bool(text_of(parts) or thinking_of(parts)) for _, parts in journalled(data))


def test_a_kill_in_the_middle_keeps_every_column(tmp_path: Path, warm: WarmProgram) -> None:
    script = script_for(PROMPT)
    with DemoServer(rate=0, latency_s=0, faults=parse_faults("stall@61xall")) as server:
        environment = environment_of(tmp_path, server.url)
        with Terminal(COMPARED, environment, warm) as terminal:
            terminal.wait_for(lambda text: text.count("Streaming") >= 2)
            wait_until(lambda: _began(tmp_path / "data") == 2, "something of both is journalled")
            terminal.process.kill()
            assert terminal.process.wait(PATIENCE_S) == -signal.SIGKILL
        replies = left_in(tmp_path / "data")
        assert [reply.status for reply in replies] == [StreamingStatus.INTERRUPTED] * 2
        assert [reply.metadata.model for reply in replies] == ["demo", "demo+thinking"]
        assert replies[0].text
        assert replies[1].thinking
        assert all(script.startswith(reply.text) for reply in replies)
        with Terminal(["--continue"], environment, warm) as terminal:
            terminal.wait_for(lambda text: text.count("Interrupted") == 2)
            terminal.send("\x11")
            assert terminal.exit_code() == 0


def test_a_temporary_chat_compares_too(tmp_path: Path, warm: WarmProgram) -> None:
    with DemoServer(rate=0, latency_s=0) as server:
        with Terminal(["--temporary", *COMPARED], environment_of(tmp_path, server.url), warm) as terminal:
            terminal.wait_for(lambda text: "temporary: nothing is kept" in text and text.count("Complete") == 2)
            terminal.send("\x11")
            terminal.wait_for("Let it go")
            terminal.send("\x1b[C\r")
            assert terminal.exit_code() == 0
        assert len(server.log.replies) == 2
