"""Kinds of characters, from the table that is made of Unicode's data; nothing is made of it before it is needed."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache

from tui_chat.patterns import pattern
from tui_chat.text.placeholder import STAND_IN
from tui_chat.text.unicode_table import UNSEEN, WIDTHLESS

_ASCII_UNSEEN = pattern(r"[\x00-\x08\x0b-\x1f\x7f]")
# A class with ranges beyond the first plane is slow to match, and most texts have nothing there.
_FAR = pattern(r"[\U00010000-\U0010ffff]")
_FIRST_WIDTHLESS = "\u0300"
_PLANE = 0x10000
_COARSE = 0x300

_Range = tuple[int, int]


def without_unseen(text: str) -> str:
    """Return the text with a stand-in for each character that is never shown; line ends and tabs stay."""
    return (_ASCII_UNSEEN if text.isascii() else _unseen(far=bool(_FAR.search(text)))).sub(STAND_IN, text)


def is_widthless(character: str) -> bool:
    """True if a character may stand on the one before it, with no width of its own."""
    return character >= _FIRST_WIDTHLESS and _is_in_table(character)


def crowds(least: int, text: str) -> re.Pattern[str]:
    """Return a pattern that finds all runs of so many widthless characters in this text, and some of others."""
    return _crowds(least, far=bool(_FAR.search(text)))


@cache
def _crowds(least: int, *, far: bool) -> re.Pattern[str]:
    spans = _near(WIDTHLESS) + (list(_merged(span for span in WIDTHLESS if span[1] >= _PLANE)) if far else [])
    return re.compile(rf"[{_class(spans)}]{{{least},}}")


@cache
def _unseen(*, far: bool) -> re.Pattern[str]:
    return re.compile(f"[{_class(UNSEEN if far else _near(UNSEEN))}]")


@lru_cache(4096)
def _is_in_table(character: str) -> bool:
    code = ord(character)
    at = bisect_right(WIDTHLESS, (code, 0x110000)) - 1
    return at >= 0 and code <= WIDTHLESS[at][1]


def _near(spans: Iterable[_Range]) -> list[_Range]:
    return [span for span in spans if span[1] < _PLANE]


def _class(spans: Iterable[_Range]) -> str:
    return "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in spans)


def _merged(spans: Iterable[_Range]) -> Iterator[_Range]:
    """Yield fewer ranges, merged so that they contain all of these."""
    begin = end = -_COARSE
    for first, last in spans:
        if first - end > _COARSE and end >= 0:
            yield begin, end
        if first - end > _COARSE:
            begin = first
        end = last
    yield begin, end
