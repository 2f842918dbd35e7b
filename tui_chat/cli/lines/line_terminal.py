"""The terminal as a place of lines: they are added at its end, and read from the keyboard one at a time."""

from __future__ import annotations

import base64
import os
import select
import signal
import sys
import termios
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from getpass import getpass
from importlib import import_module
from types import FrameType
from typing import Any

from tui_chat.text import clean_line

readline: Any = None
"""Edits the line; Python can be built without it: the terminal's own editing is what is left then."""
with suppress(ImportError):
    readline = import_module("readline")

_READLINE = (
    "set enable-bracketed-paste off",
    "set enable-meta-key off",
    "set bell-style none",
    "set page-completions off",
    "set completion-query-items 0",
    "tab: complete",
)
"""Switches off all that it would write to the terminal, or ask, beside the line."""
LONGEST_HISTORY = 200
_SHOW_SEQUENCES = ("dumb", "linux")
"""Terminals that have no clipboard, and may show as text what is sent to one."""
NOTED_S = 0.25
"""The most that a crash may take of what was typed."""


class Left(Exception):
    """The user has left: the end of the input, as Ctrl+D makes it."""


class Interrupted(Exception):
    """The user has pressed Ctrl+C."""

    def __init__(self, *, had_text: bool) -> None:
        super().__init__()
        self.had_text = had_text
        """True if there was something in the line."""


class LineTerminal:
    """Standard input and output."""

    def __init__(self) -> None:
        self._at_line_start = True
        self._had_text = False
        self._complete: Callable[[str], Sequence[str]] = _nothing
        if readline is not None:
            for line in _READLINE:
                readline.parse_and_bind(line)
            readline.set_auto_history(False)
            readline.set_completer_delims("")
            readline.set_completer(self._completed)

    # -- what is written

    def write(self, text: str) -> None:
        """Add text, which is clean, to the present line."""
        if text:
            self._at_line_start = text.endswith("\n")
            with suppress(OSError):  # nobody is there any more; the signal that says so ends the program
                sys.stdout.write(text)
                sys.stdout.flush()

    def say(self, sentence: str) -> None:
        """Add a line of its own."""
        self.end_line()
        self.write(f"{clean_line(sentence)}\n")

    def end_line(self) -> None:
        """Go to the beginning of a line."""
        if not self._at_line_start:
            self.write("\n")

    def fill_clipboard(self, text: str) -> bool:
        """Send a text to the terminal's clipboard, unseen (OSC 52); False if the terminal is known to have none."""
        if os.environ.get("TERM", "") in _SHOW_SEQUENCES:
            return False
        sequence = b"\x1b]52;c;" + base64.b64encode(text.encode(errors="replace")) + b"\a"
        with suppress(OSError):  # as above
            while sequence:  # past the stream, which lets no control character through
                sequence = sequence[os.write(sys.stdout.fileno(), sequence) :]
        return True

    # -- what is read

    def ask(
        self,
        question: str,
        *,
        filled_with: str = "",
        complete: Callable[[str], Sequence[str]] | None = None,
        typed: Callable[[str], None] | None = None,
    ) -> str:
        """Return the line that is typed behind a question; what it is filled with can be changed.

        Keep `typed`, which is called with what there is of it before that.
        """
        self.end_line()
        self._complete, self._had_text = complete or _nothing, False
        with self._heeding_ctrl_c(), _filled(filled_with), _echo(on=True), _noting(typed):
            while True:
                self._at_line_start = False
                try:
                    line = input(question)
                except EOFError:
                    raise Left from None
                except KeyboardInterrupt:
                    raise Interrupted(had_text=self._had_text) from None
                except SystemError as error:
                    if not isinstance(error.__cause__, KeyboardInterrupt):
                        raise
                    # Python wraps it if the signal of the timer comes at the same moment.
                    raise Interrupted(had_text=self._had_text) from None
                except UnicodeDecodeError:
                    self.say("That was not UTF-8 text.")
                    continue
                self._at_line_start = True
                return line

    def ask_hidden(self, question: str) -> str:
        """Return the line that is typed behind a question, which is not shown and not remembered."""
        self.end_line()
        with suppress(EOFError):
            return getpass(question)
        return ""

    @contextmanager
    def unechoed(self) -> Iterator[None]:
        """Have the terminal not show what is typed: it would stand in the middle of a reply."""
        with _echo(on=False):
            yield

    @property
    def is_typed_ahead(self) -> bool:
        """True if there is another line already: the rest of what was pasted."""
        return bool(select.select([sys.stdin], [], [], 0)[0])

    def remember(self, lines: Iterable[str]) -> None:
        """Let the arrow keys bring these lines back, the last one first."""
        if readline is not None:
            readline.set_history_length(LONGEST_HISTORY)
            for line in lines:
                if "\n" not in line:
                    readline.add_history(line)

    def _completed(self, text: str, number: int) -> str | None:
        found = self._complete(text)
        return found[number] if number < len(found) else None

    @contextmanager
    def _heeding_ctrl_c(self) -> Iterator[None]:
        """Note, when Ctrl+C is pressed, if there is anything in the line: it is gone a moment later."""

        def interrupt(_number: int, _frame: FrameType | None) -> None:
            self._had_text = readline is not None and bool(readline.get_line_buffer())
            raise KeyboardInterrupt

        before = signal.signal(signal.SIGINT, interrupt)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, before)


@contextmanager
def _echo(*, on: bool) -> Iterator[None]:
    """Have the terminal show what is typed, or not."""
    try:
        before = termios.tcgetattr(sys.stdin)
    except termios.error:
        yield  # the terminal has gone
        return
    echoing = before[3] | termios.ECHO if on else before[3] & ~termios.ECHO
    with suppress(termios.error):
        termios.tcsetattr(sys.stdin, termios.TCSANOW, [*before[:3], echoing, *before[4:]])
    try:
        yield
    finally:
        with suppress(termios.error):
            termios.tcsetattr(sys.stdin, termios.TCSANOW, before)


@contextmanager
def _noting(typed: Callable[[str], None] | None) -> Iterator[None]:
    """Pass on what has been typed so far, now and then: the line itself is here only after Enter."""
    if typed is None or readline is None:
        yield
        return
    before = signal.signal(signal.SIGALRM, lambda *_: typed(readline.get_line_buffer()))
    signal.setitimer(signal.ITIMER_REAL, NOTED_S, NOTED_S)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@contextmanager
def _filled(text: str) -> Iterator[None]:
    """Have the next line begin with a text."""
    if readline is None or not text:
        yield
        return
    readline.set_startup_hook(lambda: readline.insert_text(text))
    try:
        yield
    finally:
        readline.set_startup_hook(None)


def _nothing(_text: str) -> Sequence[str]:
    return ()
