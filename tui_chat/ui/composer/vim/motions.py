"""The motions: where a key leads, and what an operator takes on the way there."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from enum import Enum

from tui_chat.records import dataclass, replace
from tui_chat.ui.composer.vim.buffer import SPACE, Buffer, Span
from tui_chat.ui.composer.vim.word_search import same_word

BRACKETS = {"(": ")", "[": "]", "{": "}", "<": ">"}
_MATCHED = re.compile(r"[()\[\]{}]")


class Reach(Enum):
    """The ends of a motion that an operator takes."""

    EXCLUSIVE = "exclusive"
    """The place further to the end is not taken."""
    INCLUSIVE = "inclusive"
    LINEWISE = "linewise"


@dataclass(frozen=True, slots=True)
class Find:
    """A character that is looked for in a line, and may be looked for again."""

    key: str
    """f, F, t or T."""
    character: str


@dataclass(frozen=True, slots=True)
class Start:
    """The place where a motion begins, and all that it may depend on."""

    at: int
    count: int | None = None
    character: str = ""
    """The character to look for in the line."""
    wanted: float = 0.0
    """The cells from the left that a move up or down would like to keep."""
    last_find: Find | None = None

    @property
    def times(self) -> int:
        """The number of times that it is done."""
        return self.count or 1


Move = Callable[[Buffer, Start], int | None]
"""Returns where a motion leads; None if it leads nowhere."""


def span_of(buffer: Buffer, at: int, to: int, reach: Reach) -> Span:
    """Return what an operator takes between two places."""
    first, last = min(at, to), max(at, to)
    if reach is Reach.LINEWISE:
        return Span(buffer.line_start(first), buffer.line_end(last), linewise=True)
    if reach is Reach.INCLUSIVE:
        return Span(first, buffer.after(last) if last < buffer.line_end(last) else last)
    if first < buffer.line_start(last) == last:  # what ends where a line begins, ends with the line before
        indent = buffer.content[buffer.line_start(first) : first]
        if not indent.strip():
            return Span(buffer.line_start(first), last - 1, linewise=True)
        return Span(first, last - 1)
    return Span(first, last)


# -- in the line


def _left(buffer: Buffer, start: Start) -> int | None:
    to = buffer.step(start.at, -start.times)
    return to if to < start.at else None


def _right(buffer: Buffer, start: Start) -> int | None:
    to = buffer.step(start.at, start.times)
    return to if to > start.at else None


def _line_end(buffer: Buffer, start: Start) -> int:
    return buffer.line_end(buffer.lines_below(start.at, start.times - 1))


def _find_again(buffer: Buffer, start: Start, find: Find, *, again: bool) -> int | None:
    """Return where a character is; "till" stops one unit before it, and again passes what it has stopped at."""
    forward, till = find.key in "ft", find.key in "tT"
    step, stop = (buffer.after, buffer.line_end(start.at)) if forward else (buffer.before, buffer.line_start(start.at))
    place, left = start.at, start.times
    if again and till and left == 1 and place != stop and _is_at(buffer, step(place), find.character):
        place = step(place)
    while left > 0:
        if place == stop:
            return None
        place = step(place)
        left -= _is_at(buffer, place, find.character)
    if not till:
        return place
    return buffer.before(place) if forward else buffer.after(place)


def _is_at(buffer: Buffer, place: int, character: str) -> bool:
    return buffer.content.startswith(character, place) and not buffer.is_token(place)


# -- words


def _word_starts(buffer: Buffer, start: Start, *, big: bool = False) -> int:
    place = start.at
    for _ in range(start.times):
        place = next_word(buffer, place, big=big)
    return place


def next_word(buffer: Buffer, at: int, *, big: bool = False) -> int:
    """Return where the next word begins; an empty line is one."""
    place = at
    if buffer.kind(at, big=big) != SPACE:
        place = word_end(buffer, at, big=big)
    while place < len(buffer) and buffer.kind(place) == SPACE:
        if place > at and buffer.content[place] == "\n" and buffer.line_start(place) == place:
            break
        place = buffer.after(place)
    return place


def word_end(buffer: Buffer, at: int, *, big: bool = False) -> int:
    """Return the place behind the last unit of the word at a place."""
    kind, place = buffer.kind(at, big=big), at
    while place < len(buffer) and buffer.kind(place, big=big) == kind:
        place = buffer.after(place)
    return place


def _word_ends(buffer: Buffer, start: Start, *, big: bool = False) -> int:
    place = start.at
    for _ in range(start.times):
        place = buffer.after(place)
        while place < len(buffer) and buffer.kind(place) == SPACE:
            place = buffer.after(place)
        place = max(buffer.before(word_end(buffer, place, big=big)), start.at)
    return place


def _words_before(buffer: Buffer, start: Start, *, big: bool = False) -> int | None:
    place = start.at
    for _ in range(start.times):
        place = _word_before(buffer, place, big=big)
    return place if place < start.at else None


def _word_before(buffer: Buffer, at: int, *, big: bool) -> int:
    place = buffer.before(at)
    while place > 0 and buffer.kind(place) == SPACE:
        if buffer.line_start(place) == buffer.line_end(place):
            return place
        place = buffer.before(place)
    kind = buffer.kind(place, big=big)
    while place > 0 and kind != SPACE and buffer.kind(buffer.before(place), big=big) == kind:
        place = buffer.before(place)
    return place


def _word_ends_before(buffer: Buffer, start: Start, *, big: bool = False) -> int | None:
    place = start.at
    for _ in range(start.times):
        kind = buffer.kind(place, big=big)
        while place > 0 and kind != SPACE and buffer.kind(place, big=big) == kind:
            place = buffer.before(place)
        while place > 0 and buffer.kind(place) == SPACE:
            if place < start.at and _is_empty(buffer, place):
                break
            place = buffer.before(place)
    return place if place < start.at else None


# -- lines and paragraphs


def _down(buffer: Buffer, start: Start) -> int | None:
    line = buffer.lines_below(start.at, start.times)
    return buffer.at_cell(line, start.wanted) if line > buffer.line_start(start.at) else None


def _up(buffer: Buffer, start: Start) -> int | None:
    line = buffer.lines_above(start.at, start.times)
    return buffer.at_cell(line, start.wanted) if line < buffer.line_start(start.at) else None


def _first_line(buffer: Buffer, start: Start) -> int:
    return buffer.first_nonblank(buffer.lines_below(0, start.times - 1))


def _last_line(buffer: Buffer, start: Start) -> int:
    return _first_line(buffer, start) if start.count else buffer.first_nonblank(buffer.line_start(len(buffer)))


def _next_paragraph(buffer: Buffer, start: Start) -> int | None:
    place = start.at
    for _ in range(start.times):
        line = _skip_lines(buffer, buffer.line_start(place), 1, empty=True)
        place = _skip_lines(buffer, line, 1, empty=False)
        if not _is_empty(buffer, place):
            place = len(buffer)
    return place if place > start.at else None


def _previous_paragraph(buffer: Buffer, start: Start) -> int | None:
    place = start.at
    for _ in range(start.times):
        line = _skip_lines(buffer, buffer.line_start(place), -1, empty=True)
        place = _skip_lines(buffer, line, -1, empty=False)
    return place if place < start.at else None


def _skip_lines(buffer: Buffer, line: int, direction: int, *, empty: bool) -> int:
    """Return the first line from here on that is empty, or is not; else the last one there."""
    go = buffer.lines_below if direction > 0 else buffer.lines_above
    while _is_empty(buffer, line) is empty and (following := go(line, 1)) != line:
        line = following
    return line


def _is_empty(buffer: Buffer, line: int) -> bool:
    return buffer.line_start(line) == buffer.line_end(line)


# -- brackets


def _matching(buffer: Buffer, start: Start) -> int | None:
    """Return the counterpart of the first bracket from here on in the line."""
    found = _MATCHED.search(buffer.content, start.at, buffer.line_end(start.at))
    if found is None or start.count:
        return None
    return matching_bracket(buffer.content, found.start())


def matching_bracket(content: str, at: int) -> int | None:
    """Return where the counterpart of the bracket at a place is."""
    if content[at] in BRACKETS:
        return closing_bracket(content, at)
    return opening_bracket(
        content, at, next(opening for opening, closing in BRACKETS.items() if closing == content[at])
    )


def opening_bracket(content: str, before: int, opening: str) -> int | None:
    """Return where the innermost bracket stands that is open at a place."""
    opened: list[int] = []
    for found in _either(opening).finditer(content, 0, before):
        if found[0] == opening:
            opened.append(found.start())
        elif opened:
            opened.pop()
    return opened[-1] if opened else None


def closing_bracket(content: str, opened: int) -> int | None:
    """Return where the bracket is closed that opens at a place."""
    opening, depth = content[opened], 0
    for found in _either(opening).finditer(content, opened):
        depth += 1 if found[0] == opening else -1
        if depth == 0:
            return found.start()
    return None


def _either(opening: str) -> re.Pattern[str]:
    return re.compile(f"[{re.escape(opening + BRACKETS[opening])}]")


# -- the table


@dataclass(frozen=True, slots=True)
class Motion:
    """A motion, and what an operator takes of it."""

    move: Move
    reach: Reach = Reach.EXCLUSIVE


def _big(move: Callable[..., int | None]) -> Move:
    return lambda buffer, start: move(buffer, start, big=True)


MOTIONS: Mapping[str, Motion] = {
    "h": Motion(_left),
    "l": Motion(_right),
    "0": Motion(lambda buffer, start: buffer.line_start(start.at)),
    "^": Motion(lambda buffer, start: buffer.first_nonblank(start.at)),
    "$": Motion(_line_end),
    "w": Motion(_word_starts),
    "W": Motion(_big(_word_starts)),
    "b": Motion(_words_before),
    "B": Motion(_big(_words_before)),
    "e": Motion(_word_ends, Reach.INCLUSIVE),
    "E": Motion(_big(_word_ends), Reach.INCLUSIVE),
    "ge": Motion(_word_ends_before, Reach.INCLUSIVE),
    "gE": Motion(_big(_word_ends_before), Reach.INCLUSIVE),
    "j": Motion(_down, Reach.LINEWISE),
    "k": Motion(_up, Reach.LINEWISE),
    "gg": Motion(_first_line, Reach.LINEWISE),
    "G": Motion(_last_line, Reach.LINEWISE),
    "}": Motion(_next_paragraph),
    "{": Motion(_previous_paragraph),
    "%": Motion(_matching, Reach.INCLUSIVE),
    "*": Motion(lambda buffer, start: same_word(buffer, start.at, start.times, forward=True)),
    "#": Motion(lambda buffer, start: same_word(buffer, start.at, start.times, forward=False)),
}
"""The motions that are told by their keys alone."""

FINDS = {"f": Reach.INCLUSIVE, "t": Reach.INCLUSIVE, "F": Reach.EXCLUSIVE, "T": Reach.EXCLUSIVE}
"""The motions that wait for a character."""
REPEATS = (";", ",")
"""They find the last one again; the second in the other direction."""


def destination(buffer: Buffer, keys: str, start: Start) -> tuple[int, Reach] | None:
    """Return where a motion leads and what an operator takes of it; None if it leads nowhere."""
    if keys in MOTIONS:
        to, reach = MOTIONS[keys].move(buffer, start), MOTIONS[keys].reach
    elif (find := find_meant(keys, start)) is not None:
        to, reach = _find_again(buffer, start, find, again=keys in REPEATS), FINDS[find.key]
    else:
        return None
    return None if to is None else (to, reach)


def find_meant(keys: str, start: Start) -> Find | None:
    """Return what is to be found in the line; None if that is nothing."""
    if keys in FINDS:
        return Find(keys, start.character)
    find = start.last_find
    return replace(find, key=find.key.swapcase()) if keys == "," and find is not None else find


def keeps_column(keys: str) -> bool:
    """True if a motion goes on in the column that those before it have set."""
    return keys in ("j", "k")


def column_after(buffer: Buffer, keys: str, at: int) -> float:
    """Return the column that moves up and down will keep after a motion."""
    return math.inf if keys == "$" else buffer.cells(at)
