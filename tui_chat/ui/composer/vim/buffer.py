"""A text as vim sees it: lines of units, each a grapheme or something else that is read as one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from unicodedata import category, east_asian_width, name

from tui_chat.records import dataclass
from tui_chat.text import cell_len, grapheme_at, graphemes

FindTokens = Callable[[str], Iterable[tuple[int, int]]]
"""Finds in a line what stands for something else, such as a folded paste: each is one unit, and a word of its own."""

SPACE = "space"
_WIDE = ("W", "F")


@dataclass(frozen=True, slots=True)
class Edit:
    """A part of the text, and what takes its place."""

    start: int
    end: int
    text: str = ""

    def apply(self, content: str) -> str:
        """Return the text after the edit."""
        return content[: self.start] + self.text + content[self.end :]


@dataclass(frozen=True, slots=True)
class Span:
    """A part of the text that an operator acts on; whole lines are without the line end of the last."""

    start: int
    end: int
    linewise: bool = False


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int
    text: str
    tokens: tuple[tuple[int, int], ...]


def _no_tokens(_line: str) -> Iterable[tuple[int, int]]:
    return ()


class Buffer:
    """A text that does not change; places in it are offsets, from 0 to its length."""

    def __init__(self, content: str, find_tokens: FindTokens = _no_tokens) -> None:
        self.content = content
        self._find_tokens = find_tokens
        self._last: _Line | None = None
        """The line that was looked at last."""

    def edited(self, edit: Edit) -> Buffer:
        """Return the text after an edit."""
        return Buffer(edit.apply(self.content), self._find_tokens)

    def __len__(self) -> int:
        return len(self.content)

    # -- lines

    def line_start(self, at: int) -> int:
        """Return where the line of a place begins."""
        return self._line(at).start

    def line_end(self, at: int) -> int:
        """Return where the line of a place ends, before its line end."""
        return self._line(at).end

    def line_text(self, at: int) -> str:
        """Return the line of a place."""
        return self._line(at).text

    def lines_below(self, at: int, count: int) -> int:
        """Return where the line begins that is so many below, or else the last one."""
        start = self.line_start(at)
        while count > 0 and (end := self.line_end(start)) < len(self):
            start, count = end + 1, count - 1
        return start

    def lines_above(self, at: int, count: int) -> int:
        """Return where the line begins that is so many above, or else the first one."""
        start = self.line_start(at)
        while count > 0 and start > 0:
            start, count = self.line_start(start - 1), count - 1
        return start

    def first_nonblank(self, at: int) -> int:
        """Return the first place in a line that is no blank; its last one if all are."""
        line = self._line(at)
        indent = len(line.text) - len(line.text.lstrip())
        return self.clamp(line.start + indent)

    def is_blank(self, at: int) -> bool:
        """True if there is nothing but blanks in the line."""
        return not self.line_text(at).strip()

    # -- units

    def unit(self, at: int) -> tuple[int, int]:
        """Return where the unit at a place begins and ends; a line end is one, and the end of the text an empty one."""
        line = self._line(at)
        if at >= line.end:
            return line.end, min(line.end + 1, len(self))
        column = at - line.start
        start, end = grapheme_at(line.text, column)
        for first, last in line.tokens:
            if first <= column < last:
                return line.start + first, line.start + last
            if last <= column:  # a tab, say, is a part of what it stands behind
                start = max(start, last)
            else:
                end = min(end, first)
        return line.start + start, line.start + end

    def after(self, at: int) -> int:
        """Return where the unit at a place ends."""
        return self.unit(at)[1]

    def before(self, at: int) -> int:
        """Return where the unit before a place begins."""
        return self.unit(at - 1)[0] if at > 0 else 0

    def step(self, at: int, count: int) -> int:
        """Return the place so many units to the right, or to the left, in the same line."""
        line = self._line(at)
        while count > 0 and at < line.end:
            at, count = self.after(at), count - 1
        while count < 0 and at > line.start:
            at, count = self.before(at), count + 1
        return at

    def clamp(self, at: int) -> int:
        """Return the place itself, or the nearest at which the cursor can lie on a unit of the line."""
        line = self._line(min(max(at, 0), len(self)))
        if line.start == line.end:
            return line.start
        return self.unit(min(max(at, line.start), line.end - 1))[0]

    def units(self, span: Span) -> Iterator[tuple[int, int]]:
        """Yield where the units of a part begin and end."""
        at = span.start
        while at < span.end:
            start, at = self.unit(at)
            yield start, at

    def is_token(self, at: int) -> bool:
        """True if what stands at a place stands for something else."""
        line = self._line(at)
        return any(line.start + start <= at < line.start + end for start, end in line.tokens)

    def kind(self, at: int, *, big: bool = False) -> str:
        """Return the kind of the unit at a place: units of one kind beside each other are a word, unless it is space.

        Only spaces part the words that are written with a capital.
        """
        if at >= len(self) or (first := self.content[at]).isspace():
            return SPACE
        if big:
            return "text"
        if self.is_token(at):
            return f"token at {self.unit(at)[0]}"
        if east_asian_width(first) in _WIDE:
            return name(first, "sign").split()[0]  # HIRAGANA, KATAKANA, CJK: one writes no spaces between them
        if first.isalnum() or first == "_":
            return "letters"
        return "signs" if first.isascii() else category(first)[0]

    # -- columns

    def cells(self, at: int) -> int:
        """Return how many cells are to the left of a place."""
        line = self._line(at)
        return cell_len(line.text[: at - line.start])

    def at_cell(self, line_start: int, cells: float) -> int:
        """Return the place of a line that lies so many cells from the left, or else its last one."""
        line = self._line(line_start)
        left, place = 0, line.start
        for start, _end, width in graphemes(line.text):
            if left > cells:
                break
            left, place = left + width, line.start + start
        return self.clamp(place)

    def _line(self, at: int) -> _Line:
        if self._last is None or not self._last.start <= at <= self._last.end:
            start = self.content.rfind("\n", 0, at) + 1
            end = self.content.find("\n", at)
            end = len(self) if end < 0 else end
            text = self.content[start:end]
            self._last = _Line(start, end, text, tuple(self._find_tokens(text)))
        return self._last


def edit_between(before: str, after: str) -> Edit:
    """Return the smallest edit that makes one text of another."""
    start = _common(len(before), len(after), lambda size: before[:size] == after[:size])
    shorter = min(len(before), len(after)) - start
    same_end = _common(shorter, shorter, lambda size: size == 0 or before[-size:] == after[-size:])
    return Edit(start, len(before) - same_end, after[start : len(after) - same_end])


def _common(first: int, second: int, is_common: Callable[[int], bool]) -> int:
    """Return the largest size up to both that is common to two texts."""
    low, high = 0, min(first, second)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if is_common(middle) else (low, middle - 1)
    return low
