"""Quitting while many replies come: each keeps what had come, and nothing of the program stays behind."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from functools import partial
from pathlib import Path

from tests.e2e.faults import check_database
from tests.e2e.journal import journalled
from tests.e2e.terminal import Terminal
from tests.e2e.warm import WarmProgram
from tests.waiting import PATIENCE_S, wait_until
from tui_chat.chat.parts import text_of
from tui_chat.demo import DemoServer, Log, script_for
from tui_chat.demo.tokens import tokenise

REPLIES = 12
RATE = 10.0
NEW_CONVERSATION, QUIT = "\x0e", "\x11"


def prompts() -> list[str]:
    """Twelve prompts with long replies, none of them like another."""
    return [f"Something long, number {number}" for number in range(REPLIES)]


def begin_replies(terminal: Terminal, server: DemoServer) -> None:
    """Send each prompt in a conversation of its own, and wait until text of each has come."""
    for number, prompt in enumerate(prompts(), 1):
        terminal.send(f"{prompt}\r")
        assert server.wait_for(partial(_all_asked, number), PATIENCE_S)
        terminal.wait_for("Streaming")
        if number < REPLIES:
            terminal.send(NEW_CONVERSATION)
            terminal.wait_for(lambda text: "What shall we talk about?" in text and "Ready" in text)
    assert server.wait_for(_all_flow, PATIENCE_S)


def partials(data: Path) -> Mapping[str, tuple[str, str]]:
    """Return the status and the text of each reply, by its prompt."""
    with closing(sqlite3.connect(data / "tui-chat.db")) as connection:
        rows = connection.execute(
            "SELECT prompt.text, reply.streaming_status, reply.text FROM messages AS reply "
            "JOIN messages AS prompt ON prompt.id = reply.parent_id WHERE reply.role = 'assistant'"
        ).fetchall()
    return {prompt: (status, text) for prompt, status, text in rows}


def _all_asked(number: int, log: Log) -> bool:
    return len(log.replies) == number


def _all_flow(log: Log) -> bool:
    return all(reply.tokens_sent > 20 for reply in log.replies)


def _sent(log: Log) -> Mapping[str, str]:
    """Return what has been sent of each reply, by its prompt."""
    return {
        reply.body["messages"][-1]["content"][0]["text"]: "".join(tokenise(reply.text)[: reply.tokens_sent])
        for reply in log.replies
    }


def _all_journalled(data: Path, sent: Mapping[str, str]) -> bool:
    """True if the program has read what was sent, as its journal tells."""
    came = {prompt: text_of(parts) for prompt, parts in journalled(data)}
    return all(came.get(prompt, "").startswith(text) for prompt, text in sent.items())


def test_quitting_with_twelve_replies_under_way_keeps_all_twelve(
    environment: Mapping[str, str], tmp_path: Path, warm: WarmProgram
) -> None:
    with (
        DemoServer(rate=RATE, latency_s=0) as server,
        Terminal(["--model", "demo"], {**environment, "ANTHROPIC_BASE_URL": server.url}, warm) as terminal,
    ):
        terminal.wait_for("Ready")
        begin_replies(terminal, server)
        sent = _sent(server.log)
        wait_until(partial(_all_journalled, tmp_path / "data", sent), "all that was sent is journalled")
        terminal.send(QUIT)
        assert terminal.exit_code() == 0
        assert server.wait_for(lambda log: log.open_connections == 0, PATIENCE_S)
        assert b"Traceback" not in terminal.raw
    kept = partials(tmp_path / "data")
    assert kept.keys() == set(prompts())
    for prompt, (status, text) in kept.items():
        assert status == "stopped"
        assert text.startswith(sent[prompt])
        assert script_for(prompt).startswith(text)
    check_database(tmp_path / "data")
