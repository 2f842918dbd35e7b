"""The local model's server, as the rest of the program sees it."""

from __future__ import annotations

import json
import os
import re
import secrets
import subprocess
import sys
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from threading import Lock

from tui_chat.installing import installing
from tui_chat.local.problem import LocalProblem
from tui_chat.records import dataclass, field

ENGINE = "xllamacpp"
_GOODBYE_S = 10.0
"""Seconds that the system may take to end it by force: it has gigabytes to give back, and the machine may be busy."""
_ENGINE_NEEDS = re.compile(
    r"PATH|HOME|USER|LANG|LC_\w+|TZ|TMPDIR|VIRTUAL_ENV|PYTHON\w+|(?:LD|DYLD)_\w+|XDG_CACHE_HOME"
    r"|(?:GGML|LLAMA|OMP|KMP|OPENBLAS|MKL|CUDA|NVIDIA|HIP|ROCR|HSA|VK|ONEAPI|SYCL|ZE)_\w+"
)
"""The environment variables that an engine may read; no key is in any of them."""


@dataclass(frozen=True, slots=True)
class OwnServer:
    """The address of a server of the program's own, and the key that it takes."""

    url: str
    key: str = field(default="", repr=False)


def engine_problem() -> LocalProblem | None:
    """Return the reason why no model can be run here; None where one can."""
    if find_spec(ENGINE) is not None:
        return None
    return LocalProblem(f"The local model needs the package {ENGINE}: `{installing(ENGINE)}`.")


class LocalServer:
    """Runs a model in a process of its own: a crash there does not end the program, and it ends with the program.

    It takes a key that only this program has, so that neither another user nor a web page can ask it anything.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._process: subprocess.Popen[str] | None = None
        self._running: tuple[Path, str] | None = None
        self._server = OwnServer("")
        self._ended = False

    def start(self, weights: Path, model: str) -> OwnServer:
        """Load a model, unless that is running already, and wait until it can be asked. A LocalProblem says why not."""
        with self._lock:
            if self._ended:
                raise LocalProblem("The program is ending.")
            if self._running != (weights, model) or self._process is None or self._process.poll() is not None:
                self._end()
                self._server = self._begin(weights, model, secrets.token_urlsafe())
                self._running = weights, model
            return self._server

    def stop(self) -> None:
        """End it for good, also in the middle of its start."""
        self._ended = True
        self._end()

    def _begin(self, weights: Path, model: str, key: str) -> OwnServer:
        if problem := engine_problem():
            raise problem
        if not weights.is_file():
            raise LocalProblem(
                f"There is no model at {weights}: run `tui-chat local install`, or set local.model_path."
            )
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tui_chat.local.serve"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
            env={name: value for name, value in os.environ.items() if _ENGINE_NEEDS.fullmatch(name)},
            start_new_session=True,  # Ctrl+C in a terminal is for the program, not for this
        )
        url = self._address(self._process, {"weights": str(weights), "model": model, "key": key})
        if not url:
            self._end()
            raise LocalProblem(
                f"The model in {weights} cannot be loaded: it is no GGUF file, or there is not enough memory for it."
            )
        return OwnServer(url, key)

    @staticmethod
    def _address(process: subprocess.Popen[str], asked: dict[str, str]) -> str:
        """Return the address at which the process serves; "" if it ended before it could."""
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(json.dumps(asked) + "\n")
            process.stdin.flush()
            return process.stdout.readline().strip()
        except OSError:
            return ""

    def _end(self) -> None:
        process, self._process, self._running = self._process, None, None
        if process is None:
            return
        process.kill()  # it has nothing to save
        with suppress(subprocess.TimeoutExpired):
            process.wait(_GOODBYE_S)
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                stream.close()
