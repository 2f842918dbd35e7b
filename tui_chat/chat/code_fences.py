"""Fences of code in a text that comes piece by piece."""

from __future__ import annotations

import re

from tui_chat.patterns import pattern

_FENCE = pattern(r"(?:[ \t>]|[-*+] |\d{1,9}[.)] )*(`{3,}|~{3,})([^\n]*)")
_LONGEST_LINE = 1_000
"""Characters of a line in which a fence is looked for."""


class CodeFences:
    """Follows a text line by line, to know whether it ends in code, or in a line that has no word."""

    def __init__(self) -> None:
        self._fence = ""
        self._line = ""

    def feed(self, text: str) -> None:
        """Take more of the text."""
        first, *others = text.split("\n")
        self._line = (self._line + first)[:_LONGEST_LINE]
        for line in others:
            self._end_line()
            self._line = line[:_LONGEST_LINE]

    @property
    def is_code(self) -> bool:
        """True if a number at the end would be part of code, of a rule, or of a fence."""
        return bool(self._fence) or _FENCE.match(self._line) is not None or not re.search(r"\w", self._line)

    def _end_line(self) -> None:
        found = _FENCE.match(self._line)
        if found is None:
            return
        fence, info = found[1], found[2]
        if self._fence:
            closes = fence[0] == self._fence[0] and len(fence) >= len(self._fence) and not info.strip()
            self._fence = "" if closes else self._fence
        elif fence[0] == "~" or "`" not in info:
            self._fence = fence
