"""The memory of the whole app: after long replies and many, and once the conversation is left.

    python -m benchmarks.memory [TOKENS ...]
    python -m benchmarks.memory --replies COUNT TOKENS
    python -m benchmarks.memory --trace TOKENS

Each line comes from a process of its own: the real program at 120x40 follows replies of the demo server, which is
another process and sends 1,000 tokens a second. `--trace` says which lines of the program hold the most, in an app
without a terminal.
"""

from __future__ import annotations

import asyncio
import gc
import os
import resource
import sys
import tempfile
import time
import tracemalloc
from pathlib import Path

from benchmarks.endurance import serving
from benchmarks.keys import Program as Terminal
from benchmarks.screen import SIZE
from tui_chat.program.wiring import Flags, Program
from tui_chat.settings import Value
from tui_chat.ui.app import TuiChatApp
from tui_chat.ui.composer.composer import Composer
from tui_chat.ui.messages.streaming_message import StreamingMessage

LENGTHS = (2_000, 10_000, 50_000)
A_FIRST_ONE = 100
RATE = 1_000
IDLE, A_MOMENT_S = 0.06, 0.7
"""The share of a processor that a program takes at most when it has nothing to do, measured over a moment."""
NEW_CONVERSATION = "\x0e"
"""Ctrl+N."""


def resident_mb(pid: int) -> float:
    """Return the memory that a process holds now."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6


def cpu_s(pid: int) -> float:
    """Return the CPU time that a process has taken."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def wait_until_idle(pid: int) -> None:
    """Wait until a process has had nothing to do for some moments."""
    idle = 0
    while idle < 3:
        before = cpu_s(pid)
        time.sleep(A_MOMENT_S)
        idle = idle + 1 if cpu_s(pid) - before < IDLE * A_MOMENT_S else 0


def ask(terminal: Terminal, tokens: int) -> None:
    """Ask for a reply of so many tokens, and wait until all of it is laid out."""
    terminal.send(f"\x1b[200~/tokens {tokens}\nSomething long\x1b[201~\r")
    wait_until_idle(terminal.process.pid)


def measure(url: str, replies: int, tokens: int) -> None:
    """Print the memory after a first reply, after so many of this length, and in a new conversation."""
    with tempfile.TemporaryDirectory() as folder:
        terminal = Terminal(url, folder, ("--model", "demo"), SIZE[0])
        try:
            terminal.wait_for("Ready")
            pid = terminal.process.pid
            wait_until_idle(pid)
            ask(terminal, A_FIRST_ONE)
            first, started = resident_mb(pid), cpu_s(pid)
            for _ in range(replies):
                ask(terminal, tokens)
            after, cpu_ms = resident_mb(pid), (cpu_s(pid) - started) * 1000
            terminal.send(NEW_CONVERSATION)
            wait_until_idle(pid)
            left = resident_mb(pid)
        finally:
            terminal.process.terminate()
            terminal.process.wait()
    print(
        f"{replies:8,}{tokens:9,}{first:9.1f}{after:9.1f}{left:9.1f}{cpu_ms / (tokens * replies):12.3f}",
        flush=True,
    )


async def trace(url: str, folder: Path, tokens: int) -> None:
    """Print the lines that hold the most after a reply, and those in a new conversation."""
    settings: dict[str, Value] = {"provider.name": "demo", "provider.base_url": url, "streaming.cursor_blink": False}
    flags = Flags(settings, config_file=folder / "config.toml", data_folder=folder / "data")
    program = Program.open(flags, {}, print)
    app = TuiChatApp(program)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause(3)  # the SDK is imported meanwhile
        tracemalloc.start()
        app.query_one(Composer).show(f"/tokens {tokens}\nSomething long")
        await pilot.press("enter")
        while not (found := app.query(StreamingMessage)) or found.last().message.status.live or found.last().busy:
            await asyncio.sleep(0.1)
        await pilot.pause(1)
        print_traced()
        del found
        await pilot.press("ctrl+n")
        await pilot.pause(3)
        print_traced()
    program.close()


def print_traced() -> None:
    """Print the lines that hold the most."""
    gc.collect()
    snapshot = tracemalloc.take_snapshot()
    print(f"traced {tracemalloc.get_traced_memory()[0] / 1e6:.1f} MB")
    for stat in snapshot.statistics("lineno")[:40]:
        print(f"{stat.size / 1e6:7.2f} MB {stat.count:9,}  {stat.traceback}")


def main() -> None:
    """Print the table."""
    arguments = sys.argv[1:]
    with serving(RATE) as url, tempfile.TemporaryDirectory() as folder:
        if arguments[:1] == ["--trace"]:
            asyncio.run(trace(url, Path(folder), int(arguments[1])))
            return
        print(f"MB resident, {SIZE[0]}x{SIZE[1]}")
        print(f"{'replies':>8}{'tokens':>9}{'first':>9}{'after':>9}{'left':>9}{'ms a token':>12}")
        if arguments[:1] == ["--replies"]:
            measure(url, int(arguments[1]), int(arguments[2]))
        else:
            for tokens in map(int, arguments) if arguments else LENGTHS:
                measure(url, 1, tokens)


if __name__ == "__main__":
    main()
