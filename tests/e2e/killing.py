"""Killing the real program at a random moment, and what is left of the reply that was coming."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import TypeAlias

from tests.e2e.terminal import Terminal
from tests.e2e.warm import Forked, WarmProgram
from tests.waiting import PATIENCE_S
from tui_chat.chat.message import Message
from tui_chat.demo import DemoServer, Log, parse_fault, script_for
from tui_chat.demo.tokens import tokenise
from tui_chat.storage import Store

RATES = (40, 150, 400, 800)
FAULTS = ("", "", "reset@30", "stall@60", "529x1")
LONGEST_LIFE_S = 2.5
REPLY_S = 10
"""Seconds for which a reply comes: none ends before its program, which may live longer on a busy machine."""
LOOK_S = 0.005
Running: TypeAlias = Forked | subprocess.Popen[bytes]


def environment_of(folder: Path, url: str, *, stall_timeout_s: float = 600.0) -> Mapping[str, str]:
    """Folders of the reply's own, and a server in the provider's place; on a busy machine it has not stalled."""
    (folder / "config").mkdir(exist_ok=True)
    (folder / "config" / "config.toml").write_text(f"[streaming]\nstall_timeout = {stall_timeout_s}\n")
    return {
        "ANTHROPIC_API_KEY": "sk-ant-test-0123456789abcdefghijklmnopqrstuvwxyz",
        "ANTHROPIC_BASE_URL": url,
        "TUI_CHAT_CONFIG_DIR": str(folder / "config"),
        "TUI_CHAT_DATA_DIR": str(folder / "data"),
    }


@dataclass(frozen=True)
class Remains:
    """The remains of a reply whose program was killed."""

    prompt: str
    script: str
    """The whole reply, had it come."""
    sent: int
    """The number of its characters that the server had sent."""
    reply: Message
    """As the next start of the program finds it."""
    missing_ms: float
    """For how long before the end, in the program's own time, nothing of what was sent had been stored."""


class OwnTime:
    """A clock that stands still while the program is ready to run and others have the processor.

    What it promises to do within a time it can only do in time of its own: on a machine that is busy with other tests
    this tells a slow program from a slow machine. Only Linux knows how long a thread has waited; elsewhere it is time.
    """

    def __init__(self, pid: int) -> None:
        self._threads = Path(f"/proc/{pid}/task")
        self._waited_ns: dict[str, int] = {}

    def ms(self) -> float:
        """Return the time now."""
        now_ms = time.monotonic() * 1000
        with suppress(OSError):  # a thread has just ended, or there is no such file here
            for thread in self._threads.iterdir():
                self._waited_ns[thread.name] = int((thread / "schedstat").read_text().split()[1])
        return now_ms - sum(self._waited_ns.values()) / 1e6


class _Watch:
    """The growth of a reply that the server sends, with the times."""

    def __init__(self, script: str, clock: OwnTime) -> None:
        self._script = script
        self.clock = clock
        self._lengths: dict[int, list[int]] = {}
        self._seen: list[tuple[float, int]] = []

    @property
    def sent(self) -> int:
        """The characters sent so far."""
        return self._seen[-1][1] if self._seen else 0

    def look(self, log: Log) -> None:
        """Note what has been sent by now; an answer may be the rest of what an earlier one began."""
        answer = next(iter(log.replies[-1:]), None)
        if answer is None or not answer.text:
            return
        if answer.number not in self._lengths:
            self._lengths[answer.number] = [0, *accumulate(map(len, tokenise(answer.text)))]
        lengths = self._lengths[answer.number]
        sent = len(self._script) - len(answer.text) + lengths[min(answer.tokens_sent, len(lengths) - 1)]
        if sent > self.sent:
            self._seen.append((self.clock.ms(), sent))

    def missing_ms(self, stored: int, killed_ms: float) -> float:
        """Return the time from the first character sent that is not stored until the end."""
        return next((killed_ms - at_ms for at_ms, sent in self._seen if sent > stored), 0.0)


def killed(seed: int, folder: Path, warm: WarmProgram, *, app: bool) -> Remains:
    """Have the app, or `ask`, ask for a long reply, and kill it at a moment that the seed decides."""
    random = Random(seed)
    fault, rate = random.choice(FAULTS), random.choice(RATES)
    faults = [parse_fault(fault)] if fault else []
    prompt = f"/tokens {REPLY_S * rate}\nSomething long, number {seed}"
    script = script_for(prompt)
    with DemoServer(rate=rate, latency_s=random.choice((0.0, 0.2)), faults=faults) as server:
        environment = environment_of(folder, server.url, stall_timeout_s=1.0)
        asking = _asking_app if app else _asking_ask
        with asking(prompt, environment, warm) as process:
            assert server.wait_for(lambda log: bool(log.replies), PATIENCE_S)
            watch = _Watch(script, OwnTime(process.pid))
            killed_ms = _kill(process, random.uniform(0, LONGEST_LIFE_S), server, watch)
    reply = left_in(folder / "data")
    return Remains(prompt, script, watch.sent, reply, watch.missing_ms(len(reply.text), killed_ms))


@contextmanager
def _asking_app(prompt: str, environment: Mapping[str, str], warm: WarmProgram) -> Iterator[Running]:
    with Terminal(["--model", "demo", "--prompt", prompt], environment, warm) as terminal:
        yield terminal.process


@contextmanager
def _asking_ask(prompt: str, environment: Mapping[str, str], warm: WarmProgram) -> Iterator[Running]:
    with Path(os.devnull).open("r+b") as nothing:
        streams = [nothing.fileno()] * 3
        with warm.fork(["ask", "--model", "demo", prompt], {**os.environ, **environment}, streams) as process:
            yield process


def _kill(process: Running, life_s: float, server: DemoServer, watch: _Watch) -> float:
    """Kill it after so long; returns when that was, in its own time."""
    end = time.monotonic() + life_s
    while time.monotonic() < end:
        watch.look(server.log)
        time.sleep(LOOK_S)  # when each token was sent is what is measured: somebody has to look
    killed_ms = watch.clock.ms()
    process.kill()
    assert process.wait(PATIENCE_S) == -signal.SIGKILL
    return killed_ms


def left_in(data: Path) -> Message:
    """Return the last reply of the last conversation, as the program's next start finds it."""
    problems: list[str] = []
    store = Store.open(data, on_problem=problems.append)
    try:
        conversation = store.latest()
    finally:
        store.close()
    assert problems == []
    assert conversation is not None
    assert conversation.last is not None
    return conversation.last
