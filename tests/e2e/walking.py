"""Random walks through the real program: whatever is done in whatever order, no prompt is lost and no text made up.

`scripts/walk SECONDS [SEED]`; the seed decides what is done, not when, and is printed.
"""

from __future__ import annotations

import re
import signal
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from random import Random

from tests.e2e.faults import check_database, check_log
from tests.e2e.killing import environment_of
from tests.e2e.terminal import Terminal
from tests.e2e.warm import WarmProgram
from tests.waiting import wait_until
from tui_chat.demo import DemoServer

PROMPT = re.compile(r"\bP\d+\b")
DIRECTIVES = ("", "", "", "/tokens 400\n", "/rate 40\n", "/fault reset@30\n", "/fault 529x1\n", "/fault eof@20\n")
PAUSES_S = (0.0, 0.0, 0.05, 0.2, 0.5, 1.0)
SOON_S = 5.0
"""Seconds of waiting for what need not come, such as an editor where there is nothing to edit."""
LIVE = ("pending", "streaming")
KEYS = {"stop": "\x1b", "regenerate": "\x1b[15~", "go_on": "\x1b[19~", "turn": "\x1b[17~", "begin": "\x0e"}
QUIT = "\x11"
WEIGHTS = {
    "send": 10, "burst": 3, "edit": 5, "wait": 5, "stop": 6, "regenerate": 4, "go_on": 5, "turn": 2, "begin": 2,
    "kill": 4, "terminate": 1, "reopen": 2,
}  # fmt: skip


class Walk:
    """One walk: the program, the server that it asks, and what was sent to either."""

    def __init__(self, seed: int, folder: Path, server: DemoServer, warm: WarmProgram) -> None:
        self.steps: Counter[str] = Counter()
        self.sent: set[str] = set()
        """The marks of all prompts that were sent."""
        self.replies: set[str] = set()
        """Every reply that the server had in mind, whole."""
        self._random = Random(seed)
        self._data = folder / "data"
        self._server, self._warm = server, warm
        self._environment = environment_of(folder, server.url)
        self._terminal = self._opened([])

    def walk(self, seconds: float) -> None:
        """Do one thing after another for so long, see after each what is stored, and quit."""
        end = time.monotonic() + seconds
        try:
            while time.monotonic() < end:
                self._step(self._random.choices([*WEIGHTS], [*WEIGHTS.values()])[0])
            self._quit()
        except BaseException as error:
            error.add_note(f"the screen:\n{self._terminal.text}")
            raise
        finally:
            self._terminal.close()

    def _step(self, name: str) -> None:
        self.steps[name] += 1
        if name in KEYS:
            self._terminal.send(KEYS[name])
        else:
            getattr(self, f"_{name}")()
        time.sleep(self._random.choice(PAUSES_S))  # the moments at which things meet are what is walked through
        self._check()

    # -- what is done

    def _send(self) -> None:
        self._type(self._random.choice(DIRECTIVES))

    def _burst(self) -> None:
        for _ in range(self._random.randint(2, 4)):
            self._type("")

    def _type(self, before: str) -> None:
        """Send a prompt with a mark of its own; what is before it is pasted, as a typed slash is a command."""
        mark = self._new_mark()
        pasted = f"\x1b[200~{before}\x1b[201~" if before else ""
        self._terminal.send(f"{pasted}{mark} tell me more")
        time.sleep(self._random.choice(PAUSES_S[:4]))  # a hand may be as fast as a paste
        self._enter(mark)

    def _edit(self) -> None:
        """Send one of the last prompts changed, if one is there to be changed."""
        self._terminal.send("\t")
        if not self._seen("Choose"):
            return
        self._terminal.send("k" * self._random.randint(1, 4))
        self._terminal.send("e")
        if self._seen("Editing"):
            mark = self._new_mark()
            self._terminal.send(f" {mark} changed")
            self._enter(mark)
        else:
            self._terminal.send("\t")

    def _new_mark(self) -> str:
        return f"P{len(self.sent)}"

    def _enter(self, mark: str) -> None:
        self._terminal.send("\r")
        self.sent.add(mark)

    def _wait(self) -> None:
        self._seen("● Ready")

    def _kill(self) -> None:
        self._end(signal.SIGKILL)

    def _terminate(self) -> None:
        self._end(signal.SIGTERM)

    def _end(self, number: signal.Signals) -> None:
        """End the program in the middle of whatever it does, and open it again."""
        self._terminal.process.send_signal(number)
        self._terminal.exit_code()
        self._open_again()

    def _reopen(self) -> None:
        self._quit()
        self._open_again()

    def _quit(self) -> None:
        self._terminal.send(QUIT)
        assert self._terminal.exit_code() == 0
        assert not self._stored(f"SELECT id FROM messages WHERE streaming_status IN {LIVE}"), "left under way"

    def _open_again(self) -> None:
        self._terminal.close()
        check_database(self._data)
        self._terminal = self._opened(self._random.choice(([], ["--continue"])))

    def _opened(self, arguments: Sequence[str]) -> Terminal:
        terminal = Terminal(["--model", "demo", *arguments], self._environment, self._warm, size=(100, 32))
        terminal.wait_for(lambda text: bool(re.search("Ready|Connecting|Waiting|Streaming|Retrying", text)))
        return terminal

    def _seen(self, words: str) -> bool:
        """True if the screen comes to show this soon."""
        try:
            return bool(self._terminal.wait_for(words, patience_s=SOON_S))
        except AssertionError:
            return False

    # -- what must hold

    def _check(self) -> None:
        assert self._terminal.process.poll() is None, "the program has ended"
        wait_until(lambda: not self._missing(), "every prompt is in a message, a draft or a queue")
        check_log(self._data)
        self.replies |= {answer.text for answer in self._server.log.replies}
        for (text,) in self._stored(
            f"SELECT text FROM messages WHERE role = 'assistant' AND streaming_status NOT IN {LIVE}"
        ):
            assert any(reply.startswith(text) for reply in self.replies), f"this was never sent: {text!r}"

    def _missing(self) -> set[str]:
        """Return the marks of the prompts that are stored nowhere."""
        texts = self._stored("SELECT text FROM messages WHERE role = 'user' UNION ALL SELECT draft FROM conversations")
        return self.sent.difference(*(PROMPT.findall(text) for (text,) in texts))

    def _stored(self, query: str) -> list[tuple[str]]:
        with closing(sqlite3.connect(f"file:{self._data / 'tui-chat.db'}?mode=ro", uri=True)) as connection:
            return connection.execute(query).fetchall()


def main(seconds: float, seed: int) -> None:
    """Walk for so long, and say what was done."""
    print(f"seed {seed}", flush=True)
    with tempfile.TemporaryDirectory() as folder, DemoServer(rate=150, latency_s=0.1) as server:
        warm = WarmProgram(Path(folder))
        try:
            walk = Walk(seed, Path(folder), server, warm)
            walk.walk(seconds)
        finally:
            warm.close()
    print(f"{len(walk.sent)} prompts, {len(walk.replies)} replies, {dict(walk.steps)}: nothing was lost")


if __name__ == "__main__":
    given = [int(argument) for argument in sys.argv[1:3]]
    main(given[0] if given else 60, given[1] if len(given) > 1 else Random().randrange(10**6))
