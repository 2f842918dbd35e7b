"""The differences between two texts: words, and whole lines within code."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from tui_chat.records import dataclass

FENCE = re.compile(r"^ {0,3}(```|~~~)")
WORDS = re.compile(r"\s+|\w+|[^\w\s]")
MOST_PIECES = 20_000
"""Words and lines of a text that are compared; what comes after them counts as different."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of a text."""

    text: str
    differs: bool
    """True if the other text has something else in its place, or nothing."""


def differences(left: str, right: str) -> tuple[Sequence[Stretch], Sequence[Stretch]]:
    """Return both texts in stretches that they share and stretches that differ."""
    pieces = list(_pieces(left)), list(_pieces(right))
    compared = [side[:MOST_PIECES] for side in pieces]
    found: tuple[list[Stretch], list[Stretch]] = ([], [])
    matcher = SequenceMatcher[str](None, compared[0], compared[1])
    for kind, *places in matcher.get_opcodes():
        for side, (begin, end) in enumerate((places[:2], places[2:])):
            text = "".join(pieces[side][begin:end])
            if text:
                found[side].append(Stretch(text, kind != "equal" and bool(text.strip())))
    for side in (0, 1):
        if rest := "".join(pieces[side][MOST_PIECES:]):
            found[side].append(Stretch(rest, differs=True))
    return found


def _pieces(text: str) -> Iterator[str]:
    """Yield the words of a text with what is between them; of code, the lines."""
    fence = ""
    for line in text.splitlines(keepends=True):
        mark = FENCE.match(line)
        if fence or mark is not None:
            yield line
        else:
            yield from WORDS.findall(line)
        if mark is not None:
            fence = "" if fence == mark[1] else fence or mark[1]
