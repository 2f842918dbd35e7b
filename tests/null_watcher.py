"""A reply that nobody looks at while it comes."""

from __future__ import annotations

from tui_chat.chat.parts import ToolCallPart
from tui_chat.streaming.buffer import TokenBuffer
from tui_chat.streaming.phase import Phase


class Unwatched:
    """Stands where a screen would."""

    behind = unseen = False

    async def may_run(self, call: ToolCallPart) -> bool:
        """Nobody minds."""
        return True

    def on_phase(self, phase: Phase) -> None:
        """Nobody looks."""

    def on_arrival(self, buffer: TokenBuffer) -> None:
        """Nobody looks."""
