"""The history that can be undone: the texts as they were after each command, and after each time of writing."""

from __future__ import annotations

from tui_chat.ui.composer.vim.buffer import edit_between
from tui_chat.ui.composer.vim.operators import Change

MOST_TEXTS = 1_000
MOST_CHARACTERS = 4_000_000
"""Of all of them together."""


class History:
    """The texts before, the one that there is, and those that were undone."""

    def __init__(self) -> None:
        self._texts: list[str] = []
        self._at = -1

    def note(self, text: str) -> None:
        """Note the text as it is now; what was undone before a change cannot come back after it."""
        if self._at >= 0 and self._texts[self._at] == text:
            return
        del self._texts[self._at + 1 :]
        self._texts.append(text)
        characters = sum(map(len, self._texts))
        while len(self._texts) > 2 and (len(self._texts) > MOST_TEXTS or characters > MOST_CHARACTERS):
            characters -= len(self._texts.pop(0))
        self._at = len(self._texts) - 1

    def go(self, steps: int) -> Change | None:
        """Return what undoes so many changes, or does them again if it is below 0; None if there are none."""
        to = max(min(self._at - steps, len(self._texts) - 1), 0)
        if not self._texts or to == self._at:
            return None
        edit = edit_between(self._texts[self._at], self._texts[to])
        self._at = to
        return Change(edit, edit.start)
