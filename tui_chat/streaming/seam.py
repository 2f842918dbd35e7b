"""Splices the rest of a reply onto what came before it, without repeating or losing a character.

A model that is asked to go on may repeat the last words (it is asked to, see `anchor_of`), restart the line, the
sentence or the table, open a code block again, begin with a remark or with a space. What it repeats is dropped; a
repetition that belongs to the text (a row of dashes, a code line written twice) is not, and neither is the indentation
of code or of a list.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterator

REACH = 2000
"""How many characters before the seam may be repeated after it."""
ANCHOR = 40
"""So long are the last words that a model is asked to begin with: nothing of that length stands twice by chance."""

_WORD_START = re.compile(r"(?<!\S)\S|(?<!\w)[^\s)\]},.;:!?]|[^\x00-\u024f\s]")
"""Where a repetition may begin: at a word; any character of a script without spaces is one."""
_WORD = re.compile(r"[^\W\d_]{2,}")
_LINE_MARK = re.compile(r"\s*(?:[-*+>|]|\d+[.)]|#{1,6})\s*")
_FENCE = re.compile(r"^[ \t]*(`{3,}|~{3,})([^\n]*)", re.MULTILINE)
_OPENING_FENCE = re.compile(r"\s*(?:`{3,}|~{3,})(?:[^`~\s]+\s*)?")
_ROW = r"[ \t]*\|[^\n]*\n"
_TABLE = re.compile(rf"^(?P<head>(?P<names>{_ROW})(?:{_ROW})?)(?:{_ROW})*(?:[ \t]*\|[^\n]*)?\Z", re.MULTILINE)
_SENTENCE_END = re.compile(r"[.!?:]\s+$")
_CLOSING = re.compile(r"[.,)](?:\s|$)")
_UNDECIDED = re.compile(r"\s*[.,)]?")

_REMARKS = ("continuing", "resuming", "picking up", "sure", "certainly", "of course", "okay", "here is", "here's")
"""How a remark begins that a model may make before it goes on; it is one only if a repetition follows."""
_REMARK = re.compile(rf"\s*(?:{'|'.join(_REMARKS)})\b[^\n]{{0,100}}\n\s*", re.IGNORECASE)
_DOTS = re.compile(r"\s*(?:\.\.\.|…)\s*")
_FENCE_LINE = re.compile(r"\s*(`{3,}|~{3,})([^`\n]*)\n")
_BEGUN_FENCE_LINE = re.compile(r"\s*(`{1,}|~{1,})[^`\n]*")
_SURE = 8
"""What follows such an opening is a repetition only if it is so long, without its white space."""


def anchor_of(text: str) -> str:
    """The last words of a text, from the beginning of a word on, so many that they stand nowhere else in its end."""
    tail = text[-REACH:]
    starts = [match.start() for match in _WORD_START.finditer(tail) if len(tail) - match.start() >= ANCHOR]
    return next((tail[start:] for start in reversed(starts) if tail.count(tail[start:]) == 1), tail.lstrip())


class Seam:
    """Takes the continuation piece by piece and gives back what of it is new."""

    def __init__(self, before: str) -> None:
        self._before = before
        self._tail = before[-REACH:]
        self._said = _squeezed(self._tail)
        begins = {match.start() for match in _WORD_START.finditer(self._tail)}
        visible = (match.start() for match in re.finditer(r"\S", self._tail))
        self._starts = [(start, place) for place, start in enumerate(visible) if start in begins]
        """Where a repetition may begin, longest first: in the text, and in the text without its white space."""
        table = _TABLE.search(self._tail)
        self._table_head = _squeezed(table["head"]) if table else ""
        self._marks = table["names"].count("|") if table else 0
        """How many a row of the table has that the cut was in."""
        self._row = _squeezed(_last_line(self._tail)) if table else ""
        self._fence = _open_fence(before)
        self._held = ""
        self._settled = not before

    def feed(self, text: str) -> str:
        """The part of the continuation that is certainly new; the rest is held until it is clear."""
        if self._settled:
            return text
        # It is decided at the first character that makes it clear, so that the pieces in which it comes do not matter.
        held, ends = self._held, range(1, len(text) + 1)
        clear = bisect(ends, False, key=lambda end: not self._may_still_repeat(held + text[:end]))
        self._held += text[: clear + 1]
        return self.flush() + text[clear + 1 :] if clear < len(text) else ""

    def flush(self) -> str:
        """Decide now: the continuation has come far enough, or has ended."""
        held, self._held = self._held, ""
        if self._settled:
            return held
        self._settled = True
        return self._joined(held[self._new_from(held) :])

    def _may_still_repeat(self, held: str) -> bool:
        """Whether this could be the beginning of a repetition, or one whose end is not yet clear."""
        if _UNDECIDED.fullmatch(held) or self._may_be_opening(held):
            return True
        return any(self._fits(text) for _, text, _ in self._readings(held))

    def _may_be_opening(self, held: str) -> bool:
        """Whether this could become something that a model puts before a repetition."""
        if any(begin.startswith(held.lstrip().lower()) for begin in _REMARKS) or _REMARK.fullmatch(f"{held}\n"):
            return True
        remark = _REMARK.match(held)
        rest = held[remark.end() :] if remark else held
        return rest.lstrip() in (".", "..") or (bool(self._fence) and bool(_BEGUN_FENCE_LINE.fullmatch(rest)))

    def _fits(self, text: str) -> bool:
        """Whether this could become a repetition; of a table's row that is only clear at the row's end."""
        squeezed = _squeezed(text)
        if self._table_head.startswith(squeezed):
            return True
        if self._row and squeezed.startswith(self._row) and "\n" not in text.lstrip():
            return True
        return any(self._said.startswith(squeezed, place) for _, place in self._starts)

    def _readings(self, held: str) -> Iterator[tuple[int, str, int]]:
        """What of it may be a repetition, how much stands before that, and how long it must be to count as one."""
        again = self._length_begun_again(held)
        if again:
            yield again, held[again:], 1
        yield 0, held, 1
        at = 0
        for opening in (_REMARK, _FENCE_LINE, _DOTS):
            match = opening.match(held, at)
            if match and (opening is not _FENCE_LINE or self._is_fence(match)):
                at = match.end()
        rest = held[at:]
        if at:
            yield at, rest, _SURE
        if rest[:1].isalpha():
            yield at, rest[0].swapcase() + rest[1:], _SURE

    def _new_from(self, held: str) -> int:
        """Where in `held` that begins which does not repeat the text before it."""
        found = [(self._repeated(text, at_least), begin) for begin, text, at_least in self._readings(held)]
        length, begin = max(found)
        if length:
            return begin + length
        again = self._length_begun_again(held)
        return again if self._fence else len(held[:again].rstrip())

    def _length_begun_again(self, held: str) -> int:
        """How much of `held` is the head of the table, or the fence of the code block, that the cut was in."""
        if self._table_head and "\n" not in _lead(held) and _squeezed(held).startswith(self._table_head):
            head = _unsqueezed_length(held, len(self._table_head))
            return head + len(_lead(held[head:]))
        fence = _FENCE_LINE.match(held)
        if not fence or not self._is_fence(fence):
            return 0
        in_line = _last_line(self._tail).strip() and "\n" not in _lead(held)
        closes = not fence[2].strip() and not (in_line and held[fence.end() :][:1].strip("\n"))
        return 0 if closes else fence.end()

    def _is_fence(self, line: re.Match[str]) -> bool:
        """Whether this line opens or closes the code block that the cut was in."""
        return bool(self._fence) and line[1].startswith(self._fence)

    def _repeated(self, text: str, at_least: int) -> int:
        """How many characters at the beginning of `text` repeat the end of the text before it."""
        squeezed = _squeezed(text)
        for start, place in self._starts:
            said = self._said[place:]
            enough = len(said) >= at_least or said == _squeezed(self._before)
            if enough and squeezed.startswith(said):
                length = _unsqueezed_length(text, len(said))
                if self._is_repetition(start, text) and _words(text[:length]) == _words(self._tail[start:]):
                    return length
        return 0

    def _is_repetition(self, start: int, held: str) -> bool:
        """Whether the model said `tail[start:]` again, or the text itself goes on with the same words."""
        said, before = self._tail[start:], self._tail[:start]
        lead, after = _lead(held), held.lstrip()[len(said.strip()) :]
        anew = lead in ("", _last_line(before))
        restarted_line = not _last_line(before).strip() and bool(_last_line(self._tail).strip())
        if "\n" not in lead and len(said.strip()) >= ANCHOR and said.strip() not in before:
            return True
        if _squeezed(said) == self._row:
            return "\n" not in lead and held.lstrip().partition("\n")[0].count("|") == self._marks
        if _OPENING_FENCE.fullmatch(said):
            return bool(self._fence) and anew
        if not re.search(r"\w", said) or _LINE_MARK.fullmatch(said):
            return restarted_line and anew and bool(_LINE_MARK.fullmatch(said)) and after[:1].isspace()
        if _squeezed(before).endswith(_squeezed(said)):
            return False  # it stood twice already: a pattern of the text
        if "\n" in _end_space(said) and not _last_line(before).strip():
            return self._are_lines_again(said, lead)
        if restarted_line and "\n" in lead and "\n" not in said:
            return False  # the next line says the same
        several = len(said.split()) > 1
        if restarted_line or (_SENTENCE_END.search(before) and not re.match(r"\w", after)):
            return several or anew
        if lead or said[-1:].isspace():
            # A short word may well stand twice in a row, a long one hardly, and three hardly.
            return len(_WORD.findall(said)) > 2 or len(_squeezed(said)) >= (10 if several else 8)
        return len(re.findall(r"\w", said)) >= 3

    def _are_lines_again(self, said: str, lead: str) -> bool:
        """Whether whole lines are those before the cut once more, or lines of the text that are equal to them."""
        if self._fence and "\n" in said.strip():
            return True
        long = len(said.split()) >= 4 and (not self._fence or len(_squeezed(said)) >= 16)
        return long and "\n" not in lead

    def _joined(self, more: str) -> str:
        """`more` without white space that already stands at the end of the text, or that a model puts first."""
        body, lead, had = more.lstrip(), _lead(more), _end_space(self._before)
        if self._fence and body.startswith(self._fence) and _last_line(self._before).strip() and "\n" not in lead:
            return "\n" + body
        if lead.startswith(had):
            rest = lead[len(had) :]
            return rest + body if had or self._fence else _without_stray_space(self._before, lead, body)
        if "\n" in lead and "\n" not in had:
            return more
        indents = "\n" in had and "\n" not in lead and not had.endswith(lead) and (self._fence or len(lead) > 1)
        return more if indents else body


def _open_fence(text: str) -> str:
    """The fence of the code block in which the text ends; "" outside of one."""
    fence = ""
    for match in _FENCE.finditer(text):
        if not fence:
            fence = match[1]
        elif match[1].startswith(fence) and not match[2].strip():
            fence = ""
    return fence


def _squeezed(text: str) -> str:
    """The text without its white space, which a model does not repeat faithfully."""
    return "".join(text.split())


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def _unsqueezed_length(text: str, squeezed_length: int) -> int:
    """How many characters of `text` hold its first `squeezed_length` that are not white space."""
    ends = [match.end() for match in re.finditer(r"\S", text)]
    return ends[squeezed_length - 1]


def _last_line(text: str) -> str:
    return text.rpartition("\n")[2]


def _lead(text: str) -> str:
    """The white space at the beginning."""
    return text[: len(text) - len(text.lstrip())]


def _end_space(text: str) -> str:
    """The white space at the end."""
    return text[len(text.rstrip()) :]


def _without_stray_space(before: str, lead: str, body: str) -> str:
    """The rest of a paragraph without the space that a model begins with out of habit."""
    closes_up = lead == " " and bool(_CLOSING.match(body)) and before[-1:].isalnum()
    stray = closes_up or lead == "  " or lead.startswith(" \n")
    return lead[1:] + body if stray else lead + body
