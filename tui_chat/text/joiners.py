"""Invisible characters that honest text needs: kept where they do their work, replaced everywhere else.

Joiners and variation selectors build emoji, shape Arabic and Indic scripts and pick the form of a Han character; tags
make three flags; marks of direction belong to right-to-left text. Anywhere else they hide text or spoil its width.
"""

from __future__ import annotations

from tui_chat.patterns import pattern
from tui_chat.text.placeholder import STAND_IN

MAX_JOINS = 3
"""Joiners in one emoji; the longest real ones (a kiss of two people) have three."""

_NON_JOINER, _JOINER, _BLACK_FLAG, _CANCEL_TAG = "\u200c", "\u200d", "\U0001f3f4", "\U000e007f"
_FLAGS = frozenset("".join(chr(0xE0000 + ord(c)) for c in tag) + _CANCEL_TAG for tag in ("gbeng", "gbsct", "gbwls"))

_CONTEXTUAL = pattern(
    r"[\u061c\u180b-\u180d\u180f\u200c-\u200f\ufe00-\ufe0f\U0001f3fb-\U0001f3ff\U000e0000-\U000e0fff]"
)
_Ranges = tuple[tuple[str, str], ...]
_SKIN: _Ranges = (("\U0001f3fb", "\U0001f3ff"),)
_TAG: _Ranges = (("\U000e0020", "\U000e007f"),)
_DIRECTION: _Ranges = (("\u061c", "\u061c"), ("\u200e", "\u200f"))
_EMOJI: _Ranges = (("\u2190", "\u2bff"), ("\U0001f000", "\U0001f3fa"), ("\U0001f400", "\U0001faff"))
_STYLED: _Ranges = (
    *(("#", "#"), ("*", "*"), ("0", "9"), ("\u00a9", "\u00a9"), ("\u00ae", "\u00ae"), ("\u2010", "\u2bff")),
    *(("\u3030", "\u3030"), ("\u303d", "\u303d"), ("\u3297", "\u3297"), ("\u3299", "\u3299")),
    ("\U0001f000", "\U0001faff"),
)
_HAN: _Ranges = (("\u2e80", "\u9fff"), ("\uf900", "\ufaff"), ("\U00020000", "\U0003ffff"))
_MONGOLIAN: _Ranges = (("\u1820", "\u18aa"),)
_RIGHT_TO_LEFT: _Ranges = (
    *(("\u0590", "\u08ff"), ("\ufb1d", "\ufdff"), ("\ufe70", "\ufefc")),
    *(("\U00010800", "\U00010fff"), ("\U0001e800", "\U0001efff")),
)
_SHAPED: _Ranges = (
    *(("\u0600", "\u07ff"), ("\u0840", "\u0dff"), ("\u0f00", "\u109f"), ("\u1780", "\u18aa")),
    *(("\ufb50", "\ufdff"), ("\ufe70", "\ufefc")),
)


def _within(character: str, ranges: _Ranges) -> bool:
    return any(first <= character <= last for first, last in ranges)


class JoinerFilter:
    """Filters text that comes in pieces, a character at a time where it matters and in one go where it does not."""

    def __init__(self) -> None:
        self._before = ""
        self._waiting = ""
        self._joins = 0
        self._styled = False
        self._tinted = False

    def feed(self, text: str) -> str:
        """Return the text as it may be shown; a joiner that waits for its other side is held back."""
        shown: list[str] = []
        position = 0
        for match in _CONTEXTUAL.finditer(text):
            if match.start() > position:
                shown.append(self._plain(text[position : match.start()]))
            shown.append(self._contextual(match[0]))
            position = match.end()
        if position < len(text):
            shown.append(self._plain(text[position:]))
        return "".join(shown)

    def flush(self) -> str:
        """Return stand-ins for the characters that still wait: nothing came for them to join."""
        waiting, self._waiting = self._waiting, ""
        return STAND_IN * len(waiting)

    def _plain(self, text: str) -> str:
        settled = self._settle(text[0]) if self._waiting else ""
        if len(text) > 1 or settled[-1:] != _JOINER:
            self._joins = 0
        self._before = text[-1]
        self._styled = self._tinted = False
        return settled + text

    def _settle(self, following: str) -> str:
        """Return the joiner or mark that waited, now that its other side is known."""
        waiting, self._waiting = self._waiting, ""
        if waiting == _JOINER and _within(self._before, _EMOJI):
            self._joins += 1
            return _JOINER if _within(following, _EMOJI) else STAND_IN
        if waiting in (_JOINER, _NON_JOINER):
            # Measured as the terminal shows it: for Rich, whatever follows a joiner has no width at all.
            return _NON_JOINER if _within(following, _SHAPED) else STAND_IN
        if _within(waiting, _DIRECTION):
            return waiting if _within(following, _RIGHT_TO_LEFT) else STAND_IN
        return STAND_IN * len(waiting)

    def _contextual(self, character: str) -> str:
        if self._waiting and _within(self._waiting, _TAG) and _within(character, _TAG):
            return self._tag(character)
        settled = self._noted(self._settle(character)) if self._waiting else ""
        return settled + self._noted(self._alone(character))

    def _noted(self, shown: str) -> str:
        """Note and return the text to be shown; a stand-in at its end counts as the character before the next."""
        if shown.endswith(STAND_IN):
            self._before = STAND_IN
        return shown

    def _alone(self, character: str) -> str:
        """Return one character that depends on the one before it, or hold it back until the next."""
        if character == _JOINER:
            return self._join()
        if character == _NON_JOINER:
            return self._wait(character) if _within(self._before, _SHAPED) else STAND_IN
        if _within(character, _DIRECTION):
            return character if _within(self._before, _RIGHT_TO_LEFT) else self._wait(character)
        if _within(character, _SKIN):
            return self._skin(character)
        if _within(character, _TAG) and self._before == _BLACK_FLAG:
            return self._wait(character)
        return self._select(character)

    def _wait(self, character: str) -> str:
        self._waiting += character
        return ""

    def _join(self) -> str:
        if _within(self._before, _EMOJI) and self._joins < MAX_JOINS:
            return self._wait(_JOINER)
        return self._wait(_JOINER) if _within(self._before, _SHAPED) else STAND_IN

    def _skin(self, character: str) -> str:
        """Return a skin tone: one an emoji. A second is a patch of its own in a terminal, and has no width for Rich."""
        if self._tinted or not _within(self._before, _EMOJI):
            return STAND_IN
        self._tinted = True
        return character

    def _select(self, character: str) -> str:
        """Return a variation selector: one, right after a character that has variants."""
        if self._styled or not self._before:
            return STAND_IN
        if character in "\ufe0e\ufe0f":
            kept = _within(self._before, _STYLED)
        elif "\ufe00" <= character <= "\ufe0d":
            kept = _within(self._before, _STYLED) or _within(self._before, _HAN)
        elif "\U000e0100" <= character <= "\U000e01ef":
            kept = _within(self._before, _HAN)
        else:
            kept = _within(self._before, _MONGOLIAN) if character < "\u1810" else False
        self._styled = kept
        return character if kept else STAND_IN

    def _tag(self, character: str) -> str:
        self._waiting += character
        if self._waiting in _FLAGS:
            flag, self._waiting, self._before = self._waiting, "", ""
            return flag
        if any(flag.startswith(self._waiting) for flag in _FLAGS):
            return ""
        return self.flush()
