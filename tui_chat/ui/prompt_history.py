"""Going back through earlier prompts, and forward again to what was being written."""

from __future__ import annotations

from collections.abc import Sequence


class PromptHistory:
    """Earlier prompts, newest first, and a place among them; before the newest stands what is being written."""

    def __init__(self, prompts: Sequence[str]) -> None:
        self._prompts = prompts
        self._at = -1

    def earlier(self) -> str | None:
        """The prompt before the one that is shown; None at the oldest."""
        if self._at + 1 >= len(self._prompts):
            return None
        self._at += 1
        return self._prompts[self._at]

    def later(self) -> str | None:
        """The prompt after the one that is shown; None if what was being written is next."""
        self._at = max(self._at - 1, -1)
        return self._prompts[self._at] if self._at >= 0 else None
