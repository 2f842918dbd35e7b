"""Many long replies in one process, with faults mixed in: nothing may pile up, and each costs what the first did.

    python -m benchmarks.endurance [REPLIES] [TOKENS]

Each reply goes the whole way: the demo server (a process of its own), the vendor's SDK, StreamManager, SQLite. Twelve
come at once.
"""

from __future__ import annotations

import asyncio
import gc
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tui_chat.chat import exchange
from tui_chat.chat.message import Conversation, Message, StreamingStatus, utc_now
from tui_chat.chat.parts import ToolCallPart
from tui_chat.chat.prompt import Prompt
from tui_chat.demo import script_for
from tui_chat.program.wiring import Flags, Program
from tui_chat.settings import Value
from tui_chat.streaming.buffer import TokenBuffer
from tui_chat.streaming.phase import Phase
from tui_chat.streaming.stop import Outcome, Stop

AT_ONCE = 12
WARM_UP = 2 * AT_ONCE
FAULTS = ("", "reset@700", "", "eof@300", "", "error@900", "", "529x1", "", "badjson@1500", "", "cut@20", "", "stop")
"""In turn; `stop` is the user's, in the middle of the reply."""


@dataclass(frozen=True)
class Footprint:
    """The memory, threads and descriptors of the process."""

    memory_mb: float
    threads: int
    descriptors: int

    @classmethod
    def now(cls) -> Footprint:
        """Return the present ones; memory that only waits to be collected does not count."""
        gc.collect()
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        descriptors = len(list(Path("/proc/self/fd").iterdir()))
        return cls(pages * resource.getpagesize() / 1e6, threading.active_count(), descriptors)

    def __str__(self) -> str:
        return f"{self.memory_mb:8.1f} MB {self.threads:5} threads {self.descriptors:5} descriptors"


class Reader:
    """Watches a reply, and stops it halfway if that is asked for."""

    behind = unseen = False

    def __init__(self, stop: Stop, stop_after: int | None) -> None:
        self._stop, self._stop_after = stop, stop_after
        self._events = 0

    async def may_run(self, call: ToolCallPart) -> bool:
        """Nobody minds."""
        return True

    def on_phase(self, phase: Phase) -> None:
        """Nothing to show."""

    def on_arrival(self, buffer: TokenBuffer) -> None:
        """Count what came."""
        for _ in buffer.drain():
            self._events += 1
            if self._events == self._stop_after:
                self._stop.request(Outcome.KEEP)


def one_reply(program: Program, number: int, tokens: int) -> float:
    """Fetch one reply in a loop of its own, check it, and return its CPU time in milliseconds."""
    fault = FAULTS[number % len(FAULTS)]
    ordered = f"/fault {fault}\n" if fault not in ("", "stop") else ""
    prompt = f"{ordered}/tokens {tokens}\nReply {number}"
    stop = Stop()
    pending = exchange.send(Conversation(), Prompt(prompt), program.requests.about(), utc_now())
    reader = Reader(stop, tokens // 2 if fault == "stop" else None)
    began = time.thread_time()
    message = asyncio.run(program.manager.run(program.requests.job(pending), reader, stop))
    took_ms = (time.thread_time() - began) * 1000
    _check(message, prompt, stopped=fault == "stop")
    return took_ms


def _check(message: Message, prompt: str, *, stopped: bool) -> None:
    assert message.status is (StreamingStatus.STOPPED if stopped else StreamingStatus.COMPLETE), message.metadata.error
    script = script_for(prompt)
    assert script.startswith(message.text) if stopped else message.text == script, prompt


@contextmanager
def serving(rate: int = 0) -> Iterator[str]:
    """Start the demo server with so many tokens a second, 0 for as fast as the socket goes; yields its address."""
    command = [sys.executable, "-m", "tui_chat", "demo-server", "--rate", str(rate), "--latency", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


@contextmanager
def opened(folder: Path, url: str) -> Iterator[Program]:
    """Yield a program on a store of its own."""
    settings: dict[str, Value] = {"provider.name": "demo", "provider.base_url": url}
    flags = Flags(settings=settings, config_file=folder / "config.toml", data_folder=folder / "data")
    program = Program.open(flags, {}, print)
    try:
        yield program
    finally:
        program.close()


def main() -> None:
    """Run, and print the tables."""
    replies = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    tokens = int(sys.argv[2]) if len(sys.argv) > 2 else 2000
    with tempfile.TemporaryDirectory() as folder, serving() as url, opened(Path(folder), url) as program:
        footprints = {"at the start": Footprint.now()}
        first_ms = one_reply(program, 0, tokens)
        _at_once(program, range(1, WARM_UP), tokens)
        footprints["warm"] = Footprint.now()
        began = time.monotonic()
        costs_ms = _at_once(program, range(WARM_UP, WARM_UP + replies), tokens)
        took_s = time.monotonic() - began
        footprints["at the end"] = Footprint.now()
    print(f"{replies} replies of {tokens} tokens, {AT_ONCE} at once, in {took_s:.0f} s")
    for name, footprint in footprints.items():
        print(f"{name:14} {footprint}")
    _print_costs(first_ms, costs_ms)


def _print_costs(first_ms: float, costs_ms: Sequence[float]) -> None:
    quarter = len(costs_ms) // 4
    for name, figure in {
        "the first": first_ms,
        "median": statistics.median(costs_ms),
        "the slowest": max(costs_ms),
        "first quarter": statistics.median(costs_ms[:quarter]),
        "last quarter": statistics.median(costs_ms[-quarter:]),
    }.items():
        print(f"CPU of a reply {name:14} {figure:6.1f} ms")


def _at_once(program: Program, numbers: range, tokens: int) -> list[float]:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(lambda number: one_reply(program, number, tokens), numbers))


if __name__ == "__main__":
    main()
