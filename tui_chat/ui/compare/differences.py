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
    found: tuple[list[Stretch], list[Stretch]] = ([], [])
    for same, *texts in aligned(list(_pieces(left)), list(_pieces(right))):
        for stretches, text in zip(found, texts, strict=True):
            if text:
                stretches.append(Stretch(text, not same and bool(text.strip())))
    return found


def aligned(left: Sequence[str], right: Sequence[str]) -> Iterator[tuple[bool, str, str]]:
    """Yield the pieces of two texts beside each other, joined as far as they are the same (True) or differ."""
    matcher = SequenceMatcher[str](None, left[:MOST_PIECES], right[:MOST_PIECES])
    for kind, begin, end, begin_right, end_right in matcher.get_opcodes():
        yield kind == "equal", "".join(left[begin:end]), "".join(right[begin_right:end_right])
    yield False, "".join(left[MOST_PIECES:]), "".join(right[MOST_PIECES:])


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
