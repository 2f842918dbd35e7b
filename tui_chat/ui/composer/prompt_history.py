"""Going back through earlier prompts, and forward again to what was being written."""

from __future__ import annotations

from collections.abc import Sequence


class PromptHistory:
    """Earlier prompts, newest first, and a place among them; before the newest stands what is being written.

    What is changed in a prompt that is shown stays changed while one goes back and forth.
    """

    def __init__(self, prompts: Sequence[str]) -> None:
        self._prompts = list(prompts)
        self._at = -1

    def earlier(self, shown: str) -> str | None:
        """Return the prompt before the one that is shown; None at the oldest."""
        return self._go(1, shown) if self._at + 1 < len(self._prompts) else None

    def later(self, shown: str) -> str | None:
        """Return the prompt after the one that is shown; None if what was being written is next."""
        return self._go(-1, shown)

    def _go(self, step: int, shown: str) -> str | None:
        if self._at >= 0:
            self._prompts[self._at] = shown
        self._at = max(self._at + step, -1)
        return self._prompts[self._at] if self._at >= 0 else None
