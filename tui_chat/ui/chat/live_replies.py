"""The replies that are under way, over all conversations."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence

from tui_chat.chat.message import Conversation
from tui_chat.chat.prompt import Prompt
from tui_chat.streaming.stop import Outcome
from tui_chat.ui.chat.live_reply import LiveReply

LONGEST_GOODBYE_S = 0.25


class LiveReplies:
    """The replies by their ids: one a conversation, several where models are compared; many conversations at once."""

    def __init__(self) -> None:
        self._by_id: dict[str, LiveReply] = {}
        self._queues: dict[str, list[Prompt]] = {}

    def __iter__(self) -> Iterator[LiveReply]:
        return iter(list(self._by_id.values()))

    def add(self, live: LiveReply) -> None:
        """Add a reply."""
        self._by_id[live.reply_id] = live

    def remove(self, live: LiveReply) -> None:
        """Remove a reply."""
        self._by_id.pop(live.reply_id, None)

    def all_of(self, conversation_id: str) -> Sequence[LiveReply]:
        """Return the replies that this conversation waits for, in the order in which they were asked for."""
        return [live for live in self if live.conversation_id == conversation_id]

    def of(self, conversation_id: str) -> LiveReply | None:
        """Return the reply that this conversation waits for, the first of several."""
        return next(iter(self.all_of(conversation_id)), None)

    def on(self, branch: Conversation) -> LiveReply | None:
        """Return the reply that this branch of a conversation waits for; a summary is on all of them."""
        ids = {message.id for message in branch.messages}
        of_it = self.all_of(branch.id)
        return next((live for live in of_it if live.is_summary or live.reply_id in ids), None)

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
