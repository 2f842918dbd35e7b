"""The time that Stop takes while a tool of an MCP server is called, or asked about, in the real program.

Rows of the table that `python -m benchmarks.stop` prints. In the app: from Esc to the word on the screen, and until the
server has been told, or its request has ended. In `ask`: from SIGINT to the end of the process, and of its server.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests import mcp_stub
from tests.e2e.terminal import Terminal
from tests.unit.tools.http_server import HttpServer
from tests.unit.tools.test_servers import is_alive, noted
from tests.waiting import wait_until
from tui_chat.demo import DemoServer
from tui_chat.tools import offered_name

ENDED = ("stopped", "Stopping")
INTO_THE_CALL_S = 0.3
LOOK_S = 0.001
SHIFT_F9 = "\x1b[20;2~"


@dataclass(frozen=True)
class Case:
    """A place in the life of a call."""

    name: str
    far: bool = False
    """True if the server is asked over HTTP."""
    faults: tuple[str, ...] = ()
    allowed: bool = True
    """False if the question waits."""


CASES = (
    Case("the question about a call", allowed=False),
    Case("a call, over stdio"),
    Case("the same, a server that stays", faults=("stay", "child")),
    Case("a call, over HTTP", far=True),
)


@dataclass
class Scene:
    """A program's surroundings, and what its server knows."""

    environment: Mapping[str, str]
    folder: Path
    server: HttpServer | None

    @property
    def order(self) -> str:
        """The prompt whose reply calls the tool."""
        return f"/tool {offered_name('stub', 'hang')} {{}}\nGo"

    def is_called(self) -> bool:
        """True once the call has come to the server."""
        return self.server.hanging > 0 if self.server else bool(noted(self.folder, "calls"))

    def is_let_go(self) -> bool:
        """True once the server knows that nobody waits for it."""
        return self.server.let_go > 0 if self.server else bool(noted(self.folder, "cancelled"))

    def is_over(self) -> bool:
        """True if no process of the server is left."""
        return not any(map(is_alive, noted(self.folder, "pids")))


@contextmanager
def staged(case: Case) -> Iterator[Scene]:
    """A server with a tool that hangs, and the settings that name it."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        demo = stack.enter_context(DemoServer(rate=0, latency_s=0))
        far = HttpServer() if case.far else None
        if far:
            stack.callback(far.stop)
            way = f"url = {json.dumps(far.url)}"
        else:
            arguments = json.dumps([mcp_stub.__file__, "hang", *case.faults])
            way = f'command = {json.dumps(sys.executable)}\nargs = {arguments}\nenv = ["STUB_FOLDER"]'
        always = '[mcp]\nalways = ["stub:hang"]\n' if case.allowed else ""
        (folder / "config").mkdir()
        (folder / "config" / "config.toml").write_text(f"{always}[mcp.servers.stub]\n{way}\n")
        environment = {
            "ANTHROPIC_API_KEY": "benchmark",
            "ANTHROPIC_BASE_URL": demo.url,
            "TUI_CHAT_CONFIG_DIR": str(folder / "config"),
            "TUI_CHAT_DATA_DIR": str(folder / "data"),
            "STUB_FOLDER": str(folder),
            "NO_PROXY": "*",
        }
        yield Scene(environment, folder, far)


def in_app(case: Case) -> tuple[float, float | None]:
    """Milliseconds from Esc to the screen, and until the server knows."""
    with staged(case) as scene, Terminal([], scene.environment) as terminal:
        terminal.wait_for("Ready")
        terminal.send(f"\x1b[200~{scene.order}\x1b[201~\r")
        if case.allowed:
            wait_until(scene.is_called, "the tool is called")
        else:
            terminal.wait_for("wants to run")
        time.sleep(INTO_THE_CALL_S)
        pressed = terminal.send("\x1b")
        told_ms = _ms_until(scene.is_let_go, pressed) if case.allowed else None
        terminal.wait_for(lambda text: any(word in text for word in ENDED))
        return (terminal.first_came(ENDED, after=pressed) - pressed) * 1000, told_ms


def in_ask(case: Case) -> tuple[float, float | None]:
    """Milliseconds from SIGINT to the end of the process, and of its server."""
    with staged(case) as scene:
        command = [sys.executable, "-m", "tui_chat", "ask", "--allow-tool", "stub:hang", scene.order]
        environment = {**os.environ, **scene.environment}
        with subprocess.Popen(
            command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        ) as process:
            wait_until(scene.is_called, "the tool is called")
            time.sleep(INTO_THE_CALL_S)
            assert process.stdout is not None
            pressed = time.monotonic()
            process.send_signal(signal.SIGINT)
            process.stdout.read()
            took_ms = (time.monotonic() - pressed) * 1000
            over_ms = None if case.far else _ms_until(scene.is_over, pressed)
            assert process.wait() == 128 + signal.SIGINT
            return took_ms, over_ms


def _ms_until(fact: Callable[[], bool], since: float) -> float:
    while not fact():
        time.sleep(LOOK_S)
    return (time.monotonic() - since) * 1000


def rows(runs: int) -> Iterator[tuple[str, list[float], list[float], list[float]]]:
    """Yield a row of the table for each case: the app's screen, what the server knows, the end of `ask`."""
    logging.disable()  # the server would write a line for every request
    for case in CASES:
        app = [in_app(case) for _ in range(runs)]
        ask = [in_ask(case) for _ in range(runs)] if case.allowed else []
        over = [max(ms for ms in found if ms is not None) for found in ask]
        yield case.name, [ms for ms, _ in app], [ms for _, ms in app if ms is not None], over
