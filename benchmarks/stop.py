"""How long Stop takes: from the key to the word on the screen, and to the closed connection at the server.

    python -m benchmarks.stop [RUNS]

Drives the real program in a pseudo-terminal against the demo server, in every phase of a reply.
"""

from __future__ import annotations

import socket
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tests.e2e.terminal import Terminal
from tui_chat.demo import DemoServer


@dataclass(frozen=True)
class Case:
    """One phase of a reply, and how to get into it."""

    name: str
    fault: str
    reached: str
    arguments: tuple[str, ...] = ()


CASES = (
    Case("waiting for headers", "silent", "Waiting"),
    Case("waiting for the first token", "slow-start@30", "Waiting"),
    Case("stalled in mid-stream", "stall@12xall", "Before anything"),
    Case("flowing, flat out", "flood@400000", "Streaming"),
    Case("in the countdown to a retry", "429-seconds@30", "Retrying"),
    Case("batch", "silent", "Waiting", ("--batch",)),
)
ENDED = ("stopped", "Stopping")


def measure(case: Case, folder: Path) -> tuple[float, float | None]:
    """Milliseconds from the key to the screen, and to the server's end of the connection."""
    with DemoServer(rate=0, latency_s=0) as server:
        environment = {
            "ANTHROPIC_API_KEY": "benchmark",
            "ANTHROPIC_BASE_URL": server.url,
            "TUI_CHAT_CONFIG_DIR": str(folder / "config"),
            "TUI_CHAT_DATA_DIR": str(folder / "data"),
        }
        with Terminal(["--model", f"demo+{case.fault}", *case.arguments], environment) as terminal:
            terminal.wait_for("Ready")
            terminal.send("Hello\r")
            terminal.wait_for(case.reached)
            time.sleep(0.3)  # into the phase
            pressed = terminal.send("\x1b")
            terminal.wait_for(lambda text: any(word in text for word in ENDED))
            screen_ms = (time.monotonic() - pressed) * 1000
            server.wait_for(lambda log: log.replies[-1].ended_at is not None, timeout_s=2)
            closed = server.log.replies[-1].client_closed_at
            return screen_ms, (closed - pressed) * 1000 if closed else None


def connecting(folder: Path) -> float:
    """Milliseconds from the key to the screen while the connection hangs: a listener whose queue is full."""
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        with socket.create_connection(full.getsockname()), socket.socket() as second:
            second.setblocking(False)
            second.connect_ex(full.getsockname())
            environment = {
                "ANTHROPIC_API_KEY": "benchmark",
                "ANTHROPIC_BASE_URL": f"http://127.0.0.1:{full.getsockname()[1]}",
                "TUI_CHAT_CONFIG_DIR": str(folder / "config"),
                "TUI_CHAT_DATA_DIR": str(folder / "data"),
            }
            with Terminal([], environment) as terminal:
                terminal.wait_for("Ready")
                terminal.send("Hello\r")
                terminal.wait_for("Connecting")
                time.sleep(1.5)  # past the import of the SDK
                pressed = terminal.send("\x1b")
                terminal.wait_for(lambda text: any(word in text for word in ENDED))
                return (time.monotonic() - pressed) * 1000


def row(name: str, screen: list[float], closed: list[float]) -> str:
    """A line of the table."""
    shut = f"{statistics.median(closed):8.1f} {max(closed):8.1f}" if closed else "       -        -"
    return f"{name:32} {statistics.median(screen):8.1f} {max(screen):8.1f} {shut}"


def repeated(runs: int, once: Callable[[Path], tuple[float, float | None]]) -> tuple[list[float], list[float]]:
    """The figures of several runs."""
    screen, closed = [], []
    for _ in range(runs):
        with tempfile.TemporaryDirectory() as folder:
            shown, shut = once(Path(folder))
        screen.append(shown)
        if shut is not None:
            closed.append(shut)
    return screen, closed


def main() -> None:
    """Print the table."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    print(f"{'ms from Esc, ' + str(runs) + ' runs':32} {'screen':>8} {'worst':>8} {'closed':>8} {'worst':>8}")
    print(row("connecting", *repeated(runs, lambda folder: (connecting(folder), None))))
    for case in CASES:
        print(row(case.name, *repeated(runs, partial(measure, case))))


if __name__ == "__main__":
    main()
