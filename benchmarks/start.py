"""How long the program takes to start, beside what Python and Textual take themselves.

    python -m benchmarks.start [TIMES]

The processor time of short commands as multiples of `python -c pass`, and that of the app up to its first paint as a
multiple of a Textual app with a text area, each beside its goal. All run in turns, so that a busy machine is busy for
all; medians.
"""

from __future__ import annotations

import os
import pty
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import median

PROGRAM = (sys.executable, "-m", "tui_chat")
COMMANDS: Mapping[str, Sequence[str]] = {
    "python -c pass": (sys.executable, "-c", "pass"),
    "--version": (*PROGRAM, "--version"),
    "history list": (*PROGRAM, "history", "list"),
    "config get": (*PROGRAM, "config", "get", "streaming.mode"),
}
MINIMAL = """
from textual.app import App
from textual.widgets import Static, TextArea

class Minimal(App):
    def compose(self):
        yield Static("Ready")
        yield TextArea()

Minimal().run()
"""
APPS: Mapping[str, Sequence[str]] = {
    "minimal Textual app": (sys.executable, "-c", MINIMAL),
    "tui-chat --demo": (*PROGRAM, "--demo"),
}
GOALS = {"--version": 2.5, "history list": 4.0, "config get": 3.0, "tui-chat --demo": 1.3}
PAINTED = b"Ready"


def environment(folder: str) -> dict[str, str]:
    """Return an environment in which nothing of the user's is read, and compiled modules are used."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    folders = {"TUI_CHAT_DATA_DIR": folder, "TUI_CHAT_CONFIG_DIR": folder}
    return kept | folders | {"TERM": "xterm-256color", "COLORTERM": "truecolor", "COLUMNS": "120", "LINES": "40"}


def command_s(command: Sequence[str], folder: str) -> float:
    """Return the processor time of a command."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, env=environment(folder), capture_output=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def first_paint_s(command: Sequence[str], folder: str) -> float:
    """Return the processor time of an app up to its first paint."""
    ours, its = pty.openpty()
    app = subprocess.Popen(command, env=environment(folder), stdin=its, stdout=its, stderr=its, start_new_session=True)
    os.close(its)
    painted = b""
    while PAINTED not in painted:
        painted += os.read(ours, 65536)
    spent_s = sum(int(path.read_text().split()[0]) for path in Path(f"/proc/{app.pid}/task").glob("*/schedstat")) / 1e9
    app.kill()
    app.wait()
    os.close(ours)
    return spent_s


def compare(kinds: Mapping[str, Sequence[str]], measure: Callable[[Sequence[str], str], float], times: int) -> None:
    """Measure all in turns, and print each as a multiple of the first, beside its goal."""
    spent: dict[str, list[float]] = {name: [] for name in kinds}
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(times):
            for name, command in kinds.items():
                spent[name].append(measure(command, folder))
    first = median(next(iter(spent.values())))
    for name, values in spent.items():
        goal = f"{GOALS[name]:7.1f}" if name in GOALS else ""
        print(f"{name:22}{median(values) * 1000:7.0f} ms{median(values) / first:7.2f} x{goal}")


def main() -> None:
    """Measure commands, and the app."""
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    begun = time.monotonic()
    print(f"{'':22}{'now':>19}{'goal':>7}")
    compare(COMMANDS, command_s, times)
    compare(APPS, first_paint_s, times)
    print(f"{times} times each, in {time.monotonic() - begun:.0f} s")


if __name__ == "__main__":
    main()
