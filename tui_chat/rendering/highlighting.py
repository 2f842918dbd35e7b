"""Highlights code that grows: a line is looked at again only while it is near the end.

The code is read in windows of lines, each from the lexer's state at the end of the one before, so the cost of a line
does not depend on how many came before it; and the windows depend on the lines alone, so the colours do not depend on
how they came. Code that a lexer is too slow for is left plain.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import cast

from pygments.lexer import Lexer

from tui_chat.rendering.lexing import ROOT, Spans, State, TooSlow, find_lexer, read_lines

STEP = 32
"""Lines by which the windows move on, at most."""
AHEAD = 16
"""Lines that a window looks further, so that what runs over several lines is read in one piece."""
MOST = 2_500
"""Characters that a window moves on by, unless a single line has more."""
_GIVE_UP = 3
"""After so many blocks that took too long, a language is left plain for the rest of a text."""

# Their comments are one token, so that one whose end has not come would not look like a comment.
_BLOCK_COMMENTS = frozenset(
    (
        "C",
        "C++",
        "Java",
        "JavaScript",
        "TypeScript",
        "TSX",
        "CSS",
        "SCSS",
        "Go",
        "Kotlin",
        "Swift",
        "C#",
        "PHP",
        "Scala",
    )
)


_Packed = tuple[object, ...]
"""The spans of a line, flat: a tuple for each part takes three times as much, and there are thousands."""


def _read_packed(
    lexer: Lexer, lines: Sequence[str], state: State, suffix: str = ""
) -> tuple[list[_Packed], dict[int, State]]:
    spans, states = read_lines(lexer, lines, state, suffix)
    return [tuple(chain.from_iterable(line)) for line in spans], states


def _unpacked(packed: _Packed) -> Spans:
    return list(zip(cast(tuple[int, ...], packed[::2]), packed[1::2], strict=True))


class Patience:
    """The lexers that may be used for a text: none that has been too slow for it."""

    def __init__(self) -> None:
        self._slow: dict[Lexer, int] = {}

    def find_lexer(self, language: str) -> Lexer | None:
        """Return the lexer for a language's name, if there is one that can be used."""
        lexer = find_lexer(language)
        return None if lexer is None or self._slow.get(lexer, 0) >= _GIVE_UP else lexer

    def lose(self, lexer: Lexer) -> None:
        """Note that a lexer has taken too long."""
        self._slow[lexer] = self._slow.get(lexer, 0) + 1


class Highlighter:
    """The spans of growing lines of code."""

    def __init__(self, language: str, patience: Patience) -> None:
        self._patience = patience
        self._lexer = patience.find_lexer(language)
        self._was_slow = False
        self._wanted = 0
        """The line up to which colours have been asked for."""
        self._settled: list[_Packed] = []
        self._state = ROOT
        self._tail: list[_Packed] = []
        self._tail_lines: list[str] = []
        self._tail_complete = False
        self._tail_states: dict[int, State] = {0: ROOT}

    def want(self, index: int) -> bool:
        """Ask for the colours of a line and of those that come next; True if they are still to be read."""
        self._wanted = max(self._wanted, index + STEP + AHEAD)
        return self._lexer is not None and index >= len(self._settled) + len(self._tail)

    def spans(self, index: int) -> Spans:
        """Return the spans of a line, as far as it has been read."""
        if index < len(self._settled):
            return _unpacked(self._settled[index])
        index -= len(self._settled)
        return _unpacked(self._tail[index]) if index < len(self._tail) else []

    def read(self, lines: Sequence[str], whole: int, complete: bool) -> int | None:
        """Read one window of what is wanted; so many lines are whole, and when `complete` none follow.

        Returns the first line that has other colours now; the number of lines if none has; None if nothing is to read.
        """
        before, begin = self._tail, len(self._settled)
        try:
            if not self._read_next(lines, whole, complete):
                return None
        except TooSlow:
            return self._give_up(lines)
        now = [*self._settled[begin:], *self._tail]
        pairs = enumerate(zip(before, now, strict=False))
        return begin + next((index for index, (old, new) in pairs if old != new), min(len(before), len(now)))

    def _read_next(self, lines: Sequence[str], whole: int, complete: bool) -> bool:
        """Read the next window, or if there is none what follows; False if nothing is left to read."""
        begin = len(self._settled)
        if self._lexer is None or begin >= self._wanted:
            return False
        if step := _moved(lines, begin, whole):
            self._settle(self._lexer, lines[begin : begin + step + _ahead(lines, begin + step, whole)], step)
            return True
        rest = list(lines[begin:])
        if rest == self._tail_lines and complete == self._tail_complete:
            return False
        self._read_tail(self._lexer, rest, complete)
        return True

    def _give_up(self, lines: Sequence[str]) -> int:
        """Leave all of it plain, but not the first time: the lexer may only have had to load another one."""
        if not self._was_slow:
            self._was_slow = True
            return len(lines)
        if self._lexer is not None:
            self._patience.lose(self._lexer)
        self._lexer = None
        self._settled, self._tail = [], []
        return 0

    def _settle(self, lexer: Lexer, lines: Sequence[str], step: int) -> None:
        """Settle the first lines of a window, or where that would part a token, somewhat more or less."""
        spans, states = _read_packed(lexer, lines, self._state)
        count = max((line for line in states if line <= step), default=0) or min(states, default=step)
        self._state = states.get(count, ROOT)
        self._settled.extend(spans[:count])
        self._tail, self._tail_lines, self._tail_states = spans[count:], [], {0: self._state}

    def _read_tail(self, lexer: Lexer, lines: list[str], complete: bool) -> None:
        """Read the lines that are not settled: once when they are complete, until then from where they have changed."""
        comment, begin = len(lines), 0
        if not complete:
            comment = _open_comment(lexer, lines)
            pairs = enumerate(zip(lines, self._tail_lines, strict=False))
            same = next((i for i, (new, old) in pairs if new != old), min(len(lines), len(self._tail_lines)))
            begin = max(line for line in self._tail_states if line <= min(same, comment))
        suffix = "*/" if comment < len(lines) else ""
        spans, states = _read_packed(lexer, lines[begin:], self._tail_states[begin], suffix)
        self._tail = self._tail[:begin] + spans
        self._tail_states = {line: known for line, known in self._tail_states.items() if line <= begin}
        if not complete:
            self._tail_states.update({begin + line: found for line, found in states.items()})
        self._tail_lines, self._tail_complete = lines, complete


def _moved(lines: Sequence[str], begin: int, whole: int) -> int:
    """Return the number of lines by which a window that begins here moves on; 0 if it is not full yet."""
    step = _count(lines, begin, min(begin + STEP, whole))
    ahead = _ahead(lines, begin + step, whole)
    full = ahead == AHEAD or begin + step + ahead < whole
    return step if full else 0


def _ahead(lines: Sequence[str], begin: int, whole: int) -> int:
    return _count(lines, begin, min(begin + AHEAD, whole))


def _count(lines: Sequence[str], begin: int, end: int) -> int:
    """Return the number of lines up to `end`, or until they hold enough characters."""
    size = 0
    for line in range(begin, end):
        size += len(lines[line])
        if size > MOST:
            return max(line - begin, 1)
    return max(end - begin, 0)


def _open_comment(lexer: Lexer, lines: Sequence[str]) -> int:
    """Return the line of a comment that has no end yet; the number of lines if there is none."""
    if lexer.name in _BLOCK_COMMENTS:
        for index in range(len(lines) - 1, -1, -1):
            opened, closed = lines[index].rfind("/*"), lines[index].rfind("*/")
            if opened > closed:
                return index
            if closed >= 0:
                break
    return len(lines)
