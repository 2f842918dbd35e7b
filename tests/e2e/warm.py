"""The program with all of it already loaded, to be forked for each run: loading it costs two seconds every time.

Each run is a process of its own all the same, with its own streams, environment, signals and exit status.
"""

from __future__ import annotations

import fcntl
import gc
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import termios
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from importlib import import_module
from pathlib import Path
from threading import Timer
from typing import IO

PATIENCE_S = 60.0
STREAMS = (("stdin", "r"), ("stdout", "w"), ("stderr", "w"))


class WarmProgram:
    """A process that has loaded everything; it is told what to run, and forks."""

    def __init__(self) -> None:
        self._line, theirs = socket.socketpair()
        with theirs:
            command = [sys.executable, "-P", __file__, str(theirs.fileno())]
            self._process = subprocess.Popen(command, pass_fds=[theirs.fileno()])

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
        """End it."""
        self._line.close()
        self._process.wait(PATIENCE_S)


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
        """Its exit status, if it has ended."""
        return self._status_within(0)

    def wait(self, timeout: float | None = None) -> int:
        """Its exit status, once it has ended."""
        status = self._status_within(timeout)
        if status is None:
            raise subprocess.TimeoutExpired(list(self._arguments), timeout or 0)
        return status

    def send_signal(self, number: int) -> None:
        """Send it a signal, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)

    def communicate(self, timeout: float) -> tuple[bytes, bytes]:
        """What it writes until its end; it has to end in time."""
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


def _serve(line: socket.socket) -> None:
    """Fork for every order."""
    overseers: list[int] = []
    while files := socket.recv_fds(line, 1, len(STREAMS) + 2)[1]:
        overseer = os.fork()
        if overseer == 0:
            line.close()
            _oversee(files)
        for file in files:
            os.close(file)
        overseers = [pid for pid in overseers if os.waitpid(pid, os.WNOHANG) == (0, 0)] + [overseer]
    for pid in overseers:
        os.waitpid(pid, 0)


def _oversee(files: Sequence[int]) -> None:
    """Fork once more, to be the program, and report how that ends."""
    child = os.fork()
    if child == 0:
        _become(files)
    *others, report = files
    for file in others:
        os.close(file)
    _, status = os.waitpid(child, 0)
    os.write(report, b"%d\n" % os.waitstatus_to_exitcode(status))
    os._exit(0)


def _become(files: Sequence[int]) -> None:
    """Be the program, as a shell would start it."""
    *streams, ordered, report = files
    for number, (file, (name, mode)) in enumerate(zip(streams, STREAMS, strict=True)):
        os.dup2(file, number)
        os.close(file)
        stream = os.fdopen(number, mode, encoding="utf-8", closefd=False)
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)
    with os.fdopen(ordered) as order:
        arguments, environment, terminal = json.load(order)
    if terminal:
        os.setsid()
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["tui-chat", *arguments]
    os.write(report, b"%d\n" % os.getpid())
    os.close(report)
    from tui_chat.__main__ import main

    main()


def _load() -> None:
    """Load what the app and a reply need."""
    for name in ("cli.main", "cli.ask", "cli.app", "ui.app", "ui.terminal_input.driver"):
        import_module(f"tui_chat.{name}")
    from tui_chat.providers import anthropic
    from tui_chat.providers.loading import begin_tls

    anthropic.begin_loading().result()
    begin_tls().result()
    import_module("anthropic.resources.messages").DEPRECATED_MODELS.clear()  # nor do the tests depend on its news
    gc.collect()
    gc.freeze()


if __name__ == "__main__":
    _load()
    with socket.socket(fileno=int(sys.argv[1])) as line:
        _serve(line)
