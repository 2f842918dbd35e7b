"""A text that grows, given out by whole sentences and lines: so it is read out as one would say it."""

from __future__ import annotations

import re

LONGEST_WAIT = 400
"""Characters that wait for the end of their sentence; of more, the whole words are given out without it."""
_ENDS = re.compile(r"""[.!?:;…]["'”’)\]*_]*[ \t\n]|[。！？]|\n""")
_BLANK = re.compile(r"\s")


class SentenceBuffer:
    """Holds back the sentence that has not ended yet."""

    def __init__(self) -> None:
        self._held = ""

    def feed(self, text: str) -> str:
        """Return what can be read out now; put together, all that is returned is the text as it was."""
        held = self._held + text
        cut = max((match.end() for match in _ENDS.finditer(held)), default=0)
        if len(held) - cut > LONGEST_WAIT:
            cut = max((match.end() for match in _BLANK.finditer(held)), default=len(held))
        self._held = held[cut:]
        return held[:cut]

    def flush(self) -> str:
        """Return what is left."""
        held, self._held = self._held, ""
        return held
