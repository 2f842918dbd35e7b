"""What reaches a terminal."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TextIO

import pytest

from tui_chat.ui.terminal.terminal_output import TerminalOutput


@pytest.fixture
def sizeless() -> Iterator[tuple[int, TextIO]]:
    """A terminal of which the system knows no size, as on a serial line: its own end, and the program's."""
    terminal, program = os.openpty()
    with os.fdopen(program, "w") as file:
        assert os.get_terminal_size(program) == (0, 0)
        yield terminal, file
    os.close(terminal)


def test_where_no_size_is_known_too_only_what_has_changed_is_written(sizeless: tuple[int, TextIO]) -> None:
    terminal, file = sizeless
    output, came = TerminalOutput(file), list[bytes]()
    for text in ("\x1b[1;1HHello there", "\x1b[1;1HHello these"):
        output.write(text)
        output.flush()
        came.append(os.read(terminal, 1000))
    assert came == [b"\x1b[1;1HHello there", b"\x1b[1;10Hs"]
