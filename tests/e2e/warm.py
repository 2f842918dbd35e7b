"""The program with all of it already loaded, to be forked for each run: loading it costs two seconds every time.

Each run is a process of its own all the same, with its own streams, environment, signals and exit status.
The workers of pytest share one such program: the first that needs it starts it, and it ends when the last has let go.
"""

from __future__ import annotations

import fcntl
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from threading import Timer
from typing import IO

from tests.waiting import PATIENCE_S

FORKING = Path(__file__).with_name("forking.py")


class WarmProgram:
    """A process that has loaded everything; it is told what to run, and forks."""

    def __init__(self, folder: Path) -> None:
        """Use the one that listens in a folder, or start it."""
        self._line = socket.socket(socket.AF_UNIX)
        address, lock = folder / "warm", folder / "warm.lock"
        with lock.open("w") as locked:  # one that is found does not end before it is spoken to
            fcntl.flock(locked, fcntl.LOCK_EX)
            try:
                self._line.connect(str(address))
            except OSError:
                self._start(address, lock)

    def run(
        self, arguments: Sequence[str], environment: Mapping[str, str], stdin: bytes = b""
    ) -> subprocess.CompletedProcess[bytes]:
        """Run `tui-chat` to its end."""
        with ExitStack() as files:
            streams = [files.enter_context(_file(content)) for content in (stdin, b"", b"")]
            process = files.enter_context(self.fork(arguments, environment, [file.fileno() for file in streams]))
            try:
                process.wait(PATIENCE_S)
            except subprocess.TimeoutExpired:
                process.kill()
            status = process.wait(PATIENCE_S)
            for file in streams:
                file.seek(0)
            return subprocess.CompletedProcess(list(arguments), status, streams[1].read(), streams[2].read())

    def start(self, arguments: Sequence[str], environment: Mapping[str, str]) -> Forked:
        """Run it while the test goes on, and read what it writes."""
        (stdout, out), (stderr, err) = os.pipe(), os.pipe()
        with Path(os.devnull).open() as stdin:
            process = self.fork(arguments, environment, [stdin.fileno(), out, err])
        for file in (out, err):
            os.close(file)
        process.stdout, process.stderr = os.fdopen(stdout, "rb"), os.fdopen(stderr, "rb")
        return process

    def fork(
        self,
        arguments: Sequence[str],
        environment: Mapping[str, str],
        streams: Sequence[int],
        *,
        terminal: bool = False,
    ) -> Forked:
        """Run it with these streams; where they are a terminal, that is its own, as a shell's is."""
        report, theirs = os.pipe()
        with _file(json.dumps([list(arguments), dict(environment), terminal]).encode()) as order:
            socket.send_fds(self._line, [b"!"], [*streams, order.fileno(), theirs])
        os.close(theirs)
        return Forked(arguments, os.fdopen(report, "rb", buffering=0))

    def close(self) -> None:
        """Let go of it; all that was run here has ended."""
        with self._line:
            self._line.shutdown(socket.SHUT_WR)
            self._line.settimeout(PATIENCE_S)
            self._line.recv(1)

    def _start(self, address: Path, lock: Path) -> None:
        """Start the process that others will find here; it has a connection from the first, so that it always ends."""
        address.unlink(missing_ok=True)  # of one that was killed
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(str(address))
            listener.listen()
            self._line.connect(str(address))
            listener.set_inheritable(True)
            command = [sys.executable, "-P", str(FORKING), str(listener.fileno()), str(lock)]
            os.posix_spawn(sys.executable, command, os.environ)


class Forked:
    """A run of the program; it is used as a `Popen` is."""

    def __init__(self, arguments: Sequence[str], report: IO[bytes]) -> None:
        self.stdout: IO[bytes] | None = None
        self.stderr: IO[bytes] | None = None
        self.returncode: int | None = None
        self._arguments = arguments
        self._report = report
        self.pid = int(report.readline())

    def __enter__(self) -> Forked:
        return self

    def __exit__(self, *_: object) -> None:
        for file in filter(None, (self.stdout, self.stderr)):
            file.close()
        self.kill()
        self.wait(PATIENCE_S)

    def poll(self) -> int | None:
        """Return its exit status, if it has ended."""
        return self._status_within(0)

    def wait(self, timeout: float | None = None) -> int:
        """Return its exit status, once it has ended."""
        status = self._status_within(timeout)
        if status is None:
            raise subprocess.TimeoutExpired(list(self._arguments), timeout or 0)
        return status

    def send_signal(self, number: int) -> None:
        """Send it a signal, unless it has ended; then its status may still be on its way here."""
        if self.poll() is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)

    def communicate(self, timeout: float) -> tuple[bytes, bytes]:
        """Return what it writes until its end; it has to end in time."""
        assert self.stdout is not None
        assert self.stderr is not None
        too_late = Timer(timeout, self.kill)
        too_late.start()
        written = self.stdout.read(), self.stderr.read()
        too_late.cancel()
        self.wait(timeout)
        return written

    def _status_within(self, seconds: float | None) -> int | None:
        if self.returncode is None and select.select([self._report], [], [], seconds)[0]:
            with self._report:
                self.returncode = int(self._report.readline())
        return self.returncode


def _file(content: bytes) -> IO[bytes]:
    file = tempfile.TemporaryFile()  # noqa: SIM115 - it is its caller's to close
    file.write(content)
    file.seek(0)
    return file
