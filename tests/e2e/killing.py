"""Killing the real program at a random moment, and what is left of the reply that was coming."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from random import Random

from tests.e2e.terminal import Terminal
from tests.e2e.warm import WarmProgram
from tui_chat.chat.message import Message
from tui_chat.demo import DemoServer, Log, parse_fault, script_for
from tui_chat.demo.tokens import tokenise
from tui_chat.storage import Store

RATES = (40, 150, 400, 800)
FAULTS = ("", "", "reset@30", "stall@60", "529x1")
LONGEST_LIFE_S = 2.5
ASK_BEGINS_S = 0.8
"""So soon `ask` has stored its prompt, on a busy machine too."""
LOOK_S = 0.005
PATIENCE_S = 20.0


def environment_of(folder: Path, url: str) -> Mapping[str, str]:
    """Folders of the reply's own, and a server in the provider's place."""
    (folder / "config").mkdir(exist_ok=True)
    (folder / "config" / "config.toml").write_text("[streaming]\nstall_timeout = 1.0\n")
    return {
        "ANTHROPIC_API_KEY": "sk-ant-test-0123456789abcdefghijklmnopqrstuvwxyz",
        "ANTHROPIC_BASE_URL": url,
        "TUI_CHAT_CONFIG_DIR": str(folder / "config"),
        "TUI_CHAT_DATA_DIR": str(folder / "data"),
    }


@dataclass(frozen=True)
class Remains:
    """What is left of a reply whose program was killed."""

    prompt: str
    script: str
    """The whole reply, had it come."""
    sent: int
    """How many characters of it the server had sent."""
    reply: Message
    """As the next start of the program finds it."""
    missing_ms: float
    """For how long before the end nothing of what was sent had been stored."""


class _Watch:
    """How much of a reply the server has sent, and when."""

    def __init__(self, script: str) -> None:
        self._script = script
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
            self._seen.append((time.monotonic(), sent))

    def missing_ms(self, stored: int, killed_at: float) -> float:
        """How long before the end the first character was sent that is not stored."""
        return next(((killed_at - at) * 1000 for at, sent in self._seen if sent > stored), 0.0)


def killed(seed: int, folder: Path, warm: WarmProgram | None = None) -> Remains:
    """Have the program ask for a long reply, and kill it at a moment that the seed decides.

    The app, or `ask` where there is a program that is warm: it does the same with a reply and begins far sooner.
    """
    random = Random(seed)
    prompt, fault = f"Something long, number {seed}", random.choice(FAULTS)
    faults = [parse_fault(fault)] if fault else []
    watch, script = _Watch(script_for(prompt)), script_for(prompt)
    with DemoServer(rate=random.choice(RATES), latency_s=random.choice((0.0, 0.2)), faults=faults) as server:
        environment = environment_of(folder, server.url)
        life_s = random.uniform(0, LONGEST_LIFE_S)
        if warm is None:
            killed_at = _kill_app(prompt, life_s, environment, server, watch)
        else:
            killed_at = _kill_ask(prompt, ASK_BEGINS_S + life_s, environment, server, watch, warm)
    reply = left_in(folder / "data")
    return Remains(prompt, script, watch.sent, reply, watch.missing_ms(len(reply.text), killed_at))


def _kill_app(prompt: str, life_s: float, environment: Mapping[str, str], server: DemoServer, watch: _Watch) -> float:
    with Terminal(["--model", "demo"], environment) as terminal:
        terminal.wait_for("Ready")
        terminal.send(f"{prompt}\r")
        assert server.wait_for(lambda log: bool(log.replies), PATIENCE_S)
        end = time.monotonic() + life_s
        while time.monotonic() < end:
            watch.look(server.log)
            time.sleep(LOOK_S)  # when each token was sent is what is measured: somebody has to look
        terminal.process.kill()
        killed_at = time.monotonic()
        terminal.process.wait(PATIENCE_S)
        return killed_at


def _kill_ask(
    prompt: str, life_s: float, environment: Mapping[str, str], server: DemoServer, watch: _Watch, warm: WarmProgram
) -> float:
    over = threading.Event()

    def look() -> None:
        while not over.wait(LOOK_S):
            watch.look(server.log)

    watcher = threading.Thread(target=look)
    watcher.start()
    done = warm.run(["ask", "--model", "demo", prompt], {**os.environ, **environment}, life_s=life_s)
    killed_at = time.monotonic()
    over.set()
    watcher.join()
    assert done.returncode == -signal.SIGKILL
    return killed_at


def left_in(data: Path) -> Message:
    """The last reply of the last conversation, as the program's next start finds it."""
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
