"""The size of a reply while it comes."""

from __future__ import annotations

from tui_chat.chat.events import BlockStart, CitationsDelta, InputJsonDelta, StreamEvent, TextDelta, ThinkingDelta
from tui_chat.text.limits import LONGEST_REPLY, MOST_BLOCKS, MOST_CITATIONS


class ReplySize:
    """Adds up one reply: how long it is, how many blocks and citations it has."""

    def __init__(self) -> None:
        self._characters = self._blocks = self._citations = 0

    def takes(self, event: StreamEvent) -> bool:
        """Count an event; False if the reply becomes too large with it."""
        match event:
            case TextDelta(text=text) | ThinkingDelta(text=text) | InputJsonDelta(partial_json=text):
                self._characters += len(text)
            case BlockStart():
                self._blocks += 1
            case CitationsDelta():
                self._citations += 1
        return self._characters <= LONGEST_REPLY and self._blocks <= MOST_BLOCKS and self._citations <= MOST_CITATIONS
