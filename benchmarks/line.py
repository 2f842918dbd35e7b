"""The bytes that a reply sends to the terminal, per token.

    python -m benchmarks.line [RATE] [SECONDS]

A slow line has to carry them, and a typed character waits behind them.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time

from tests.e2e.terminal import Terminal

SIZES = ((80, 24), (120, 40), (200, 60))
LOADED_S = 3.0


def bytes_a_second(url: str, size: tuple[int, int], seconds: float) -> float:
    """Return the bytes a second that the app writes while text flows."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            "ANTHROPIC_API_KEY": "benchmark",
            "ANTHROPIC_BASE_URL": url,
            "TUI_CHAT_CONFIG_DIR": folder,
            "TUI_CHAT_DATA_DIR": folder,
            "NO_PROXY": "*",
        }
        with Terminal(["--model", "demo"], environment, size=size) as terminal:
            terminal.wait_for("Ready")
            time.sleep(LOADED_S)
            terminal.send("\x1b[200~/tokens 100000\nSomething long\x1b[201~\r")
            terminal.wait_for("Streaming")
            time.sleep(LOADED_S)
            before, begun = len(terminal.raw), time.monotonic()
            time.sleep(seconds)
            return (len(terminal.raw) - before) / (time.monotonic() - begun)


def main() -> None:
    """Print the table."""
    rate = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 15.0
    command = [sys.executable, "-m", "tui_chat", "demo-server", "--port", "0", "--rate", str(rate)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        url = next(word for word in server.stdout.readline().split() if word.startswith("http"))
        print(f"bytes a token, at {rate} tokens a second")
        try:
            for columns, rows in SIZES:
                written = bytes_a_second(url, (columns, rows), seconds) / rate
                print(f"{f'{columns}x{rows}':>8} {written:6.0f}", flush=True)
        finally:
            server.terminate()


if __name__ == "__main__":
    main()
