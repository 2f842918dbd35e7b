"""The grammar: which keys make a command, and which it still waits for."""

from __future__ import annotations

from collections.abc import Sequence

from tui_chat.records import dataclass, replace
from tui_chat.ui.composer.vim.motions import FINDS, MOTIONS, REPEATS
from tui_chat.ui.composer.vim.text_objects import TEXT_OBJECTS

MOST_TIMES = 100_000
"""A count beyond that is a mistake."""
_MOST_DIGITS = len(str(MOST_TIMES)) + 1
_DIGITS = frozenset("0123456789")

OPERATORS = "dcy><"
CASES = ("gu", "gU", "g~")
"""Operators of two keys: small letters, capitals, each letter the other way."""
SELECT_AGAIN = "gv"
SAME_AS = {"backspace": "h", "left": "h", " ": "l", "right": "l", "up": "k", "down": "j", "home": "0", "end": "$"}
"""Keys that are another name of a motion."""
_SHORT = {
    "x": ("d", "l"),
    "delete": ("d", "l"),
    "X": ("d", "h"),
    "D": ("d", "$"),
    "s": ("c", "l"),
    "S": ("c", "c"),
    "C": ("c", "$"),
    "Y": ("y", "y"),
}
"""Commands that are an operator and what it acts on."""
_SHORT_VISUAL = {"x": "d", "delete": "d", "s": "c"}
_LINES_VISUAL = {"X": "d", "D": "d", "S": "c", "R": "c", "C": "c", "Y": "y"}
"""Commands that act on the lines of what is selected, whatever is of them."""
_COMMANDS = {"i", "a", "I", "A", "o", "O", "p", "P", "u", "ctrl+r", ".", "~", "J", "R", "v", "V"}
_COMMANDS_VISUAL = {*OPERATORS, "p", "P", "~", "u", "U", "J", "v", "V", "o"}
_WAIT_FOR_CHARACTER = {*FINDS, "r"}


@dataclass(frozen=True, slots=True)
class Command:
    """Something to do, as the keys say it."""

    name: str
    """An operator, another command, or a motion."""
    count: int | None = None
    target: str = ""
    """The motion or the text object that an operator acts on; the operator itself stands for lines."""
    character: str = ""
    """The character to look for, or to put in the place of what is there."""
    lines: bool = False
    """True if it acts on the lines of what is selected."""

    @property
    def times(self) -> int:
        """The number of times that it is done."""
        return self.count or 1

    @property
    def is_motion(self) -> bool:
        """True if it only goes somewhere."""
        return self.name in MOTIONS or self.name in FINDS or self.name in REPEATS


WAITING = Command("waiting")
"""More keys are needed."""
NOTHING = Command("")
"""The keys mean nothing."""


def parse(keys: Sequence[str], *, visual: bool) -> Command:
    """Return the command that the keys are; or that they are the beginning of one, or of none."""
    count, rest = _counted(keys)
    if not rest:
        return WAITING
    key = rest[0]
    command = _parse_visual(rest) if visual else _parse_normal(rest)
    if command is None:
        named = _named(rest)
        command = named if named in (WAITING, NOTHING) or named.is_motion or key == "r" else NOTHING
    return command if command in (WAITING, NOTHING) else replace(command, count=_product(count, command.count))


def _parse_normal(keys: Sequence[str]) -> Command | None:
    """Return what it is besides a motion; None if it may be one."""
    key = keys[0]
    if key in _SHORT:
        name, target = _SHORT[key]
        return Command(name, target=target)
    if key in _COMMANDS:
        return Command(key)
    first = "".join(keys[:2])
    if first in CASES:
        return _operation(first, keys[2:])
    if first == SELECT_AGAIN:
        return Command(first)
    return _operation(key, keys[1:]) if key in OPERATORS else None


def _operation(operator: str, keys: Sequence[str]) -> Command:
    count, rest = _counted(keys)
    if not rest:
        return WAITING
    if rest[0] == operator[-1] or "".join(rest[:2]) == operator:
        return Command(operator, count, operator)
    if rest[0] in "ia":
        return _object(operator, count, rest)
    named = _named(rest)
    if named is WAITING or not named.is_motion:
        return WAITING if named is WAITING else NOTHING
    return Command(operator, count, named.name, named.character)


def _parse_visual(keys: Sequence[str]) -> Command | None:
    key = keys[0]
    if key in _COMMANDS_VISUAL:
        return Command(key)
    if key in _SHORT_VISUAL:
        return Command(_SHORT_VISUAL[key])
    if key in _LINES_VISUAL:
        return Command(_LINES_VISUAL[key], lines=True)
    first = "".join(keys[:2])
    if first in CASES:
        return Command(keys[1])
    if first == SELECT_AGAIN:
        return Command(first)
    return _object("select", None, keys) if key in "ia" else None


def _object(name: str, count: int | None, keys: Sequence[str]) -> Command:
    if len(keys) == 1:
        return WAITING
    target = "".join(keys[:2])
    return Command(name, count, target) if target in TEXT_OBJECTS else NOTHING


def _named(keys: Sequence[str]) -> Command:
    """Return a motion, or a command that waits for a character."""
    key = SAME_AS.get(keys[0], keys[0])
    if key in _WAIT_FOR_CHARACTER:
        return WAITING if len(keys) == 1 else Command(key, character=keys[1]) if len(keys[1]) == 1 else NOTHING
    if key == "g":
        key = "".join(keys[:2])
        return WAITING if len(keys) == 1 else Command(key) if key in MOTIONS else NOTHING
    return Command(key) if key in MOTIONS or key in REPEATS else NOTHING


def _counted(keys: Sequence[str]) -> tuple[int | None, Sequence[str]]:
    """Return the number that the keys begin with, and the others; 0 alone is a motion."""
    size = 0
    while size < len(keys) and keys[size] in _DIGITS and (size > 0 or keys[size] != "0"):
        size += 1
    return min(int("".join(keys[: min(size, _MOST_DIGITS)])), MOST_TIMES) if size else None, keys[size:]


def _product(first: int | None, second: int | None) -> int | None:
    if first is None or second is None:
        return first or second
    return min(first * second, MOST_TIMES)
