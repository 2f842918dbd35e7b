"""The commands' output: results to standard output, sentences to standard error."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from io import TextIOWrapper
from pathlib import Path
from typing import TextIO

from tui_chat.text import cell_len, clean_line, fit, pad, printable_lines, reading
from tui_chat.text.plain_json import as_json

BOLD, DIM, RED, GREEN, YELLOW = "1", "2", "31", "32", "33"
"""Styles, as SGR writes them."""


class Complaint(Exception):
    """A command's failure: one sentence that says why, and the status that it ends with."""

    def __init__(self, sentence: str, status: int = 1) -> None:
        super().__init__(reading.sentence(sentence))
        self.sentence = reading.sentence(sentence)
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
    put(as_json(value, indent=2))


def table(head: Sequence[str], rows: Iterable[Sequence[str]], *, right: Sequence[int] = ()) -> Iterable[str]:
    """Yield rows in columns under a head, cleaned; the last column is cut at the terminal's edge."""
    for number, line in enumerate(aligned((head, *rows), right=right)):
        yield paint(_cut(line), BOLD) if number == 0 else _cut(line)


def aligned(rows: Iterable[Sequence[str]], *, right: Sequence[int] = ()) -> Iterable[str]:
    """Yield rows in columns, cleaned."""
    cells = [[clean_line(cell) for cell in row] for row in rows]
    widths = [max(map(cell_len, column)) for column in zip(*cells, strict=True)]
    for row in cells:
        placed = (
            pad(cell, width, "right" if column in right else "left")
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        yield "  ".join(placed).rstrip()


def columns(pairs: Iterable[tuple[str, str]], *, gap: int = 2) -> Iterable[str]:
    """Return names and what there is to say of each, aligned."""
    rows = [(name, clean_line(text)) for name, text in pairs]
    width = max((cell_len(name) for name, _ in rows), default=0) + gap
    return (f"{pad(name, width)}{text}".rstrip() for name, text in rows)


def _cut(line: str) -> str:
    """Return a line that fits the terminal; a file gets all of it."""
    return fit(line, shutil.get_terminal_size().columns) if sys.stdout.isatty() else line


def paint(text: str, style: str) -> str:
    """Return text in an SGR style, where standard output is a terminal that is to have colours."""
    return f"\x1b[{style}m{text}\x1b[0m" if colourful(sys.stdout) else text


def colourful(stream: TextIO) -> bool:
    """True if a stream is to have colours."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def local_time(time: datetime) -> str:
    """Return a time where the user is, to the minute."""
    return time.astimezone().strftime("%Y-%m-%d %H:%M")
