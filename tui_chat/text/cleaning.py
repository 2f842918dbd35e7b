"""Foreign text made safe for a terminal: what could steer it, hide in it or overflow it becomes a visible stand-in.

Kept are the letters, marks and symbols of every script, line ends, and tabs (expanded). Replaced is everything that a
terminal obeys (C0, DEL, C1), that reorders or hides text (bidi controls, tags, zero-width and filler characters), that
splits lines behind our back (U+2028, U+2029, NEL) or that is no character at all (lone surrogates, noncharacters).
"""

from __future__ import annotations

import re
import unicodedata

from tui_chat.text.joiners import JoinerFilter
from tui_chat.text.standin import STAND_IN

TAB_SIZE = 4
MAX_MARKS = 5
"""Combining marks that one letter may carry; a higher stack climbs over the lines around it."""

_FORBIDDEN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180e\u200b\u2028-\u202e\u2060-\u206f\u3164"
    r"\ud800-\udfff\ufdd0-\ufdef\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\U0001d173-\U0001d17a]"
)
# Marks are neither letters nor digits, so a stack of them is at least one of these; then each is looked up.
_MAYBE_STACK = re.compile(rf"[^\w\s\x00-\u02ff]{{{MAX_MARKS + 1},}}")
_BEGUN_FLAG = re.compile("\U0001f3f4[\U000e0020-\U000e007f]+$")
_CONTEXT = 16
"""The characters before an invisible one that can matter to it."""
_GAPS = re.compile(r"[\n\t]+")


def clean(text: str, *, keep_tabs: bool = False) -> str:
    """The whole foreign text, safe to show; line ends survive, tabs become spaces."""
    cleaner = StreamCleaner(keep_tabs=keep_tabs)
    return cleaner.feed(text) + cleaner.flush()


def clean_line(text: str) -> str:
    """The same on one line, for titles, names and error sentences."""
    cleaner = StreamCleaner(keep_tabs=True)
    return _GAPS.sub(" ", cleaner.feed(text) + cleaner.flush())


def typed_unseen(before: str, character: str) -> str:
    """What a typed character that shows nothing is put in as: a space, a joiner; nothing where it would only hide."""
    kind = unicodedata.category(character) if len(character) == 1 else ""
    if kind != "Cf":
        return character if kind == "Zs" else ""  # the wide space of Japanese input, a space that does not break
    for following in ("\U0001f469", "\u0627"):  # an emoji, a letter: what it does shows when it stands between two
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
        """What can be shown now; a character whose meaning hangs on the next one is held back."""
        text = self._return + chunk
        self._return = "\r" if text.endswith("\r") else ""
        return self._shown(self._joiners.feed(_FORBIDDEN.sub(STAND_IN, _same_line_ends(text.removesuffix("\r")))))

    def flush(self) -> str:
        """What was held back, as nothing follows it."""
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
        return _MAYBE_STACK.sub(_cap_stack, whole)[len(context) :]

    def _expand_tabs(self, text: str) -> str:
        if "\t" in text:
            text = ("." * self._column + text).expandtabs(TAB_SIZE)[self._column :]
        last = text.rpartition("\n")[2]
        self._column = (len(last) if "\n" in text else self._column + len(last)) % TAB_SIZE
        return text


def _same_line_ends(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _is_mark(character: str) -> bool:
    return unicodedata.category(character) in ("Mn", "Me")


def _trailing_marks(text: str) -> str:
    """The run of marks at the end; of an excess only its first, which tells that it is one."""
    start = len(text)
    while start and _is_mark(text[start - 1]):
        start -= 1
    return text[start : start + MAX_MARKS + 1]


def _cap_stack(match: re.Match[str]) -> str:
    shown: list[str] = []
    height = 0
    for character in match[0]:
        height = height + 1 if _is_mark(character) else 0
        if height <= MAX_MARKS:
            shown.append(character)
        elif height == MAX_MARKS + 1:
            shown.append(STAND_IN)
    return "".join(shown)
