"""A demo server that answers at once, and the environment and the command that go to it."""

from __future__ import annotations

import os
import socket
from collections.abc import Generator, Iterator, Mapping
from contextlib import closing
from pathlib import Path

import pytest

from tests.e2e.command import Command
from tests.e2e.terminal import Terminal
from tests.e2e.warm import WarmProgram
from tui_chat.demo import DemoServer

KEY = "sk-ant-test-0123456789abcdefghijklmnopqrstuvwxyz"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Function) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A test that fails shows the screen of the terminal that it was given."""
    report = yield
    if report.failed:
        terminals = [fixture for fixture in item.funcargs.values() if isinstance(fixture, Terminal)]
        report.sections += [("the screen", terminal.text) for terminal in terminals]
    return report


@pytest.fixture
def server() -> Iterator[DemoServer]:
    """A demo server that answers at once and as fast as the socket goes."""
    with DemoServer(rate=0, latency_s=0) as server:
        yield server


@pytest.fixture
def environment(server: DemoServer, tmp_path: Path) -> Mapping[str, str]:
    """Folders of the test's own, and the server in the provider's place, by its terms."""
    (tmp_path / "config").mkdir(exist_ok=True)
    (tmp_path / "config" / "config.toml").write_text("[provider]\nvendor_prices = true\n[local]\nserver_ports = []\n")
    return {
        "ANTHROPIC_API_KEY": KEY,
        "ANTHROPIC_BASE_URL": server.url,
        "TUI_CHAT_CONFIG_DIR": str(tmp_path / "config"),
        "TUI_CHAT_DATA_DIR": str(tmp_path / "data"),
    }


@pytest.fixture(scope="session")
def warm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WarmProgram]:
    """The program with the SDK loaded; the workers of a run have one together."""
    own = tmp_path_factory.getbasetemp()
    warm = WarmProgram(own.parent if "PYTEST_XDIST_WORKER" in os.environ else own)
    yield warm
    warm.close()


@pytest.fixture
def cli(environment: Mapping[str, str], warm: WarmProgram) -> Command:
    """The command line."""
    return Command(environment, warm)


@pytest.fixture
def blackhole() -> Iterator[int]:
    """A port on which no connection is ever completed: its queue is full."""
    with closing(socket.create_server(("127.0.0.1", 0), backlog=0)) as listener:
        address = listener.getsockname()
        clients = [socket.socket() for _ in range(4)]
        for client in clients:
            client.setblocking(False)
            client.connect_ex(address)
        yield address[1]
        for client in clients:
            client.close()


@pytest.fixture
def prompts(tmp_path: Path) -> Path:
    """A file with three prompts for `ask --prompts`, and an empty line that is none."""
    path = tmp_path / "prompts.txt"
    path.write_text("hello\na table\n\npython\n")
    return path


@pytest.fixture
def output(tmp_path: Path) -> Path:
    """The file, not there yet, that the results go to."""
    return tmp_path / "results.jsonl"
