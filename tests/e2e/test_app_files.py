"""Files that go with prompts, in the real program: dropped, killed, brought back, sent."""

from __future__ import annotations

import base64
import os
import signal
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.faults import check_database
from tests.e2e.killing import environment_of
from tests.e2e.terminal import Terminal
from tests.e2e.warm import WarmProgram
from tests.pictures import PNG
from tests.waiting import PATIENCE_S
from tui_chat.demo import DemoServer

QUIT = "\x11"


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """A folder with files to send."""
    folder = tmp_path / "my files"
    folder.mkdir()
    (folder / "a.png").write_bytes(PNG)
    (folder / "plan.md").write_text("Go on.")
    return folder


def dropped(*paths: Path) -> str:
    """What a terminal sends when files are dropped on it."""
    return "\x1b[200~" + " ".join(f"'{path}'" for path in paths) + "\x1b[201~"


def sent(server: DemoServer) -> list[Any]:
    """What of the last request's first prompt is no text of it."""
    content = server.log.replies[-1].body["messages"][0]["content"]
    return [block["source"]["data"] for block in content if block["type"] != "text"]


WHOLE = [base64.b64encode(PNG).decode(), "Go on."]


def test_dropped_files_outlive_kill_and_their_originals(tmp_path: Path, here: Path, warm: WarmProgram) -> None:
    with DemoServer(rate=0, latency_s=0) as server:
        environment = environment_of(tmp_path, server.url)
        with Terminal(["--model", "demo"], environment, warm) as terminal:
            terminal.wait_for("● Ready")
            terminal.send(dropped(here / "a.png", here / "plan.md"))
            terminal.wait_for("plan.md  text · 6 bytes · ~2 tokens")
            terminal.send("Look.")
            _wait_until_saved(terminal, tmp_path, "Look.")
            os.kill(terminal.process.pid, signal.SIGKILL)
        for path in here.iterdir():
            path.unlink()
        with Terminal(["--model", "demo"], environment, warm) as terminal:
            terminal.wait_for(lambda text: "a.png  PNG" in text and "Look." in text)
            terminal.send("\r")
            terminal.wait_for(lambda text: bool(server.log.replies) and "● Ready" in text and "in / " in text)
            assert sent(server) == WHOLE
            terminal.send("\x1b[15~")
            assert server.wait_for(lambda log: len(log.replies) == 2, PATIENCE_S)
            terminal.wait_for("● Ready")
            terminal.send(QUIT)
            assert terminal.exit_code() == 0
        assert sent(server) == WHOLE
    check_database(tmp_path / "data")
    kept = list((tmp_path / "data" / "tui-chat.files").iterdir())
    assert sorted(path.read_bytes() for path in kept) == sorted([PNG, b"Go on."])
    assert {path.stat().st_mode & 0o777 for path in kept} == {0o600}


def test_a_prompt_that_waits_keeps_its_files_through_a_kill(tmp_path: Path, here: Path, warm: WarmProgram) -> None:
    with DemoServer(rate=0, latency_s=0) as server:
        environment = environment_of(tmp_path, server.url)
        with Terminal(["--model", "demo"], environment, warm) as terminal:
            terminal.wait_for("● Ready")
            terminal.send("/fault slow-start@600\r")
            terminal.wait_for("Waiting")
            terminal.send(dropped(here / "plan.md"))
            terminal.wait_for("plan.md  text")
            terminal.send("Then this.\r")
            terminal.wait_for("queued  plan.md · Then this.")
            _wait_until_saved(terminal, tmp_path, "Then this.")
            os.kill(terminal.process.pid, signal.SIGKILL)
        (here / "plan.md").unlink()
        with Terminal(["--continue", "--model", "demo"], environment, warm) as terminal:
            terminal.wait_for("held    plan.md · Then this.")
            terminal.send("\r")
            assert server.wait_for(lambda log: len(log.replies) == 2, PATIENCE_S)
            terminal.wait_for("● Ready")
            last = server.log.replies[-1].body["messages"][-1]["content"]
            assert [block["source"]["data"] for block in last if block["type"] == "document"] == ["Go on."]
            terminal.send(QUIT)
            assert terminal.exit_code() == 0


def _wait_until_saved(terminal: Terminal, folder: Path, text: str) -> None:
    """Wait until what was written is in the database or its log."""
    files = [folder / "data" / f"tui-chat.db{suffix}" for suffix in ("", "-wal")]
    terminal.wait_for(lambda _: any(text.encode() in file.read_bytes() for file in files if file.exists()))
