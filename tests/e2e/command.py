"""The real program as a command, run as a user's shell would run it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

PATIENCE_S = 60.0


class Command:
    """Runs `tui-chat` in an environment of its own."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.environment = {**os.environ, **environment}

    def run(self, *arguments: str, stdin: str | bytes = b"", **environment: str) -> subprocess.CompletedProcess[bytes]:
        """Run it to its end."""
        return subprocess.run(
            [sys.executable, "-m", "tui_chat", *arguments],
            input=stdin.encode() if isinstance(stdin, str) else stdin,
            env={**self.environment, **environment},
            capture_output=True,
            timeout=PATIENCE_S,
            check=False,
        )

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Run it while the test goes on; to be used in a `with`."""
        return subprocess.Popen(
            [sys.executable, "-m", "tui_chat", *arguments],
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def json(self, *arguments: str, **environment: str) -> Any:
        """The JSON that it prints; it must succeed."""
        done = self.run(*arguments, **environment)
        assert done.returncode == 0, done.stderr.decode()
        return json.loads(done.stdout)
