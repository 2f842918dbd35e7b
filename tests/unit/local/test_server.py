"""The process that runs the model: one, reachable while the program lives, gone with it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.waiting import PATIENCE_S, wait_until
from tui_chat.local import LocalProblem
from tui_chat.local.server import LocalServer, engine_problem

STARTS_AND_DIES = """
import os, signal, sys
from pathlib import Path
from tests.waiting import wait_until
from tui_chat.local.server import LocalServer
server = LocalServer()
print(server.start(Path(sys.argv[1]), "small").url, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def server() -> Iterator[LocalServer]:
    server = LocalServer()
    yield server
    server.stop()


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/v1/models", timeout=PATIENCE_S) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def gone(url: str) -> bool:
    """True if it stops answering before long."""
    return wait_until(lambda: not answers(url), "it stops answering")


@pytest.mark.usefixtures("engine")
def test_it_is_started_once_and_again_when_it_has_died(server: LocalServer, model: Path) -> None:
    first = server.start(model, "small")
    assert answers(first.url)
    assert server.start(model, "small") == first
    assert first.key not in repr(first)
    process = server._process
    assert process is not None
    os.kill(process.pid, signal.SIGKILL)
    process.wait(PATIENCE_S)
    again = server.start(model, "small")
    assert again != first
    assert answers(again.url)
    server.stop()
    assert gone(again.url)
    with pytest.raises(LocalProblem, match="ending"):
        server.start(model, "small")


@pytest.mark.usefixtures("engine")
def test_its_end_may_take_the_system_longer_than_is_waited_for(
    server: LocalServer, model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.start(model, "small")
    process = server._process
    assert process is not None
    monkeypatch.setattr("tui_chat.local.server._GOODBYE_S", 0.0)
    server.stop()
    assert process.wait(PATIENCE_S) == -signal.SIGKILL


@pytest.mark.usefixtures("engine")
def test_it_ends_with_a_program_that_is_killed(model: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", STARTS_AND_DIES, str(model)],
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert gone(done.stdout.strip())


@pytest.mark.usefixtures("engine")
def test_what_cannot_be_run_is_a_sentence(server: LocalServer, model: Path) -> None:
    model.write_text("no model")
    with pytest.raises(LocalProblem, match=r"small\.gguf cannot be loaded: it is no GGUF file"):
        server.start(model, "small")
    model.unlink()
    with pytest.raises(LocalProblem, match=r"no model at .*small\.gguf: run `tui-chat local install`"):
        server.start(model, "small")


def test_without_the_engine_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui_chat.local.server.ENGINE", "no_such_engine")
    problem = engine_problem()
    assert problem is not None
    assert "pip install no_such_engine" in problem.sentence


@pytest.mark.usefixtures("engine")
def test_the_process_does_not_inherit_keys(server: LocalServer, model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ANTHROPIC_API_KEY", "OPENAI_API_KEY", "AWS_SECRET_ACCESS_KEY", "ANY_TOKEN", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "hunter2")
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    server.start(model, "small")
    assert server._process is not None
    environment = Path(f"/proc/{server._process.pid}/environ").read_bytes()
    assert b"OMP_NUM_THREADS=1" in environment
    assert b"hunter2" not in environment
