"""Dialogs as numbered questions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from tui_chat.cli.lines.line_terminal import Interrupted, Left, LineTerminal

T = TypeVar("T")

CANCEL = "Enter a number, or nothing to cancel: "
_YES = ("y", "yes")


def choose(terminal: LineTerminal, question: str, options: Sequence[tuple[str, T]]) -> T | None:
    """Return the value that is chosen by its number; None if the user would rather not."""
    terminal.say(question)
    for number, (label, _) in enumerate(options, 1):
        terminal.say(f"{number}. {label}")
    while (typed := answer(terminal, CANCEL)) is not None and typed:
        if typed.isdecimal() and 0 < int(typed[:9]) <= len(options):
            return options[int(typed[:9]) - 1][1]
        terminal.say(f"Enter a number from 1 to {len(options)}.")
    terminal.say("Cancelled.")
    return None


def confirm(terminal: LineTerminal, question: str) -> bool:
    """True if the user says yes."""
    typed = answer(terminal, f"{question} Enter y for yes, or nothing for no: ")
    if agreed := typed is not None and typed.casefold() in _YES:
        return agreed
    terminal.say("Cancelled.")
    return False


def answer(terminal: LineTerminal, question: str, *, filled_with: str = "") -> str | None:
    """Return what is typed, without blanks around it; None after Ctrl+C or Ctrl+D, which only leave the question."""
    try:
        return terminal.ask(question, filled_with=filled_with).strip()
    except (Interrupted, Left):
        return None
