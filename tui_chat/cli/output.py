"""The commands' output: results to standard output, sentences to standard error."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from tui_chat.text.reading import sentence as bounded_sentence

if TYPE_CHECKING:
    from datetime import datetime

BOLD, DIM, RED, GREEN, YELLOW = "1", "2", "31", "32", "33"
"""Styles, as SGR writes them."""
USUAL_WIDTH = 80
"""The columns of a terminal that does not tell."""


class Complaint(Exception):
    """A command's failure: one sentence that says why, and the status that it ends with."""

    def __init__(self, sentence: str, status: int = 1) -> None:
        super().__init__(bounded_sentence(sentence))
        self.sentence = bounded_sentence(sentence)
        self.status = status


def prepare_streams() -> None:
    """Make sure that there are three streams, and that each can take every character."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115 - open to the end
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
    sys.stdout, sys.stderr = _gated(sys.stdout), _gated(sys.stderr)


class _Gated(TextIOWrapper):
    """A terminal that gets printable lines only, whoever prints: a library, too, or Python itself."""

    def __init__(self, terminal: TextIO) -> None:
        super().__init__(terminal.buffer, terminal.encoding, terminal.errors, line_buffering=True)
        self._terminal = terminal  # it would close what both write to when nobody has it any more

    def write(self, text: str) -> int:
        """Write what is printable of it."""
        from tui_chat.text import printable_lines

        super().write(printable_lines(text))
        return len(text)


def _gated(stream: TextIO) -> TextIO:
    """Return what is written to instead of a stream; all but a terminal get exactly what they are given."""
    return _Gated(stream) if stream.isatty() and not isinstance(stream, _Gated) else stream


def complain(sentence: str) -> None:
    """Say on standard error what is wrong."""
    note(f"tui-chat: {sentence}")


def note(sentence: str) -> None:
    """Say something on standard error, if anybody is there to hear it."""
    from tui_chat.text import clean_line

    with suppress(OSError, ValueError):  # the latter: it was closed
        sys.stderr.write(f"{clean_line(sentence)}\n")
        sys.stderr.flush()


def agreed_or_told(question: str, unasked: str) -> bool:
    """True if whoever sits at the terminal says yes; where nobody does, a complaint names the option for that."""
    if not sys.stdin.isatty():
        raise Complaint(unasked, 2)
    return agreed(question)


def agreed(question: str) -> bool:
    """True if whoever sits at the terminal says yes."""
    from tui_chat.text import clean_line

    sys.stderr.write(f"{clean_line(question)} [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in ("y", "yes")


class Problems:
    """Sentences about disk and settings, each said once. It may be called from any thread."""

    def __init__(self) -> None:
        self.told: dict[str, None] = {}

    def __call__(self, sentence: str) -> None:
        """Say it, if it was not said before."""
        if sentence not in self.told:
            self.told[sentence] = None
            complain(sentence)


def put(text: str) -> None:
    """Write a line, or several, to standard output."""
    with _writing():
        sys.stdout.write(f"{text}\n")


def flush() -> None:
    """Have everything written that was put."""
    with _writing():
        sys.stdout.flush()


def end_output() -> None:
    """Write what is left, as far as that can be."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError):
            stream.flush()


@contextmanager
def _writing() -> Iterator[None]:
    """Make a complaint of a full disk; leave a closed pipe to whoever runs the command."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise Complaint(f"Standard output cannot be written: {error.strerror}.") from error


def put_json(value: object) -> None:
    """Write a value as JSON."""
    from tui_chat.text.plain_json import as_json

    put(as_json(value, indent=2))


def terminal_width() -> int:
    """Return the width of the terminal as `shutil` does, which loads every compressor for it: each option asks."""
    columns = os.environ.get("COLUMNS", "")
    if columns.isdecimal() and int(columns) > 0:
        return int(columns)
    try:
        return os.get_terminal_size(sys.__stdout__.fileno()).columns if sys.__stdout__ else USUAL_WIDTH
    except (OSError, ValueError):  # it is no terminal, or is closed
        return USUAL_WIDTH


def paint(text: str, style: str) -> str:
    """Return text in an SGR style, where standard output is a terminal that is to have colours."""
    return f"\x1b[{style}m{text}\x1b[0m" if colourful(sys.stdout) else text


def colourful(stream: TextIO) -> bool:
    """True if a stream is to have colours."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def takes_drawings(stream: TextIO) -> bool:
    """True if a stream is a terminal on which lines can be written again."""
    return stream.isatty() and os.environ.get("TERM", "dumb") != "dumb"


def local_time(time: datetime) -> str:
    """Return a time where the user is, to the minute."""
    return time.astimezone().strftime("%Y-%m-%d %H:%M")
