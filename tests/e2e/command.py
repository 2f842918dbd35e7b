"""The real program as a command, run as a user's shell would run it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

from tests.e2e.warm import Forked, WarmProgram

Run = Forked | subprocess.Popen[bytes]


class Command:
    """Runs `tui-chat` in an environment of its own."""

    def __init__(self, environment: Mapping[str, str], warm: WarmProgram) -> None:
        self.environment = {**os.environ, **environment}
        self._warm = warm

    def run(self, *arguments: str, stdin: str | bytes = b"", **environment: str) -> subprocess.CompletedProcess[bytes]:
        """Run it to its end."""
        given = stdin.encode() if isinstance(stdin, str) else stdin
        return self._warm.run(arguments, {**self.environment, **environment}, given)

    def start(self, *arguments: str, **environment: str) -> Forked:
        """Run it while the test goes on; to be used in a `with`."""
        return self._warm.start(arguments, {**self.environment, **environment})

    def start_cold(self, *arguments: str, **environment: str) -> subprocess.Popen[bytes]:
        """Start the same from the very beginning of the program."""
        return subprocess.Popen(
            [sys.executable, "-m", "tui_chat", *arguments],
            env={**self.environment, **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def json(self, *arguments: str, **environment: str) -> Any:
        """Return the JSON that it prints; it must succeed."""
        done = self.run(*arguments, **environment)
        assert done.returncode == 0, done.stderr.decode()
        return json.loads(done.stdout)
