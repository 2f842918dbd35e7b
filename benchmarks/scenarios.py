"""What a user notices of a chat client, measured the same way for every one: the table of goals.

    python -m benchmarks.scenarios [--quick]

The real program in a bare terminal of 120x40, against a demo server of its own. A reply has ended when the server has
sent all of it and the terminal has been sent nothing for a moment; a flood, when its last word is on the screen.
"""

from __future__ import annotations

import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyte

from benchmarks.keys import PROGRAM, Program, typed_ms
from benchmarks.memory import cpu_s, resident_mb
from tui_chat.demo import DemoServer
from tui_chat.demo.log import LoggedRequest

WIDTH, HEIGHT = 120, 40
QUIET_S, LOADED_S, PATIENCE_S = 0.5, 3.0, 120.0
AT_ONCE = 10_000
A_TITLE = 20
"""The most tokens that the title of a conversation has."""
_COLOURS = re.compile(rb"\x1b\[[0-9;:]*m")
"""Half of what is written; the emulator takes it apart byte by byte."""
_WORD = re.compile(r"[A-Za-z]{3,}")


@dataclass(frozen=True)
class Client:
    """A chat client: how it is started, how a prompt is sent, and how it says that it is ready."""

    name: str
    command: Sequence[str]
    ready: str
    paste: str = "\x1b[200~{}\x1b[201~"
    """The keys that put a prompt into it; Enter sends it."""
    before: str = ""
    """What a prompt begins with where a slash would be a command."""
    environment: Callable[[str], Mapping[str, str]] = lambda _folder: {}
    """Returns what it needs besides the address and a key, for this folder."""
    files: Callable[[Path, str], None] = lambda _folder, _url: None
    """Writes what it reads when it starts: its folder, and the address of the server."""


TUI_CHAT = Client("tui-chat", (*PROGRAM, "--model", "demo"), "Ready")


@dataclass(frozen=True)
class Running:
    """A client that has started, and its server."""

    client: Client
    program: Program
    server: DemoServer
    started_s: float

    def ask(self, tokens: int) -> float:
        """Send a prompt, and wait until its reply has begun to come; return when Enter was pressed."""
        self.program.send(self.client.paste.format(f"{self.client.before}/tokens {tokens}\nSomething long"))
        time.sleep(QUIET_S)  # some take an Enter that follows at once for a part of what is pasted
        pressed = time.monotonic()
        self.program.send("\r")
        if not self.server.wait_for(lambda log: any(it.tokens_sent > A_TITLE for it in log.replies), PATIENCE_S):
            raise TimeoutError("no reply came")
        return pressed

    @property
    def reply(self) -> LoggedRequest:
        """The reply that was asked for; some clients ask for a title besides."""
        return max(self.server.log.replies, key=lambda reply: reply.tokens_sent)

    def last_byte_at(self) -> float:
        """Wait until the server has sent the whole of the reply; return when that was."""
        if not self.server.wait_for(lambda _log: self.reply.ended_at is not None, PATIENCE_S):
            raise TimeoutError("the reply never ended")
        return self.reply.ended_at or 0.0

    def quiet_at(self) -> float:
        """Wait until nothing is written any more; return when the last byte was."""
        size, since = len(self.program.written), time.monotonic()
        while time.monotonic() - since < QUIET_S:
            time.sleep(0.005)
            if len(self.program.written) != size:
                size, since = len(self.program.written), time.monotonic()
        return since

    def last_word_at(self, since: float) -> float:
        """Return the moment from which on the last word of the reply is on the screen."""
        word = _WORD.findall(self.reply.text)[-1]
        screen, fed, shown_at = pyte.Screen(WIDTH, HEIGHT), 0, None
        stream = pyte.ByteStream(screen)
        for moment, end in tuple(self.program.arrivals):
            stream.feed(_COLOURS.sub(b"", self.program.written[fed:end]))
            fed = end
            if moment < since or not any(word in line for line in screen.display):
                shown_at = None
            elif shown_at is None:
                shown_at = moment
        if shown_at is None:
            raise TimeoutError(f"the end of the reply, {word!r}, was never shown")
        return shown_at


@contextmanager
def running(client: Client, rate: int) -> Iterator[Running]:
    """Yield a client that has started, with replies of so many tokens a second, 0 for all at once."""
    with DemoServer(rate=rate, latency_s=0) as server, tempfile.TemporaryDirectory() as folder:
        client.files(Path(folder), server.url)
        began = time.monotonic()
        program = Program(server.url, folder, (), WIDTH, client.command, client.environment(folder))
        try:
            program.wait_for(client.ready)
            started_s = time.monotonic() - began
            time.sleep(LOADED_S)
            yield Running(client, program, server, started_s)
        finally:
            program.process.kill()
            program.process.wait()


def start(client: Client, quick: bool) -> Mapping[str, float]:
    """Return the time to the first paint."""
    times = []
    for _ in range(2 if quick else 5):
        with running(client, 0) as client_there:
            times.append(client_there.started_s)
    return {"start s": statistics.median(times)}


def streamed(name: str, rate: int, tokens: int) -> Callable[[Client, bool], Mapping[str, float]]:
    """Return the measurement of a reply of so many tokens at this rate: processor time and bytes a token."""

    def measure(client: Client, quick: bool) -> Mapping[str, float]:
        with running(client, rate) as there:
            pid, written, began = (
                there.program.process.pid,
                len(there.program.written),
                cpu_s(there.program.process.pid),
            )
            there.ask(tokens // 10 if quick else tokens)
            there.last_byte_at()
            there.quiet_at()
            spent_ms, sent = (cpu_s(pid) - began) * 1000, len(there.program.written) - written
            count = there.reply.tokens_sent
        return {f"CPU ms/token {name}": spent_ms / count, f"bytes/token {name}": sent / count}

    return measure


def flood(client: Client, _quick: bool) -> Mapping[str, float]:
    """Return the time from Enter, and from the last byte, until all of 10,000 tokens at once are on the screen."""
    with running(client, 0) as there:
        pressed = there.ask(AT_ONCE)
        ended = there.last_byte_at()
        there.quiet_at()
        shown = there.last_word_at(pressed)
        return {"10,000 at once s": shown - pressed, "end after last byte s": max(shown - ended, 0.0)}


def echo(client: Client, quick: bool) -> Mapping[str, float]:
    """Return the latency of a typed character while 100 tokens a second come, then that of Esc."""
    with running(client, 100) as there:
        there.ask(1_000_000)
        time.sleep(1)
        times = typed_ms(there.program, 15 if quick else 100)
        pressed = time.monotonic()
        there.program.send("\x1b")
        if not there.server.wait_for(lambda _log: there.reply.client_closed_at is not None, PATIENCE_S):
            raise TimeoutError("the connection was not closed")
        closed = there.reply.client_closed_at or 0.0
    return {"echo p95 ms": times[len(times) * 95 // 100], "Esc to closed ms": (closed - pressed) * 1000}


def memory(client: Client, quick: bool) -> Mapping[str, float]:
    """Return the memory after a long reply."""
    tokens = 5_000 if quick else 50_000
    with running(client, 1000) as there:
        there.ask(tokens)
        there.last_byte_at()
        there.quiet_at()
        return {f"RSS MB after {tokens:,}": resident_mb(there.program.process.pid)}


SCENARIOS: Mapping[str, Callable[[Client, bool], Mapping[str, float]]] = {
    "start": start,
    "A": streamed("A", 100, 2_000),
    "B": streamed("B", 1_000, 10_000),
    "flood": flood,
    "echo": echo,
    "memory": memory,
}
GOALS = {
    "CPU ms/token A": 1.2,
    "CPU ms/token B": 0.4,
    "bytes/token A": 150,
    "10,000 at once s": 0.4,
    "end after last byte s": 0.4,
    "echo p95 ms": 10,
    "Esc to closed ms": 25,
    "RSS MB after 50,000": 130,
}


def measure(client: Client, quick: bool, names: Sequence[str] = ()) -> None:
    """Run scenarios, all of them if none is named, and print each figure beside its goal."""
    for name in names or SCENARIOS:
        try:
            figures = SCENARIOS[name](client, quick)
        except (AssertionError, TimeoutError, OSError) as error:
            print(f"{client.name:12}{name:26}     failed: {error}", flush=True)
            continue
        for figure, value in figures.items():
            goal = f"{GOALS[figure]:10g}" if figure in GOALS else f"{'':>10}"
            print(f"{client.name:12}{figure:26}{value:10.2f}{goal}", flush=True)


def main() -> None:
    """Print the table."""
    sys.setswitchinterval(0.0005)  # the server's threads must not hold up the one that reads the terminal
    print(f"{'':12}{'':26}{'now':>10}{'goal':>10}")
    names = [argument for argument in sys.argv[1:] if argument != "--quick"]
    measure(TUI_CHAT, "--quick" in sys.argv[1:], names)


if __name__ == "__main__":
    main()
