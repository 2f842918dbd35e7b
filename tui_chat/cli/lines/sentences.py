"""A text that grows, given out by whole lines; of a long line, each sentence becomes one.

A screen reader that compares what it sees reads a line again from its beginning when more is written behind it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tui_chat.chat.code_fences import CodeFences

SHORTEST = 40
"""Characters of a line that ends with a sentence: what is shorter, as the number of an item, waits for more."""
LONGEST_WAIT = 400
"""Characters that wait for the end of their sentence; of more, the whole words are given out without it."""
_ENDS = re.compile(r"""[.!?…]["'”’)\]*_]*(?P<blanks>[ \t]+)|[。！？]""")
_BLANKS = re.compile(r"[ \t]+")


class SentenceBuffer:
    """Holds back the line that has not ended yet."""

    def __init__(self) -> None:
        self._held = ""
        self._fences = CodeFences()

    def feed(self, text: str) -> str:
        """Return what can be read out now; put together, all that is returned is the text but for ends of lines."""
        self._fences.feed(text)
        held = self._held + text
        cut = held.rfind("\n") + 1
        whole, self._held = held[:cut], held[cut:]
        if self._fences.is_code or self._held.lstrip().startswith("|"):
            return whole  # lines of code and of tables stay as they are
        return whole + "".join(self._sentences())

    def flush(self) -> str:
        """Return what is left."""
        held, self._held = self._held, ""
        return held

    def _sentences(self) -> Iterator[str]:
        """Take the sentences that have ended out of what is held, each as a line."""
        held, at = self._held, 0
        for end in _ENDS.finditer(held):
            if end.end() - at >= SHORTEST:
                stop = end.start("blanks") if end["blanks"] else end.end()
                yield f"{held[at:stop]}\n"
                at = end.end()
        if len(held) - at > LONGEST_WAIT and (blanks := [*_BLANKS.finditer(held, at)]):
            yield f"{held[at : blanks[-1].start()]}\n"
            at = blanks[-1].end()
        self._held = held[at:]
