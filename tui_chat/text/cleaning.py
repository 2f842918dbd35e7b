"""Foreign text made safe for a terminal: what could steer it, hide in it or overflow it becomes a visible stand-in.

Kept are the letters, marks and symbols of every script, line ends, and tabs (expanded). Replaced is everything that a
terminal obeys (C0, DEL, C1), that reorders or hides text (bidi controls, tags, zero-width and filler characters), that
splits lines behind our back (U+2028, U+2029, NEL) or that is no character at all (lone surrogates, noncharacters), and
of many characters without width on one cell all but the first few.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import groupby

from tui_chat.patterns import pattern
from tui_chat.text.characters import crowds, is_widthless, without_unseen
from tui_chat.text.joiners import JoinerFilter
from tui_chat.text.placeholder import STAND_IN

TAB_SIZE = 4
MAX_MARKS = 5
"""Combining marks that one letter may carry; a higher stack climbs over the lines around it."""
MAX_WIDTHLESS = 8
"""Characters without width that may stand on one cell: marks, vowels beside a letter, joiners. Burmese has up to 7."""

_BEGUN_FLAG = pattern("\U0001f3f4[\U000e0020-\U000e007f]+$")
_CONTEXT = 16
"""The characters before an invisible one that can matter to it."""
_GAPS = pattern(r"[\n\t]+")


def clean(text: str, *, keep_tabs: bool = False) -> str:
    """Return the whole foreign text, safe to show; line ends survive, tabs become spaces."""
    if _is_plain(text):
        return text
    cleaner = StreamCleaner(keep_tabs=keep_tabs)
    return cleaner.feed(text) + cleaner.flush()


def clean_line(text: str) -> str:
    """Return the text cleaned and on one line, for titles, names and error sentences."""
    if _is_plain(text):
        return text
    cleaner = StreamCleaner(keep_tabs=True)
    return _GAPS.sub(" ", cleaner.feed(text) + cleaner.flush())


def _is_plain(text: str) -> bool:
    """True if there can be nothing to clean, as in most names and titles."""
    return text.isascii() and text.isprintable()


def typed_unseen(before: str, character: str) -> str:
    """Return what to insert for a typed invisible character: a space, a joiner; nothing where it would only hide."""
    kind = unicodedata.category(character) if len(character) == 1 else ""
    if kind != "Cf":
        return character if kind == "Zs" else ""  # the wide space of Japanese input, a no-break space
    for following in ("\U0001f469", "\u0627"):  # an emoji, a letter: its effect shows between two of them
        shown = StreamCleaner(keep_tabs=True).feed(before[-_CONTEXT:] + character + following)
        if shown[-2] != STAND_IN:
            return shown[-2]
    return character if _BEGUN_FLAG.search(before + character) else ""


class StreamCleaner:
    """Cleans text that comes in pieces; the result does not depend on where it was cut."""

    def __init__(self, *, keep_tabs: bool = False) -> None:
        self._keep_tabs = keep_tabs
        self._column = 0
        self._return = ""
        self._marks = ""
        self._joiners = JoinerFilter()

    def feed(self, chunk: str) -> str:
        """Return the text that can be shown now; a character whose meaning depends on the next one is held back."""
        text = self._return + chunk
        self._return = "\r" if text.endswith("\r") else ""
        return self._shown(self._joiners.feed(without_unseen(_same_line_ends(text.removesuffix("\r")))))

    def flush(self) -> str:
        """Return the text that was held back, as nothing follows it."""
        last, self._return = self._return, ""
        return self._shown(self._joiners.feed(_same_line_ends(last)) + self._joiners.flush())

    def _shown(self, text: str) -> str:
        text = self._cap_stacks(text)
        return text if self._keep_tabs else self._expand_tabs(text)

    def _cap_stacks(self, text: str) -> str:
        if text.isascii():
            self._marks = "" if text else self._marks
            return text
        context = self._marks
        whole = context + text
        self._marks = _trailing_marks(whole)
        return crowds(MAX_MARKS + 1, whole).sub(_cap_stack, whole)[len(context) :]

    def _expand_tabs(self, text: str) -> str:
        if "\t" in text:
            text = ("." * self._column + text).expandtabs(TAB_SIZE)[self._column :]
        last = text.rpartition("\n")[2]
        self._column = (len(last) if "\n" in text else self._column + len(last)) % TAB_SIZE
        return text


def _same_line_ends(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _trailing_marks(text: str) -> str:
    """Return the run of widthless characters at the end; of an excess only its first, which shows that it is one."""
    start = len(text)
    while start and is_widthless(text[start - 1]):
        start -= 1
    return text[start : start + _bearable(text[start:]) + 1]


def _bearable(run: str) -> int:
    """Return how many of a run of characters without width may stand on one cell."""
    height = 0
    for index, character in enumerate(run[: MAX_WIDTHLESS + 1]):
        height += unicodedata.category(character) in ("Mn", "Me")
        if height > MAX_MARKS or index == MAX_WIDTHLESS:
            return index
    return len(run)


def _cap_stack(match: re.Match[str]) -> str:
    runs = [(widthless, "".join(characters)) for widthless, characters in groupby(match[0], is_widthless)]
    return "".join(
        run[:most] + STAND_IN if widthless and (most := _bearable(run)) < len(run) else run for widthless, run in runs
    )
