"""`tui-chat ask` ended early: by Ctrl+C in every phase, by other signals, by a reader who goes away."""

from __future__ import annotations

import signal
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from tests.e2e.command import Command, Run
from tests.waiting import PATIENCE_S, wait_until
from tui_chat.demo import DemoServer

TCP_TABLE = Path("/proc/net/tcp")
Begun = Callable[[Run, DemoServer], None]


def _asked(times: int) -> Begun:
    def begun(process: Run, server: DemoServer) -> None:
        assert server.wait_for(lambda log: len(log.replies) >= times, PATIENCE_S)

    return begun


def _printing(process: Run, server: DemoServer) -> None:
    assert process.stdout is not None
    assert process.stdout.read(1)


PHASES: Mapping[str, tuple[str, Begun] | tuple[str, Begun, str]] = {
    "waiting for headers": ("demo+silent", _asked(1)),
    "waiting for the first token": ("demo+slow-start", _asked(1)),
    "only pings": ("demo+pings", _asked(1)),
    "stalled": ("demo+stall@8xall", _printing),
    "flowing": ("demo+flood@1000000", _printing),
    "between retries": ("demo+429-seconds@60", _asked(1)),
    "waiting in batch mode": ("demo+slow-start", _asked(1), "--batch"),
}


@pytest.mark.parametrize("phase", PHASES)
def test_ctrl_c_discards_the_reply_in_every_phase(cli: Command, server: DemoServer, phase: str) -> None:
    model, begun, *options = PHASES[phase]
    with cli.start("ask", *options, "--model", model, "hello") as process:
        begun(process, server)
        _end(process, signal.SIGINT, status=130, says=b"Response cancelled\n")
    assert server.wait_for(lambda log: log.open_connections == 0, PATIENCE_S)
    assert len(server.log.replies) == 1
    assert cli.json("history", "list", "--format", "json") == []


def test_ctrl_c_works_while_the_sdk_is_still_being_imported(cli: Command, tmp_path: Path) -> None:
    """The import begins before the prompt is stored, and takes far longer than it takes to notice that."""
    with cli.start_cold("ask", "--model", "demo+silent", "hello") as process:
        wait_until(partial(_prompt_stored, tmp_path / "data"), "the prompt is stored")
        _end(process, signal.SIGINT, status=130, says=b"Response cancelled\n")
    assert cli.json("history", "list", "--format", "json") == []


# That it is connecting, and no more, can only be seen in the system's own table, which macOS does not have.
@pytest.mark.skipif(not TCP_TABLE.exists(), reason="there is no table of connections to look at")
def test_ctrl_c_works_while_connecting(cli: Command, blackhole: int) -> None:
    before = _connecting(blackhole)
    with cli.start("ask", "--base-url", f"http://127.0.0.1:{blackhole}", "hello") as process:
        wait_until(lambda: _connecting(blackhole) > before, "it connects")
        _end(process, signal.SIGINT, status=130, says=b"Response cancelled\n")
    assert cli.json("history", "list", "--format", "json") == []


def test_a_discarded_prompt_leaves_an_earlier_conversation_as_it_was(cli: Command, server: DemoServer) -> None:
    cli.run("ask", "hello")
    (before,) = cli.json("history", "list", "--format", "json")
    shown = cli.json("history", "show", before["id"], "--format", "json")
    with cli.start("ask", "-c", "--model", "demo+silent", "and this?") as process:
        _asked(2)(process, server)
        _end(process, signal.SIGINT, status=130, says=b"Response cancelled\n")
    after = cli.json("history", "show", before["id"], "--format", "json")
    assert after["messages"] == shown["messages"]


@pytest.mark.parametrize(("number", "status"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_another_signal_keeps_what_came(cli: Command, server: DemoServer, number: signal.Signals, status: int) -> None:
    with cli.start("ask", "--model", "demo+stall@8xall", "hello") as process:
        _printing(process, server)
        _end(process, number, status=status, says=b"")
    (conversation,) = cli.json("history", "list", "--format", "json")
    reply = cli.json("history", "show", conversation["id"], "--format", "json")["messages"][-1]
    assert reply["streaming_status"] == "interrupted"
    assert reply["text"]
    assert server.wait_for(lambda log: log.open_connections == 0, PATIENCE_S)


def test_a_reader_who_goes_away_ends_it_quietly(cli: Command, server: DemoServer) -> None:
    with cli.start("ask", "--model", "demo+flood@1000000", "hello") as process:
        _printing(process, server)
        assert process.stdout is not None
        process.stdout.close()
        assert process.stderr is not None
        assert process.wait(PATIENCE_S) == 0
        assert process.stderr.read() == b""
    assert server.wait_for(lambda log: log.replies[-1].closed_early, PATIENCE_S)


def test_a_reader_who_does_not_read_cannot_hold_up_ctrl_c(cli: Command, server: DemoServer) -> None:
    """The pipe takes some 64 KB, and the sockets some more; then the server waits, too."""
    with cli.start("ask", "--model", "demo+flood@1000000", "hello") as process:
        assert server.wait_for(lambda log: bool(log.replies) and log.replies[-1].tokens_sent > 30_000, PATIENCE_S)
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE_S) == 130


def _prompt_stored(data: Path) -> bool:
    try:
        with closing(sqlite3.connect(f"file:{data / 'tui-chat.db'}?mode=ro", uri=True)) as connection:
            return bool(connection.execute("SELECT count(*) FROM messages").fetchone()[0])
    except sqlite3.OperationalError:
        return False  # there is no database yet


def _connecting(port: int) -> int:
    """Return the number of connections to a port that have begun and are not there yet."""
    rows = (line.split() for line in TCP_TABLE.read_text().splitlines()[1:])
    return sum(row[2].endswith(f":{port:04X}") and row[3] == "02" for row in rows)


def _end(process: Run, number: signal.Signals, *, status: int, says: bytes) -> None:
    process.send_signal(number)
    _, errors = process.communicate(timeout=PATIENCE_S)
    assert (process.returncode, errors) == (status, says)
