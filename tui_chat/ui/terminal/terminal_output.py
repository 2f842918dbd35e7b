"""The screen's output: to the terminal, with no more than it needs, and nothing once that has gone away."""

from __future__ import annotations

import os
from io import TextIOBase
from typing import TextIO

from tui_chat.ui.terminal.terminal_diff import TerminalDiff


def _usual_size() -> tuple[int, int]:
    """Return the size that Textual takes such a terminal to have."""
    import shutil

    return shutil.get_terminal_size()


class TerminalOutput(TextIOBase):
    """Takes whatever it is given, for ever.

    The thread that writes the screen ends at an error; whoever has more for it then waits until the end of time, and
    the program with it. A window that is closed in the middle of a reply is such an error.
    """

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._gone = False
        self._rows = TerminalDiff()

    def forget(self) -> None:
        """Have all of the next frame written: something else may have been at the screen."""
        self._rows.forget()

    def write(self, text: str) -> int:
        """Write, as long as there is a terminal."""
        if not self._gone:
            try:
                self._file.write(self._rows.minimal_update(text, self._size))
            except OSError:
                self._gone = True
        return len(text)

    def flush(self) -> None:
        """Have the terminal show it."""
        if not self._gone:
            try:
                self._file.flush()
            except OSError:
                self._gone = True

    @property
    def _size(self) -> tuple[int, int]:
        """The terminal's columns and rows; where the system knows none, as on a serial line, those that are drawn."""
        try:
            size = os.get_terminal_size(self._file.fileno())
        except OSError:
            return 0, 0
        return size if all(size) else _usual_size()

    def fileno(self) -> int:
        """Return the terminal's descriptor."""
        return self._file.fileno()

    def isatty(self) -> bool:
        """True if it is a terminal."""
        return self._file.isatty()
