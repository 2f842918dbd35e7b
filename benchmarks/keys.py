"""The time until a typed character is on the screen, at rest and while replies come; and a paste of a megabyte.

    python -m benchmarks.keys [KEYS]

From the write to the terminal until the terminal is sent the character, in milliseconds: the real program at 120x40.
"""

from __future__ import annotations

import fcntl
import os
import pty
import random
import socket
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

PATIENCE_S = 30.0
UNCOMMON = [chr(code) for code in (*range(0x0400, 0x0460), *range(0x0531, 0x0557))]
"""Characters that no reply holds: one that is written to the terminal is the one that was typed."""
AT_REST, FLAT_OUT = None, 0
PACES = {"at rest": AT_REST, "at 100 tokens a second": 100, "at 1,000 tokens a second": 1000, "flat out": FLAT_OUT}
"""Tokens a second; 0 is as fast as the connection goes."""
A_MEGABYTE = "All work and no play makes Jack a dull boy.\r" * 24_000
PROGRAM = [sys.executable, "-m", "tui_chat"]


class Program:
    """The program in a bare terminal: nothing draws what it writes, as that would take its time too."""

    def __init__(
        self,
        address: str,
        folder: str,
        options: Sequence[str],
        width: int,
        command: Sequence[str] = PROGRAM,
        more: Mapping[str, str] | None = None,
    ) -> None:
        self.written = bytearray()
        self.arrivals: list[tuple[float, int]] = []
        """When something was written, and how much had been by then."""
        self.folder = Path(folder)
        """What it keeps, and its settings."""
        self._grown = threading.Condition()
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 40, width, 0, 0))
        environment = {
            **os.environ,
            "TERM": "xterm-256color",
            "ANTHROPIC_API_KEY": "test-key",
            "ANTHROPIC_BASE_URL": address,
            "TUI_CHAT_CONFIG_DIR": folder,
            "TUI_CHAT_DATA_DIR": folder,
            **(more or {}),
        }
        self.process = subprocess.Popen(
            [*command, *options], stdin=slave, stdout=slave, stderr=slave, env=environment, start_new_session=True
        )
        os.close(slave)
        threading.Thread(target=self._read, daemon=True).start()

    def send(self, text: str) -> None:
        """Type."""
        os.write(self._master, text.encode())

    def wait_for(self, text: str, since: int = 0, times: int = 1) -> None:
        """Wait until the terminal has been sent this, once or several times."""
        deadline = time.monotonic() + PATIENCE_S
        with self._grown:
            while self.written.count(text.encode(), since) < times:
                assert self._grown.wait(deadline - time.monotonic()), f"{text!r} was never shown"

    def shown_after_ms(self, keys: str, text: str, times: int = 1) -> float:
        """Return the time until keys show a text, once or several times."""
        since, began = len(self.written), time.monotonic()
        self.send(keys)
        self.wait_for(text, since, times)
        return (time.monotonic() - began) * 1000

    def _read(self) -> None:
        while True:
            try:
                data = os.read(self._master, 65_536)
            except OSError:
                return  # the program has ended
            with self._grown:
                self.written += data
                self.arrivals.append((time.monotonic(), len(self.written)))
                self._grown.notify_all()


@contextmanager
def started(rate: int, options: Sequence[str] = ("--model", "demo"), width: int = 120) -> Iterator[Program]:
    """Yield the program and a demo server, each a process of its own."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [*PROGRAM, "demo-server", "--port", str(port), "--rate", str(rate)], stdout=subprocess.DEVNULL
    )
    with tempfile.TemporaryDirectory() as folder:
        program = Program(f"http://127.0.0.1:{port}", folder, options, width)
        try:
            program.wait_for("Ready")
            time.sleep(2)  # what it loads behind the first screen
            yield program
        finally:
            for process in (program.process, server):
                process.kill()
                process.wait()


def typed_ms(program: Program, count: int) -> list[float]:
    """Return the latencies of keys, at the pace of a quick typist."""
    latencies = []
    for character in random.choices(UNCOMMON, k=count):
        time.sleep(random.uniform(0.03, 0.12))
        latencies.append(program.shown_after_ms(character, character))
    return sorted(latencies)


def main() -> None:
    """Print the table."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    print(f"{'':24}  {'median':>8}  {'90 %':>8}  {'worst':>8}   ms, {count} keys")
    for name, rate in PACES.items():
        with started(rate or FLAT_OUT) as program:
            if rate is not AT_REST:
                program.send("\x1b[200~/tokens 1000000\nsomething long\x1b[201~\r")
                program.wait_for("Streaming")
                time.sleep(2)
            times = typed_ms(program, count)
            nine = times[len(times) * 9 // 10]
            print(f"{name:24}  {statistics.median(times):8.1f}  {nine:8.1f}  {times[-1]:8.1f}")
    with started(FLAT_OUT) as program:
        took_ms = program.shown_after_ms(f"\x1b[200~{A_MEGABYTE}\x1b[201~", "24,000 lines pasted")
        print(f"{'a paste of a megabyte':24}  {took_ms:8.1f}")


if __name__ == "__main__":
    main()
