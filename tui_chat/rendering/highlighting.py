"""Highlights code that grows: a line is looked at again only while it is near the end.

The code is read in windows of lines, each from the lexer's state at the end of the one before, so the cost of a line
does not depend on how many came before it; and the windows depend on the lines alone, so the colours do not depend on
how they came.
"""

from __future__ import annotations

from collections.abc import Sequence

from pygments.lexer import Lexer

from tui_chat.rendering.lexing import ROOT, Spans, State, find_lexer, read_lines

STEP = 32
"""Lines by which the windows move on."""
AHEAD = 16
"""Lines that a window looks further, so that what runs over several lines is read in one piece."""

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


class Highlighter:
    """The spans of growing lines of code."""

    def __init__(self, language: str) -> None:
        self._lexer = find_lexer(language)
        self._settled: list[Spans] = []
        self._state = ROOT
        self._tail: list[Spans] = []
        self._tail_lines: list[str] = []
        self._tail_complete = False
        self._tail_states: dict[int, State] = {0: ROOT}

    def first_changed(self, whole: int, complete: bool) -> int:
        """The first line whose colours may change now that so many lines are whole."""
        settled = len(self._settled)
        return settled if complete or whole - settled >= STEP + AHEAD else whole

    def spans(self, lines: Sequence[str], index: int, whole: int, complete: bool) -> Spans:
        """The spans of a line; so many lines are whole, and when `complete` none follow."""
        if self._lexer is None:
            return []
        while index >= len(self._settled) and whole - len(self._settled) >= STEP + AHEAD:
            self._settle(self._lexer, lines)
        if index < len(self._settled):
            return self._settled[index]
        self._read_tail(self._lexer, list(lines[len(self._settled) :]), complete)
        return self._tail[index - len(self._settled)]

    def _settle(self, lexer: Lexer, lines: Sequence[str]) -> None:
        """Read the next window and settle its first lines, or where that would part a token, somewhat more or less."""
        begin = len(self._settled)
        spans, states = read_lines(lexer, lines[begin : begin + STEP + AHEAD], self._state)
        count = max((line for line in states if line <= STEP), default=0) or min(states, default=STEP)
        self._state = states.get(count, ROOT)
        self._settled.extend(spans[:count])
        self._tail, self._tail_lines, self._tail_states = [], [], {0: self._state}

    def _read_tail(self, lexer: Lexer, lines: list[str], complete: bool) -> None:
        """Read the lines that are not settled: once when they are complete, until then from where they have changed."""
        if lines == self._tail_lines and complete == self._tail_complete:
            return
        comment, begin = len(lines), 0
        if not complete:
            comment = _open_comment(lexer, lines)
            pairs = enumerate(zip(lines, self._tail_lines, strict=False))
            same = next((i for i, (new, old) in pairs if new != old), min(len(lines), len(self._tail_lines)))
            begin = max(line for line in self._tail_states if line <= min(same, comment))
        spans, states = read_lines(lexer, lines[begin:], self._tail_states[begin], "*/" if comment < len(lines) else "")
        self._tail[begin:] = spans
        self._tail_states = {line: known for line, known in self._tail_states.items() if line <= begin}
        self._tail_states.update({begin + line: found for line, found in states.items()})
        self._tail_lines, self._tail_complete = lines, complete


def _open_comment(lexer: Lexer, lines: Sequence[str]) -> int:
    """The line where a comment begins that has no end yet; the number of lines if there is none."""
    if lexer.name in _BLOCK_COMMENTS:
        for index in range(len(lines) - 1, -1, -1):
            opened, closed = lines[index].rfind("/*"), lines[index].rfind("*/")
            if opened > closed:
                return index
            if closed >= 0:
                break
    return len(lines)
