"""The real program in a pseudo-terminal, and an emulator that shows what a user would see."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import threading
import time
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

import pyte

from tests.e2e.warm import Forked, WarmProgram
from tests.waiting import PATIENCE_S

_COLOURS = re.compile(rb"\x1b\[[0-9;:]*m")
"""Half of what comes, and nothing that a text depends on; the emulator takes it apart byte by byte."""
_SIZE = ("COLUMNS", "LINES")
"""Variables that a program would believe more than its terminal; pytest's workers have them."""

_LAUNCH = "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); os.execv(sys.argv[1], sys.argv[1:])"
"""Makes the terminal the program's own, as a shell's is: so it hears of a terminal that goes away."""


class Terminal:
    """A program in a pseudo-terminal of its own, as a user's terminal would run it."""

    def __init__(
        self,
        arguments: Sequence[str],
        environment: Mapping[str, str],
        warm: WarmProgram | None = None,
        *,
        size: tuple[int, int] = (80, 24),
    ) -> None:
        self.columns, self.rows = size
        self.raw = bytearray()
        """Every byte that the program wrote."""
        self._arrivals: list[tuple[float, int]] = []
        """The times when bytes came, and how many had come by then."""
        self._screen = pyte.Screen(self.columns, self.rows)
        self._stream = pyte.ByteStream(self._screen)
        self._lines: dict[int, str] = {}
        """The text of each line of the screen when it was looked at last."""
        self._shown = 0
        """The number of bytes that the emulator has had: it is slow, and gets them only when somebody looks."""
        self._looking = threading.Lock()
        self._changed = threading.Condition()
        surroundings = {name: value for name, value in os.environ.items() if name not in _SIZE}
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", self.rows, self.columns, 0, 0))
        environment = {**surroundings, "TERM": "xterm-256color", "COLORTERM": "truecolor", **environment}
        self.process: Forked | subprocess.Popen[bytes] = (
            warm.fork(arguments, environment, [slave] * 3, terminal=True)
            if warm
            else _from_the_beginning(arguments, environment, slave)
        )
        os.close(slave)
        self._ending = self._closed = self._gone = False
        self.ended_at = 0.0
        """The time when the program let go of the terminal."""
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, _kind: type[BaseException] | None, error: BaseException | None, _trace: object) -> None:
        if error is not None:
            error.add_note(f"the screen:\n{self.text}")
        self.close()

    @property
    def text(self) -> str:
        """The text on the screen now."""
        with self._looking:
            self._show(len(self.raw))
            return self._displayed()

    @property
    def usable(self) -> bool:
        """True if a shell could go on in it: it echoes what is typed and gives whole lines."""
        wanted = termios.ECHO | termios.ICANON | termios.ISIG
        return bool(termios.tcgetattr(self._master)[3] & wanted == wanted)

    @contextmanager
    def unread(self) -> Iterator[None]:
        """Yield a terminal that takes nothing, as one is after Ctrl+S or at the end of a dead line."""
        with self._changed:
            yield

    def send(self, keys: str | bytes) -> float:
        """Type; returns the moment (monotonic seconds) at which the terminal had it."""
        os.write(self._master, keys.encode() if isinstance(keys, str) else keys)
        return time.monotonic()

    def wait_for(self, fact: str | Callable[[str], bool], *, patience_s: float = PATIENCE_S) -> str:
        """Wait until the screen shows a text, or until something is true of it."""
        return self._wait_for(fact, lambda: self.text, patience_s)

    def wait_for_moment(self, pattern: str) -> str:
        """Wait until the screen shows what a pattern matches, or see that it has for a moment since one looked last."""
        return self._wait_for(lambda text: bool(re.search(pattern, text)), self._next_text, PATIENCE_S)

    def _wait_for(self, fact: str | Callable[[str], bool], look: Callable[[], str], patience_s: float) -> str:
        holds = fact if callable(fact) else (lambda text: fact in text)
        deadline = time.monotonic() + patience_s
        while not holds(shown := look()):
            left_s = deadline - time.monotonic()
            assert left_s > 0, f"this never appeared: {fact!r}"
            with self._changed:
                self._changed.wait_for(lambda: len(self.raw) > self._shown, min(left_s, 0.5))
        return shown

    def first_came(self, words: Sequence[str], *, after: float) -> float:
        """Return the first moment, after another one, at which one of these words stood on the screen."""
        screen, fed = pyte.Screen(self.columns, self.rows), 0
        stream = pyte.ByteStream(screen)
        for moment, end in self._arrivals:
            stream.feed(_COLOURS.sub(b"", self.raw[fed:end]))
            fed = end
            if moment > after and any(word in line for line in screen.display for word in words):
                return moment
        raise AssertionError(f"none of these was shown: {words}")

    def resize(self, columns: int, rows: int) -> None:
        """Give the terminal another size."""
        with self._looking:
            self._show(len(self.raw))
            self._screen.resize(rows, columns)
        self.columns, self.rows = columns, rows
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        os.killpg(self.process.pid, signal.SIGWINCH)

    def hang_up(self) -> None:
        """Take the terminal away, as closing its window does."""
        self._gone = True
        self._let_go()

    def exit_code(self, *, patience_s: float = PATIENCE_S) -> int:
        """Wait until the program has ended, and all that it wrote is here."""
        status = self.process.wait(patience_s)
        self._read_the_rest()
        return status

    def close(self) -> None:
        """End the program if it has not ended, and let go of the terminal."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait(PATIENCE_S)
        self._let_go()

    def _let_go(self) -> None:
        if not self._closed:
            self._closed = True
            self._read_the_rest()
            os.close(self._master)

    def _read_the_rest(self) -> None:
        self._ending = True
        self._reader.join(PATIENCE_S)

    def _read(self) -> None:
        while not self._gone:
            ready, _, _ = select.select([self._master], [], [], 0.1)
            if not ready:
                if self._ending:
                    return
                continue
            try:
                data = os.read(self._master, 65536)
            except OSError:
                data = b""  # the other side is closed: the program has ended
            if not data:
                self.ended_at = time.monotonic()
                return
            with self._changed:
                self.raw += data
                self._arrivals.append((time.monotonic(), len(self.raw)))
                self._changed.notify_all()

    def _next_text(self) -> str:
        """Return the screen as it was when the program had written a little more."""
        with self._looking:
            later = bisect_right(self._arrivals, self._shown, key=lambda arrival: arrival[1])
            self._show(self._arrivals[later][1] if later < len(self._arrivals) else self._shown)
            return self._displayed()

    def _displayed(self) -> str:
        """Return all lines; only those are put together anew that have changed, since there are many looks."""
        for row in self._screen.dirty:
            line = self._screen.buffer[row]
            self._lines[row] = "".join([line[column].data for column in range(self._screen.columns)]).rstrip()
        self._screen.dirty.clear()
        return "\n".join(self._lines.get(row, "") for row in range(self._screen.lines))

    def _show(self, end: int) -> None:
        """Let the emulator have what has come since."""
        begin, self._shown = self._shown, end
        self._stream.feed(_COLOURS.sub(b"", self.raw[begin:end]))


def _from_the_beginning(
    arguments: Sequence[str], environment: Mapping[str, str], terminal: int
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-I", "-S", "-c", _LAUNCH, sys.executable, "-m", "tui_chat", *arguments],
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        env=environment,
        start_new_session=True,
    )
