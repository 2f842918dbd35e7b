"""A reply that nobody looks at while it comes."""

from __future__ import annotations

from tui_chat.chat.events import StreamEvent
from tui_chat.streaming.phase import Phase


class Unwatched:
    """Stands where a screen would."""

    behind = False

    def on_phase(self, phase: Phase) -> None:
        """Nobody looks."""

    def on_event(self, event: StreamEvent) -> None:
        """Nobody looks."""
