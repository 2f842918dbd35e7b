"""Long pastes, folded to a few words in the composer and sent whole."""

from __future__ import annotations

import re

FOLDED_ABOVE_LINES = 12
FOLDED_ABOVE_CHARACTERS = 1500

_TOKEN = re.compile(r"\[(?:\d[\d,]* (?:lines|characters)) pasted(?: #\d+)?\]")


class FoldedPastes:
    """The pastes of one prompt: each stands in the text as a token such as "[412 lines pasted]"."""

    def __init__(self) -> None:
        self._texts: dict[str, str] = {}

    def __bool__(self) -> bool:
        """Whether anything is folded."""
        return bool(self._texts)

    def folded(self, text: str) -> str:
        """The token of a long text; a short one as it is."""
        lines = text.count("\n") + 1
        if lines <= FOLDED_ABOVE_LINES and len(text) <= FOLDED_ABOVE_CHARACTERS:
            return text
        size = f"{lines:,} lines" if lines > FOLDED_ABOVE_LINES else f"{len(text):,} characters"
        token = f"[{size} pasted]"
        if self._texts.get(token, text) != text:
            token = f"[{size} pasted #{len(self._texts) + 1}]"
        self._texts[token] = text
        return token

    def whole(self, text: str) -> str:
        """The text with every paste in its place; a token that was changed by hand is text like any other."""
        return _TOKEN.sub(lambda match: self._texts.get(match[0], match[0]), text)
