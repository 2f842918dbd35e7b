"""Splices the rest of a reply onto what came before it, without repeating or losing a character.

A model that is asked to go on may repeat the last words, restart the sentence or the line, or begin with a space. What
it repeats is dropped; a repetition that belongs to the text (a row of dashes, a code line written twice) is not, and
neither is the indentation of code or of a list.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

REACH = 600
"""How many characters before the seam may be repeated after it."""

_LINE_MARK = re.compile(r"\s*(?:[-*+>|]|\d+[.)]|#{1,6})\s*")
_FENCE = re.compile(r"^\s{0,3}(?:```|~~~)", re.MULTILINE)
_OPENING_FENCE = re.compile(r"\s*(?:`{3,}|~{3,})(?:[^`~\s]+\s*)?")
_SENTENCE_END = re.compile(r"[.!?:]\s+$")
_CLOSING = re.compile(r"[.,)](?:\s|$)")
_UNDECIDED = re.compile(r"\s*[.,)]?")


class Seam:
    """Takes the continuation piece by piece and gives back what of it is new."""

    def __init__(self, before: str) -> None:
        self._before = before
        self._tail = before[-REACH:]
        self._starts = list(_word_starts(self._tail))
        self._in_code = len(_FENCE.findall(before)) % 2 == 1
        self._held = ""
        self._settled = not before

    def feed(self, text: str) -> str:
        """The part of the continuation that is certainly new; the rest is held until it is clear."""
        if self._settled:
            return text
        self._held += text
        return "" if self._may_still_repeat() else self.flush()

    def flush(self) -> str:
        """Decide now: the continuation has come far enough, or has ended."""
        held, self._held = self._held, ""
        if self._settled:
            return held
        self._settled = True
        return self._joined(held[self._repeated(held) :])

    def _may_still_repeat(self) -> bool:
        """Whether what is held so far could be the beginning of a repetition, or one whose end is not yet clear."""
        if _UNDECIDED.fullmatch(self._held):
            return True
        held = _squeezed(self._held)
        return any(
            candidate.startswith(held) for candidate in (_squeezed(self._tail[start:]) for start in self._starts)
        )

    def _repeated(self, held: str) -> int:
        """How many characters at the beginning of `held` repeat the end of the text before it."""
        squeezed = _squeezed(held)
        for start in self._starts:
            candidate = _squeezed(self._tail[start:])
            if candidate and squeezed.startswith(candidate) and self._is_repetition(start, held):
                return _unsqueezed_length(held, len(candidate))
        return 0

    def _is_repetition(self, start: int, held: str) -> bool:
        """Whether the model said `tail[start:]` again, or the text itself goes on with the same words."""
        said, before = self._tail[start:], self._tail[:start]
        lead, after = _lead(held), held.lstrip()[len(said.strip()) :]
        anew = lead in ("", _last_line(before))
        restarted_line = not _last_line(before).strip() and bool(_last_line(self._tail).strip())
        if _OPENING_FENCE.fullmatch(said):
            return self._in_code and anew
        if not re.search(r"\w", said) or _LINE_MARK.fullmatch(said):
            return restarted_line and anew and bool(_LINE_MARK.fullmatch(said)) and after[:1].isspace()
        if _squeezed(before).endswith(_squeezed(said)):
            return False  # it stood twice already: a pattern of the text
        if "\n" in _end_space(said) and not _last_line(before).strip():
            long = len(said.split()) >= 4
            if not self._in_code:
                return long
            return "\n" in said.strip() or (long and len(_squeezed(said)) >= 16 and "\n" not in lead)
        several = len(said.split()) > 1
        if restarted_line or (_SENTENCE_END.search(before) and not re.match(r"\w", after)):
            return several or anew
        if lead or said[-1:].isspace():
            # A short word may well stand twice in a row, a long one hardly.
            return len(_squeezed(said)) >= (10 if several else 8)
        return len(re.findall(r"\w", said)) >= 3

    def _joined(self, more: str) -> str:
        """`more` without white space that already stands at the end of the text, or that a model puts first."""
        body, lead, had = more.lstrip(), _lead(more), _end_space(self._before)
        if lead.startswith(had):
            return lead[len(had) :] + body if had or self._in_code else _without_stray_space(self._before, lead, body)
        if "\n" in lead and "\n" not in had:
            return more
        indents = "\n" in had and "\n" not in lead and not had.endswith(lead) and (self._in_code or len(lead) > 1)
        return more if indents else body


def _word_starts(text: str) -> Iterator[int]:
    """Where a repetition may begin: at words (any character of a script without spaces is one), longest first."""
    for match in re.finditer(r"(?<!\w)\S|[^\x00-\u024f\s]", text):
        yield match.start()


def _squeezed(text: str) -> str:
    """The text without its white space, which a model does not repeat faithfully."""
    return "".join(text.split())


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
