"""Every fault of the table in `tui-chat ask`: what is printed, what is kept, and that the conversation goes on."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.e2e.command import Command
from tests.e2e.faults import ROWS, Row, check_database, check_log, check_stored, stored_after
from tests.null_watcher import Unwatched
from tests.waiting import PATIENCE_S
from tui_chat.chat import exchange
from tui_chat.chat.citations import cited, listed
from tui_chat.chat.message import Message, utc_now
from tui_chat.chat.prompt import Prompt
from tui_chat.cli.reply import CUT_SHORT
from tui_chat.demo import DemoServer
from tui_chat.program.wiring import Flags, Program
from tui_chat.streaming.stop import Stop


@pytest.fixture
def going_on(environment: Mapping[str, str]) -> Iterator[Program]:
    """Open the program as `tui-chat ask --continue` would, in this process."""
    problems: list[str] = []
    program = Program.open(Flags({"provider.model": "demo"}), environment, problems.append)
    yield program
    program.close()
    assert problems == []


@pytest.mark.parametrize("row", [row for row in ROWS if not row.timed], ids=lambda row: row.name)
def test_ask_lives_through_the_fault_and_says_what_happened(
    cli: Command,
    server: DemoServer,
    environment: Mapping[str, str],
    tmp_path: Path,
    row: Row,
    request: pytest.FixtureRequest,
) -> None:
    (tmp_path / "config").mkdir(exist_ok=True)
    (tmp_path / "config" / "config.toml").write_text(row.settings)
    done = cli.run("ask", "--model", "demo", stdin=row.prompt)
    assert len(server.log.replies) == row.requests
    assert server.wait_for(lambda log: log.open_connections == 0, PATIENCE_S)
    reply = stored_after(tmp_path / "data", row.prompt)
    check_stored(row, reply)
    assert done.stdout.decode().rstrip("\n") == _printed(reply)
    _check_words(row, done.returncode, done.stderr.decode())
    program = request.getfixturevalue("going_on")
    assert asyncio.run(_next_reply(program)).status.value == "complete"
    check_database(tmp_path / "data")
    check_log(tmp_path / "data")


def _printed(reply: Message) -> str:
    """Return what is printed of a reply: its text with the numbers of its sources, and their list."""
    said = cited(reply.parts)
    return said.text.rstrip("\n") + (f"\n\n{listed(said.sources)}" if said.sources else "")


def _check_words(row: Row, status: int, words: str) -> None:
    """Check that a failure is one sentence and exit status 1, and nothing is said of what was mended."""
    assert "Traceback" not in words
    assert "<html" not in words.lower()
    if row.status == "failed":
        assert (status, words.count("\n"), words[:10]) == (1, 1, "tui-chat: ")
        assert row.says[-1].lower() in words.lower()
    else:
        assert status == 0
        assert bool(words) == (bool(row.says) or row.stop_reason in CUT_SHORT)


async def _next_reply(program: Program) -> Message:
    """Return the reply to another prompt in the same conversation, or the failed one's to a retry."""
    conversation = program.store.latest()
    assert conversation is not None
    assert conversation.last is not None
    about = program.requests.about()
    failed = conversation.last.status.value == "failed"
    pending = (
        exchange.regenerate(conversation, conversation.last.id, about, utc_now())
        if failed
        else exchange.send(conversation, Prompt("Thanks"), about, utc_now())
    )
    return await program.manager.run(program.requests.job(pending), Unwatched(), Stop())
