"""`kill -9` at random moments: what had come is there, the database is sound, and the reply can go on."""

from __future__ import annotations

import asyncio
import signal
import sys
from functools import partial
from pathlib import Path

import pytest

from tests.e2e.faults import check_database
from tests.e2e.journal import journalled
from tests.e2e.killing import Remains, environment_of, killed, left_in
from tests.e2e.terminal import Terminal
from tests.e2e.warm import WarmProgram
from tests.null_watcher import Unwatched
from tests.waiting import PATIENCE_S, wait_until
from tui_chat.chat import exchange
from tui_chat.chat.message import StreamingStatus, utc_now
from tui_chat.chat.parts import text_of
from tui_chat.demo import DemoServer, script_for
from tui_chat.demo.faults import parse_faults
from tui_chat.program.wiring import Flags, Program
from tui_chat.streaming.stop import Stop

PROMISED_MS = 300
NOISE_MS = 0 if sys.platform == "linux" else 1000
"""The time that a machine busy with other tests may add where it does not tell how much that is."""
F8 = "\x1b[19~"


APP, ASK = (104, 103, 101, 109), (1, 4, 7, 9)
"""Seeds of a reply that just flows, and of one with each fault; `python -m benchmarks.kill` tries any number."""


@pytest.mark.parametrize(("app", "seed"), [*((True, seed) for seed in APP), *((False, seed) for seed in ASK)])
def test_kill_leaves_what_had_come_and_the_reply_can_go_on(
    app: bool, seed: int, tmp_path: Path, warm: WarmProgram
) -> None:
    check_all(killed(seed, tmp_path, warm, app=app), tmp_path)


def test_kill_shows_at_the_next_start_and_f8_brings_the_rest(tmp_path: Path, warm: WarmProgram) -> None:
    prompt = "Something long"
    with DemoServer(rate=0, latency_s=0, faults=parse_faults("stall@40xall")) as server:
        environment = environment_of(tmp_path, server.url)
        with Terminal(["--model", "demo", "--prompt", prompt], environment, warm) as terminal:
            assert server.wait_for(lambda log: bool(log.replies), PATIENCE_S)
            wait_until(partial(_text_is_journalled, tmp_path / "data"), "some text is journalled")
            terminal.process.kill()
            assert terminal.process.wait(PATIENCE_S) == -signal.SIGKILL
    left, script = left_in(tmp_path / "data"), script_for(prompt)
    assert (left.status, bool(left.text), script.startswith(left.text)) == (StreamingStatus.INTERRUPTED, True, True)
    last_words = script.split()[-1]
    with (
        DemoServer(rate=0, latency_s=0) as server,
        Terminal(["--continue", "--model", "demo"], environment_of(tmp_path, server.url), warm) as terminal,
    ):
        terminal.wait_for("interrupted")
        terminal.send(F8)
        terminal.wait_for(lambda text: last_words in text and "● Ready" in text)
        terminal.send("\x11")
        assert terminal.exit_code() == 0
    reply = left_in(tmp_path / "data")
    assert (reply.status, reply.text) == (StreamingStatus.COMPLETE, script)
    assert len(left.text) in reply.metadata.seams


def _text_is_journalled(data: Path) -> bool:
    return any(text_of(parts) for _, parts in journalled(data))


def check(remains: Remains) -> None:
    """Check what is promised of a reply whose program was killed."""
    reply = remains.reply
    assert reply.status is StreamingStatus.INTERRUPTED
    assert remains.script.startswith(reply.text)
    assert remains.missing_ms <= PROMISED_MS + NOISE_MS


def check_all(remains: Remains, folder: Path) -> None:
    """Check what is promised, the database, and that the reply can go on to its end."""
    check(remains)
    check_database(folder / "data")
    with DemoServer(rate=0, latency_s=0) as server:
        go_on(folder, server.url)
    reply = left_in(folder / "data")
    assert (reply.status, reply.text) == (StreamingStatus.COMPLETE, remains.script)


def go_on(folder: Path, url: str) -> None:
    """Do what F8 does: ask for the rest, or for all of it where nothing had come."""
    program = Program.open(Flags({"provider.model": "demo"}), environment_of(folder, url), pytest.fail)
    try:
        conversation, about = program.store.latest(), program.requests.about()
        assert conversation is not None
        assert conversation.last is not None
        way = exchange.go_on if exchange.can_go_on(conversation.last) else exchange.regenerate
        pending = way(conversation, conversation.last.id, about, utc_now())
        asyncio.run(program.manager.run(program.requests.job(pending), Unwatched(), Stop()))
    finally:
        program.close()
