"""`tui-chat` for the shell of a test, by the warm program: starting anew would take most of the time."""

from __future__ import annotations

import json
import os
import shlex
import socket
import sys
import threading
from pathlib import Path

from tests.e2e.forking import FIRST
from tests.e2e.warm import WarmProgram
from tui_chat.cli import demo_server, serve
from tui_chat.cli.main import _open_app, build_parser

_CLIENT = """\
import json, os, socket, sys
with socket.socket(socket.AF_UNIX) as line:
    line.connect({path!r})
    socket.send_fds(line, [json.dumps([sys.argv[1:], dict(os.environ), os.getcwd()]).encode()], [0, 1, 2])
    line.shutdown(socket.SHUT_WR)
    sys.exit(int(line.recv(16)))
"""
STAYS = (_open_app, serve.run, demo_server.run)
"""What opens the app, or serves for ever, is only read."""


class ShellCommand:
    """Answers a command that a shell runs."""

    def __init__(self, warm: WarmProgram, folder: Path) -> None:
        self._warm = warm
        self._forking = threading.Lock()
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(folder / "socket"))
        self._listener.listen()
        client = folder / "client.py"
        client.write_text(_CLIENT.format(path=str(folder / "socket")))
        command = folder / "tui-chat"
        command.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -SI {shlex.quote(str(client))} "$@"\n')
        command.chmod(0o755)
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        """Answer no more."""
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self._listener.accept()
            except OSError:  # it was closed
                return
            threading.Thread(target=self._run, args=[line], daemon=True).start()

    def _run(self, line: socket.socket) -> None:
        """Run the program with the streams, the environment and the folder of whoever asks; report its status."""
        with line:
            order, streams, _, _ = socket.recv_fds(line, 1 << 20, 3)
            while more := line.recv(1 << 20):
                order += more
            arguments, environment, folder = json.loads(order)
            status = 0
            if build_parser().parse_args(arguments).run not in STAYS:
                with self._forking:
                    first = f"import os; os.chdir({folder!r})"
                    process = self._warm.fork(arguments, {**environment, FIRST: first}, streams)
                status = process.wait() % 256
            for stream in streams:
                os.close(stream)
            line.sendall(b"%d" % status)
