"""Tab in real shells: bash, and zsh and fish where they are installed."""

from __future__ import annotations

import os
import pty
import select
import shutil
import signal
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.e2e.command import Command
from tests.e2e.documented import ShellCommand
from tests.e2e.warm import WarmProgram
from tests.waiting import PATIENCE_S

ROOT = Path(__file__).parents[2]
SHARE = ROOT / "share"
STARTS = {
    "bash": ["bash", "--norc", "--noprofile", "-i"],
    "zsh": ["zsh", "-f", "-i"],
    "fish": ["fish", "--no-config", "-i"],
}
INSTALLED = [shell for shell in STARTS if shutil.which(shell)]
AS_DOCUMENTED = {
    "bash": 'eval "$(tui-chat completion bash)"',
    "zsh": "autoload -Uz compinit && compinit -u -D; source <(tui-chat completion zsh)",
    "fish": "tui-chat completion fish | source",
}
AS_INSTALLED = {
    "bash": f"source {SHARE}/bash-completion/completions/tui-chat",
    "zsh": f"fpath=({SHARE}/zsh/site-functions $fpath); autoload -Uz compinit && compinit -u -D",
    "fish": f"source {SHARE}/fish/vendor_completions.d/tui-chat.fish",
}


@pytest.fixture
def shell(environment: Mapping[str, str], warm: WarmProgram, tmp_path: Path) -> Iterator[Mapping[str, str]]:
    """The surroundings of a shell in which `tui-chat` is this program."""
    commands = tmp_path / "bin"
    commands.mkdir()
    command = ShellCommand(warm, commands)
    path = f"{commands}:{os.environ['PATH']}"
    yield {**environment, "PATH": path, "HOME": str(tmp_path), "TERM": "dumb", "PS1": "$ "}
    command.close()


@contextmanager
def _started(shell: str, environment: Mapping[str, str], folder: Path) -> Iterator[int]:
    """Start a shell in a terminal of its own and yield that."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(folder)
        os.execvpe(STARTS[shell][0], STARTS[shell], dict(environment))
    yield terminal
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    os.close(terminal)


def _type(terminal: int, keys: str, answer: str) -> None:
    """Type, and wait until the shell has written an answer."""
    os.write(terminal, keys.encode())
    written, deadline = "", time.monotonic() + PATIENCE_S
    while answer not in written:
        assert time.monotonic() < deadline, f"{answer!r} never came after {keys!r}: {written!r}"
        if select.select([terminal], [], [], 0.5)[0]:
            written += os.read(terminal, 1 << 16).decode(errors="replace")


@pytest.mark.parametrize("setup", [AS_DOCUMENTED, AS_INSTALLED], ids=["documented", "installed"])
@pytest.mark.parametrize("name", INSTALLED)
def test_files_and_ids_complete(
    name: str, setup: Mapping[str, str], shell: Mapping[str, str], cli: Command, tmp_path: Path
) -> None:
    (tmp_path / "plan of mine.pdf").touch()
    stored = cli.json("ask", "--format", "json", "Hello")["conversation_id"]
    with _started(name, shell, tmp_path) as terminal:
        _type(terminal, f"{setup[name]}; echo rea''dy\n", "ready")
        _type(terminal, "tui-chat ask --attach pl\t", "plan\\ of\\ mine.pdf")
        _type(terminal, f"\x15tui-chat history show {stored[:5]}\t", stored)
        _type(terminal, "\x15tui-chat hist\t", "history")
