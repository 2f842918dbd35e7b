"""The time that Stop takes in every phase of a reply, in the real program.

    python -m benchmarks.stop [RUNS]

In the app: from Esc to the word, as the terminal gets it, and to the closed connection at the server. In `ask`: from
SIGINT to the end of the process. In lines, as for a screen reader: from Ctrl+C to the sentence. In calls of tools
"closed" is when their server knows, and `ask` has ended when its server has, too. Summaries of a conversation are made
in the app only. Last, from Ctrl+Q to the end of the app with twelve replies under way, each of them kept.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks import stop_tools
from benchmarks.quit import quit_ms
from tests.e2e.terminal import Terminal
from tui_chat.demo import DemoServer

ENDED = ("stopped", "Stopping")
PATIENCE_S = 30.0
INTO_THE_PHASE_S = 0.3
LOADED_S = 4.0
"""After this long the SDK is loaded, on a busy machine too."""
LOST_NAME = "lost.example"
HANGING_RESOLVER = f"""
import socket, time
whole = socket.getaddrinfo
def hanging(host, *arguments, **options):
    if host == {LOST_NAME!r}:
        time.sleep(20)
    return whole(host, *arguments, **options)
socket.getaddrinfo = hanging
"""


@dataclass(frozen=True)
class Case:
    """One phase of a reply, and how to get into it."""

    name: str
    shows: str
    """The words on the app's screen in it."""
    fault: str = ""
    place: str = "server"
    """The address that is asked."""
    batch: bool = False
    prints: bool = False
    """True if `ask` has printed something by then."""
    keys: str = "Hello\r"
    """What is typed to begin it."""


CASES = (
    Case("importing the SDK", "Connecting", place="no wait"),
    Case("connecting to a black hole", "Connecting", place="black hole"),
    Case("a resolver that hangs", "Connecting", place="resolver"),
    Case("TLS", "Connecting", place="tls"),
    Case("waiting for headers", "Waiting", "silent"),
    Case("waiting for the first token", "Waiting", "slow-start@30"),
    Case("stalled in mid-stream", "Before anything", "stall@12xall", prints=True),
    Case("flowing, flat out", "Streaming", "flood@400000", prints=True),
    Case("in the countdown to a retry", "Retrying", "429-seconds@30"),
    Case("batch", "Waiting", "slow-start@30", batch=True),
)
SUMMARIZE = "\x1b[19;2~"
SUMMARIES = (
    Case("a summary, waiting", "Waiting", "slow-start@30", keys=SUMMARIZE),
    Case("a summary, stalled", "A scripted", "stall@8xall", keys=SUMMARIZE),
)


@contextmanager
def black_hole() -> Iterator[str]:
    """Yield an address at which no connection is ever completed: its queue is full."""
    with ExitStack() as open_sockets:
        listener = open_sockets.enter_context(closing(socket.create_server(("127.0.0.1", 0), backlog=0)))
        for _ in range(4):
            client = open_sockets.enter_context(closing(socket.socket()))
            client.setblocking(False)
            client.connect_ex(listener.getsockname())
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


@contextmanager
def mute_tls() -> Iterator[str]:
    """Yield an address that takes connections and never says a word."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        yield f"https://127.0.0.1:{listener.getsockname()[1]}"


@contextmanager
def staged(case: Case) -> Iterator[tuple[DemoServer, list[str], Mapping[str, str]]]:
    """A server, the arguments that lead into the phase, and the environment."""
    with ExitStack() as stage:
        folder = Path(stage.enter_context(tempfile.TemporaryDirectory()))
        server = stage.enter_context(DemoServer(rate=0, latency_s=0))
        url = server.url
        if case.place == "black hole":
            url = stage.enter_context(black_hole())
        elif case.place == "tls":
            url = stage.enter_context(mute_tls())
        elif case.place == "resolver":
            url = f"http://{LOST_NAME}"
            (folder / "sitecustomize.py").write_text(HANGING_RESOLVER)
        environment = {
            "ANTHROPIC_API_KEY": "benchmark",
            "ANTHROPIC_BASE_URL": url,
            "TUI_CHAT_CONFIG_DIR": str(folder / "config"),
            "TUI_CHAT_DATA_DIR": str(folder / "data"),
            "PYTHONPATH": str(folder),
            "NO_PROXY": "*",
        }
        model = f"demo+{case.fault}" if case.fault else "demo"
        talked = ["--continue"] if case.keys == SUMMARIZE else []
        if talked:
            _store_talk(folder / "talk.json", environment)
        yield server, ["--model", model, *talked, *(["--batch"] if case.batch else [])], environment


def _store_talk(file: Path, environment: Mapping[str, str]) -> None:
    """Store a conversation that can be summarized."""
    messages = [{"role": role, "text": f"Word {number}"} for number in range(4) for role in ("user", "assistant")]
    file.write_text(json.dumps({"title": "Talk", "messages": messages}))
    command = [sys.executable, "-m", "tui_chat", "history", "import", str(file)]
    subprocess.run(command, env={**os.environ, **environment}, check=True, stdout=subprocess.DEVNULL)


def in_app(case: Case) -> tuple[float, float | None]:
    """Milliseconds from Esc to the screen, and to the server's end of the connection."""
    with staged(case) as (server, arguments, environment), Terminal(arguments, environment) as terminal:
        terminal.wait_for("Ready")
        if case.place not in ("server", "no wait"):
            time.sleep(LOADED_S)
        terminal.send(case.keys)
        terminal.wait_for(case.shows)
        time.sleep(0.05 if case.place == "no wait" else INTO_THE_PHASE_S)
        pressed = terminal.send("\x1b")
        terminal.wait_for(lambda text: any(word in text for word in ENDED))
        screen_ms = (terminal.first_came(ENDED, after=pressed) - pressed) * 1000
        if not server.log.replies:
            return screen_ms, None
        server.wait_for(lambda log: log.replies[-1].ended_at is not None, timeout_s=2)
        closed = server.log.replies[-1].client_closed_at
        return screen_ms, (closed - pressed) * 1000 if closed else None


def in_ask(case: Case) -> float:
    """Milliseconds from SIGINT to the end of the process."""
    with staged(case) as (server, arguments, environment):
        command = [sys.executable, "-m", "tui_chat", "ask", *arguments, "Hello"]
        with subprocess.Popen(
            command,
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        ) as process:
            _wait_until_in(case, process, server, Path(environment["TUI_CHAT_DATA_DIR"]))
            assert process.stdout is not None
            pressed = time.monotonic()
            process.send_signal(signal.SIGINT)
            process.stdout.read()  # to its end, which is the process's: waiting for that would look only now and then
            took_ms = (time.monotonic() - pressed) * 1000
            status = process.wait(PATIENCE_S)
            assert status == 128 + signal.SIGINT, (case.name, status)
            return took_ms


def in_lines(case: Case) -> float:
    """Milliseconds from Ctrl+C to the sentence that says so, in screen reader mode."""
    with (
        staged(case) as (server, arguments, environment),
        Terminal(["--screen-reader", *arguments], environment) as terminal,
    ):
        terminal.wait_for("You:")
        if case.place not in ("server", "no wait"):
            time.sleep(LOADED_S)
        terminal.send(case.keys)
        _wait_until_in_lines(case, terminal, server)
        pressed = terminal.send("\x03")
        terminal.wait_for("Stopped")
        return (terminal.first_came(("Stopped",), after=pressed) - pressed) * 1000


def _wait_until_in_lines(case: Case, terminal: Terminal, server: DemoServer) -> None:
    if case.place != "server":
        time.sleep(INTO_THE_PHASE_S)
        return
    assert server.wait_for(lambda log: bool(log.replies), PATIENCE_S)
    if case.shows == "Retrying":
        terminal.wait_for("Retrying in")
    elif case.prints:
        terminal.wait_for(lambda text: "Claude:" in text or "Assistant:" in text)
    time.sleep(INTO_THE_PHASE_S)


def _wait_until_in(case: Case, process: subprocess.Popen[bytes], server: DemoServer, data: Path) -> None:
    if case.place == "no wait":
        while not any(data.glob("running/*")):  # the prompt is stored, the SDK is not yet there
            time.sleep(0.005)
    elif case.place != "server":
        time.sleep(LOADED_S)
    elif case.prints and process.stdout is not None:
        process.stdout.read(1)
    else:
        assert server.wait_for(lambda log: bool(log.replies), PATIENCE_S)
        time.sleep(INTO_THE_PHASE_S)


def row(name: str, *columns: list[float]) -> str:
    """Return a line of the table: median and worst of each column."""
    cells = (
        f"{statistics.median(figures):8.1f} {max(figures):7.1f}" if figures else f"{'-':>16}" for figures in columns
    )
    return f"{name:32}" + " ".join(cells)


def main() -> None:
    """Print the table."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell has what it runs in the background ignore it
    sys.setswitchinterval(0.0005)  # the server's threads must not hold up the one that reads the terminal
    head = "".join(f"{word:>8} {'worst':>7} " for word in ("screen", "closed", "ask", "lines"))
    print(f"{f'ms, {runs} runs':32}{head}")
    for case in CASES:
        app = [in_app(case) for _ in range(runs)]
        closed = [ms for _, ms in app if ms is not None]
        ask = [in_ask(case) for _ in range(runs)]
        lines = [in_lines(case) for _ in range(runs)]
        print(row(case.name, [ms for ms, _ in app], closed, ask, lines), flush=True)
    for name, screen, told, ended in stop_tools.rows(runs):
        print(row(name, screen, told, ended), flush=True)
    for case in SUMMARIES:
        app = [in_app(case) for _ in range(runs)]
        print(row(case.name, [ms for ms, _ in app], [ms for _, ms in app if ms is not None], []), flush=True)
    print(row("quitting with twelve replies", [_quit() for _ in range(runs)]))


def _quit() -> float:
    with tempfile.TemporaryDirectory() as folder:
        return quit_ms(Path(folder))


if __name__ == "__main__":
    main()
