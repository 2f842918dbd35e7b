"""The program over a slow line: what a typed character, flowing text and Esc take there.

    python -m benchmarks.slow_line [BYTES_A_SECOND] [DELAY_MS] [TOKENS_A_SECOND]

The line carries so many bytes a second and delays each of them, either way, as a connection over a mobile phone does.
What does not fit waits in the program, as it would behind a full socket.
"""

from __future__ import annotations

import os
import pty
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence

from benchmarks.start import PROGRAM, environment
from tui_chat.demo import DemoServer

IN_FLIGHT_S = 0.25
"""What the buffers of a line hold, in seconds of it."""
ECHOES = 10
FLOWING_S = 10.0
TYPED = "€"
PATIENCE_S = 60.0


class SlowLine:
    """A program at the other end of a slow line."""

    def __init__(self, command: Sequence[str], folder: str, rate: float, delay_s: float) -> None:
        self._rate, self._delay_s = rate, delay_s
        self._ours, its = pty.openpty()
        self._program = subprocess.Popen(
            command, env=environment(folder), stdin=its, stdout=its, stderr=its, start_new_session=True
        )
        os.close(its)
        self.arrived = bytearray()
        self._changed = threading.Condition()
        threading.Thread(target=self._carry, daemon=True).start()

    def _carry(self) -> None:
        """Read no faster than the line carries, and hand on what was read when its time has come."""
        free_at = time.monotonic()
        while data := self._read(max(int(self._rate * IN_FLIGHT_S / 4), 1)):
            now = time.monotonic()
            free_at = max(free_at, now) + len(data) / self._rate
            threading.Timer(free_at + self._delay_s - now, self._arrive, [data]).start()
            time.sleep(max(free_at - now - IN_FLIGHT_S, 0))

    def _read(self, most: int) -> bytes:
        try:
            return os.read(self._ours, most)
        except OSError:  # the program has ended
            return b""

    def _arrive(self, data: bytes) -> None:
        with self._changed:
            self.arrived += data
            self._changed.notify_all()

    def send(self, keys: str) -> None:
        """Send keys, which arrive after the delay."""
        threading.Timer(self._delay_s, os.write, [self._ours, keys.encode()]).start()

    def wait_for(self, text: str, begin: int = 0) -> float:
        """Wait until a text has arrived since then; return how long that took, in seconds."""
        begun, wanted = time.monotonic(), text.encode()
        with self._changed:
            if not self._changed.wait_for(lambda: wanted in self.arrived[begin:], PATIENCE_S):
                raise TimeoutError(f"{text!r} did not come: {bytes(self.arrived[-300:])!r}")
        return time.monotonic() - begun

    def close(self) -> None:
        """End the program."""
        self._program.kill()
        self._program.wait()
        os.close(self._ours)


def echo_s(line: SlowLine) -> float:
    """Return the time from a key to its character on the screen; the composer is empty again afterwards."""
    begin = len(line.arrived)
    line.send(TYPED)
    taken_s = line.wait_for(TYPED, begin)
    line.send("\x7f")
    time.sleep(0.5)
    return taken_s


def measure(url: str, folder: str, rate: float, delay_s: float) -> None:
    """Type, let text flow, type while it flows, and stop it."""
    line = SlowLine((*PROGRAM, "--provider", "demo", "--base-url", url), folder, rate, delay_s)
    try:
        print(f"first paint          {line.wait_for('Ready'):6.2f} s")
        time.sleep(5)
        print(f"echo, idle           {max(echo_s(line) for _ in range(ECHOES)) * 1000:6.0f} ms at most")
        line.send("\x1b[200~/tokens 100000\nSomething long\x1b[201~\r")
        line.wait_for("Streaming")
        time.sleep(3)
        before, begun = len(line.arrived), time.monotonic()
        time.sleep(FLOWING_S)
        print(f"flowing text         {(len(line.arrived) - before) / (time.monotonic() - begun):6.0f} bytes a second")
        print(f"echo, flowing        {max(echo_s(line) for _ in range(ECHOES)) * 1000:6.0f} ms at most")
        begin = len(line.arrived)
        line.send("\x1b")
        print(f"Esc to stopped       {line.wait_for('topped', begin) * 1000:6.0f} ms")
    finally:
        line.close()


def main() -> None:
    """Measure over one line."""
    rate, delay_ms, tokens = (float(text) for text in (*sys.argv[1:], *("20000", "150", "100")[len(sys.argv) - 1 :]))
    with DemoServer(rate=tokens, latency_s=0) as server, tempfile.TemporaryDirectory() as folder:
        measure(server.url, folder, rate, delay_ms / 1000)


if __name__ == "__main__":
    main()
