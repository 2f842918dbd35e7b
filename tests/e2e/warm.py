"""The program with the SDK already loaded, to be forked for each run: loading it costs a second every time.

Each run is a process of its own all the same, with its own streams, environment, signals and exit status.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from importlib import import_module
from typing import IO

PATIENCE_S = 60.0
MESSAGE_BYTES = 16
LOOK_S = 0.002
STREAMS = (("stdin", "r"), ("stdout", "w"), ("stderr", "w"))


class WarmProgram:
    """A process that has loaded everything; it is told what to run, and forks."""

    def __init__(self) -> None:
        self._line, theirs = socket.socketpair()
        with theirs:
            command = [sys.executable, "-P", __file__, str(theirs.fileno())]
            self._process = subprocess.Popen(command, pass_fds=[theirs.fileno()])

    def run(
        self,
        arguments: Sequence[str],
        environment: Mapping[str, str],
        stdin: bytes = b"",
        *,
        life_s: float = PATIENCE_S,
    ) -> subprocess.CompletedProcess[bytes]:
        """Run `tui-chat` to its end, or until it is killed."""
        order = json.dumps([list(arguments), dict(environment)]).encode()
        with ExitStack() as files:
            streams = [files.enter_context(_file(content)) for content in (stdin, b"", b"")]
            ordered = files.enter_context(_file(order))
            socket.send_fds(self._line, [b"%.3f" % life_s], [file.fileno() for file in (*streams, ordered)])
            status = int(self._line.recv(MESSAGE_BYTES))
            for file in streams:
                file.seek(0)
            return subprocess.CompletedProcess(list(arguments), status, streams[1].read(), streams[2].read())

    def close(self) -> None:
        """End it."""
        self._line.close()
        self._process.wait(PATIENCE_S)


def _file(content: bytes) -> IO[bytes]:
    file = tempfile.TemporaryFile()  # noqa: SIM115 - it is its caller's to close
    file.write(content)
    file.seek(0)
    return file


def _serve(line: socket.socket) -> None:
    """Fork for every order, and answer with the exit status."""
    while True:
        life_s, files, _, _ = socket.recv_fds(line, MESSAGE_BYTES, len(STREAMS) + 1)
        if not life_s:
            return
        child = os.fork()
        if child == 0:
            line.close()
            _become(files)
        for file in files:
            os.close(file)
        line.send(b"%d" % _status(child, float(life_s)))


def _status(child: int, life_s: float) -> int:
    """How a run ended; if it has not by then, it is killed."""
    end = time.monotonic() + life_s
    while (ended := os.waitpid(child, os.WNOHANG)) == (0, 0):
        if time.monotonic() >= end:
            os.kill(child, signal.SIGKILL)
            ended = os.waitpid(child, 0)
            break
        time.sleep(LOOK_S)  # nothing that every system has waits for a process no longer than so long
    return os.waitstatus_to_exitcode(ended[1])


def _become(files: Sequence[int]) -> None:
    """Be the program, as a shell would start it."""
    *streams, ordered = files
    for number, (file, (name, mode)) in enumerate(zip(streams, STREAMS, strict=True)):
        os.dup2(file, number)
        os.close(file)
        setattr(sys, name, os.fdopen(number, mode, encoding="utf-8", closefd=False))
    with os.fdopen(ordered) as order:
        arguments, environment = json.load(order)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["tui-chat", *arguments]
    from tui_chat.__main__ import main

    main()


def _load() -> None:
    """Load what a reply needs."""
    for name in ("main", "ask"):
        import_module(f"tui_chat.cli.{name}")
    from tui_chat.providers import anthropic
    from tui_chat.providers.loading import begin_tls

    anthropic.begin_loading().result()
    begin_tls().result()


if __name__ == "__main__":
    _load()
    with socket.socket(fileno=int(sys.argv[1])) as line:
        _serve(line)
