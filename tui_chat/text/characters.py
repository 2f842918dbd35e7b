"""Kinds of characters, from the table that is made of Unicode's data; nothing is made of it before it is needed."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache

from tui_chat.text.standin import STAND_IN
from tui_chat.text.unicode_table import UNSEEN, WIDTHLESS

_ASCII_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_FIRST_WIDTHLESS = "\u0300"
_PLANE = 0x10000
_COARSE = 0x300

_Range = tuple[int, int]


def without_unseen(text: str) -> str:
    """The text with a stand-in for each character that is never shown; line ends and tabs stay."""
    return (_ASCII_UNSEEN if text.isascii() else _unseen()).sub(STAND_IN, text)


def is_widthless(character: str) -> bool:
    """Whether a character may stand on the one before it, with no width of its own."""
    return character >= _FIRST_WIDTHLESS and _is_in_table(character)


@cache
def crowds(least: int) -> re.Pattern[str]:
    """Finds all runs of so many widthless characters, and some of others.

    A class with many ranges beyond the first plane is slow to match, so that these are taken together there.
    """
    low = [span for span in WIDTHLESS if span[1] < _PLANE]
    high = [span for span in WIDTHLESS if span[1] >= _PLANE]
    return re.compile(rf"[{_class(low)}{_class(_merged(high))}]{{{least},}}")


@cache
def _unseen() -> re.Pattern[str]:
    return re.compile(f"[{_class(UNSEEN)}]")


@lru_cache(4096)
def _is_in_table(character: str) -> bool:
    code = ord(character)
    at = bisect_right(WIDTHLESS, (code, 0x110000)) - 1
    return at >= 0 and code <= WIDTHLESS[at][1]


def _class(spans: Iterable[_Range]) -> str:
    return "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in spans)


def _merged(spans: Iterable[_Range]) -> Iterator[_Range]:
    begin = end = -_COARSE
    for first, last in spans:
        if first - end > _COARSE and end >= 0:
            yield begin, end
        if first - end > _COARSE:
            begin = first
        end = last
    yield begin, end
