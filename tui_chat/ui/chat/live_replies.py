"""The replies that are under way, over all conversations."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

from tui_chat.chat.prompt import Prompt
from tui_chat.streaming.stop import Outcome
from tui_chat.ui.chat.live_reply import LiveReply

LONGEST_GOODBYE_S = 0.25


class LiveReplies:
    """At most one reply a conversation; many conversations at once."""

    def __init__(self) -> None:
        self._by_conversation: dict[str, LiveReply] = {}
        self._queues: dict[str, list[Prompt]] = {}

    def __iter__(self) -> Iterator[LiveReply]:
        return iter(list(self._by_conversation.values()))

    def add(self, live: LiveReply) -> None:
        """Add a reply."""
        self._by_conversation[live.conversation_id] = live

    def remove(self, live: LiveReply) -> None:
        """Remove a reply."""
        self._by_conversation.pop(live.conversation_id, None)

    def of(self, conversation_id: str) -> LiveReply | None:
        """Return the reply that this conversation waits for."""
        return self._by_conversation.get(conversation_id)

    def queue(self, conversation_id: str) -> list[Prompt]:
        """Return the prompts that wait for this conversation's reply to end, the next one first."""
        return self._queues.setdefault(conversation_id, [])

    async def end_all(self, outcome: Outcome) -> None:
        """End every reply with the program; wait for each thread, but for none that hangs."""
        for live in self:
            if not live.stopping:
                live.stop.request(outcome)
        ends = [asyncio.wrap_future(live.over) for live in self]
        if ends:
            await asyncio.wait(ends, timeout=LONGEST_GOODBYE_S)
