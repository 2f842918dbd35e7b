"""The composer as lines: a prompt of one line, or of several."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tui_chat.cli.lines.line_terminal import LineTerminal

PROMPT, MORE = "You: ", "More: "
FENCE = '"""'
SLASH = "/"


def compose(
    terminal: LineTerminal,
    complete: Callable[[str], Sequence[str]],
    filled_with: str = "",
    keep: Callable[[str], None] = lambda _: None,
) -> str:
    """Return what is typed: a line, and those that a backslash at its end, a paste or three quotes add to it.

    What there is of it meanwhile goes to `keep`.
    """
    line = terminal.ask(PROMPT, filled_with=filled_with, complete=complete, typed=keep)
    if line.startswith(FENCE):
        return _fenced(terminal, line.removeprefix(FENCE), keep)
    lines = [line]
    while _goes_on(line) or (terminal.is_typed_ahead and not lines[0].startswith(SLASH)):
        if _goes_on(line):
            lines[-1] = line[:-1]
        lines.append(line := _another(terminal, lines, keep))
    return "\n".join(lines)


def _goes_on(line: str) -> bool:
    """True if a line ends in a backslash that no other one stands before."""
    return (len(line) - len(line.rstrip("\\"))) % 2 == 1


def _another(terminal: LineTerminal, lines: Sequence[str], keep: Callable[[str], None]) -> str:
    """Return one more line."""
    return terminal.ask(MORE, typed=lambda typed: keep("\n".join([*lines, typed])))


def _fenced(terminal: LineTerminal, line: str, keep: Callable[[str], None]) -> str:
    """Return all up to three quotes at the end of a line."""
    lines = [line] if line.strip() else []
    while not (lines and lines[-1].rstrip().endswith(FENCE)):
        lines.append(_another(terminal, lines, keep))
    lines[-1] = lines[-1].rstrip().removesuffix(FENCE)
    return "\n".join(lines if lines[-1].strip() else lines[:-1])
