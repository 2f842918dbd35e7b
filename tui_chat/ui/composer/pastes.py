"""Long pastes, folded to a few words in the composer and sent whole."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from tui_chat.patterns import pattern


class Limit(NamedTuple):
    """The size up to which a text is not folded."""

    lines: int
    characters: int


PASTED = Limit(12, 1_500)
"""A paste is known to whoever pastes it: it need not fill the composer."""
WRITTEN = Limit(400, 20_000)
"""Written text is to be read again; only what would make the composer slow is folded."""

_TOKEN = pattern(r"\[\d[\d,]* (?:lines|characters) pasted(?: #\d+)?\]")
# No text in the composer has such characters: in a draft that is kept they stand around what is folded.
_BEGIN, _END = "\x02", "\x03"
_KEPT = pattern(f"{_BEGIN}(.*?){_END}", re.DOTALL)


class FoldedPastes:
    """The pastes of a composer: each stands in the text as a token such as "[412 lines pasted]"."""

    def __init__(self) -> None:
        self._texts: dict[str, str] = {}

    def folded(self, text: str, limit: Limit = PASTED) -> str:
        """Return the token of a long text; a short one as it is."""
        lines = text.removesuffix("\n").count("\n") + 1
        if lines <= limit.lines and len(text) <= limit.characters:
            return text
        size = f"{lines:,} lines" if lines > limit.lines else f"{len(text):,} characters"
        token, number = f"[{size} pasted]", 1
        while self._texts.get(token, text) != text:
            number += 1
            token = f"[{size} pasted #{number}]"
        self._texts[token] = text
        return token

    def whole(self, text: str) -> str:
        """Return the text with every paste in its place."""
        return _TOKEN.sub(lambda match: self._texts.get(match[0], match[0]), text)

    def are_in(self, text: str) -> bool:
        """True if any of them stands in the text."""
        return any(token in text for token in self._texts)

    def tokens(self, line: str) -> Iterator[tuple[int, int]]:
        """Yield the bounds of the tokens in a line."""
        if self._texts and "pasted" in line:
            yield from (match.span() for match in _TOKEN.finditer(line) if match[0] in self._texts)

    def kept(self, text: str) -> str:
        """Return the text with every paste in its place, between marks: as a draft is kept."""
        return _TOKEN.sub(lambda match: self._between_marks(match[0]), text)

    def taken_up(self, kept: str) -> str:
        """Return a text that was kept, folded as it was."""
        return self.folded(_KEPT.sub(lambda match: self.folded(match[1]), kept), WRITTEN)

    def _between_marks(self, token: str) -> str:
        return f"{_BEGIN}{self._texts[token]}{_END}" if token in self._texts else token
