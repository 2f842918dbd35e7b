"""The time that quitting takes with twelve replies under way, from the key to the process's end; and what is kept.

python -m benchmarks.quit [RUNS]
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from pathlib import Path

from tests.e2e.killing import environment_of
from tests.e2e.terminal import Terminal
from tests.e2e.test_quit import QUIT, RATE, REPLIES, begin_replies, partials
from tui_chat.demo import DemoServer


def quit_ms(folder: Path) -> float:
    """Return one run, in milliseconds; every partial must be there."""
    with (
        DemoServer(rate=RATE, latency_s=0) as server,
        Terminal(["--model", "demo"], environment_of(folder, server.url)) as terminal,
    ):
        terminal.wait_for("Ready")
        begin_replies(terminal, server)
        pressed = terminal.send(QUIT)
        assert terminal.exit_code() == 0
    took_ms = (terminal.ended_at - pressed) * 1000
    kept = partials(folder / "data").values()
    assert len(kept) == REPLIES
    assert all(status == "stopped" and text for status, text in kept)
    return took_ms


def main() -> None:
    """Print the figures."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    figures = []
    for _ in range(runs):
        with tempfile.TemporaryDirectory() as folder:
            figures.append(quit_ms(Path(folder)))
    print(f"{REPLIES} replies under way, {runs} runs; all partials kept")
    print(f"quit ms  {statistics.median(figures):6.0f} median {max(figures):6.0f} worst")


if __name__ == "__main__":
    main()
