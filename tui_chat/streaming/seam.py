"""Splices the rest of a reply onto what came before it, without repeating or losing a character.

A model that is asked to go on may repeat the last words, restart the sentence or the line, or begin with a space. What
it repeats is dropped; a repetition that belongs to the text (a row of dashes, a code line written twice) is not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

REACH = 600
"""How many characters before the seam may be repeated after it."""

_LINE_MARK = re.compile(r"\s*(?:[-*+>|]|\d+[.)]|#{1,6})\s*")
_FENCE = re.compile(r"^\s{0,3}(?:```|~~~)", re.MULTILINE)


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
        return _without_doubled_space(self._before, held[self._repeated(held) :])

    def _may_still_repeat(self) -> bool:
        """Whether what is held so far could be the beginning of a repetition, or one whose end is not yet clear."""
        held = _squeezed(self._held)
        if not held:
            return True
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
        said = self._tail[start:]
        line_start = self._tail.rfind("\n") + 1
        restarted_line = start <= line_start < len(self._tail)
        if not re.search(r"\w", said) or _LINE_MARK.fullmatch(said):
            after = held.lstrip()[len(said.strip()) :]
            return restarted_line and bool(_LINE_MARK.fullmatch(said)) and after[:1].isspace()
        if _squeezed(self._tail[:start]).endswith(_squeezed(said)):
            return False  # it stood twice already: a pattern of the text
        if said.endswith("\n"):
            lines = said.strip().count("\n") + 1
            return lines > 1 if self._in_code else len(said.split()) >= 4
        if restarted_line:
            return True
        glued = not held[:1].isspace() and not said[-1:].isspace()
        return len(re.findall(r"\w", said)) >= (3 if glued else 8)


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


def _without_doubled_space(before: str, more: str) -> str:
    """`more` without white space that already stands at the end of `before`, or that stops a mark from closing up."""
    body = more.lstrip()
    lead, had = more[: len(more) - len(body)], before[len(before.rstrip()) :]
    if not had:
        return body if lead == " " and body[:1] in tuple(".,;:)") else more
    if lead.startswith(had):
        return lead[len(had) :] + body
    return body if "\n" in had or "\n" not in lead else more
