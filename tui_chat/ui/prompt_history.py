"""Going back through earlier prompts, and forward again to what was being written."""

from __future__ import annotations

from collections.abc import Sequence


class PromptHistory:
    """Earlier prompts, newest first, and a place among them; before the newest stands the draft."""

    def __init__(self, prompts: Sequence[str]) -> None:
        self._prompts = prompts
        self._at = -1
        self._draft = ""

    def earlier(self, written: str) -> str | None:
        """The prompt before the one that is shown; None at the oldest."""
        if self._at + 1 >= len(self._prompts):
            return None
        if self._at == -1:
            self._draft = written
        self._at += 1
        return self._prompts[self._at]

    def later(self) -> str | None:
        """The prompt after the one that is shown, in the end the draft; None if that is what is shown."""
        if self._at == -1:
            return None
        self._at -= 1
        return self._draft if self._at == -1 else self._prompts[self._at]
