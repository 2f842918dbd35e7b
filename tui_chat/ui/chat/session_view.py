"""SessionView: shows what a session does."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Protocol

from tui_chat.chat.message import Conversation, Message
from tui_chat.chat.prompt import Prompt
from tui_chat.chat.protocols import PendingReply
from tui_chat.ui.chat.live_reply import LiveReply, ReplyListener
from tui_chat.ui.messages.message_marks import MessageMarks


class SessionView(ReplyListener, Protocol):
    """Shows what a session does; all but what a `ReplyListener` has is called in the event loop of the UI."""

    async def show(self, conversation: Conversation) -> None:
        """Put a conversation on the screen, at its end."""
        ...

    async def look_at(self, message_id: str) -> None:
        """Bring a message into sight."""
        ...

    def finish(self, message: Message) -> None:
        """Show a reply as it ended."""
        ...

    def update(self) -> None:
        """Show where things stand now."""
        ...

    def mark(self, marks: MessageMarks) -> None:
        """Show which messages have others in their place, and which have a bookmark."""
        ...

    def ask_before_sending(self, pending: PendingReply, prompt: Prompt | None) -> None:
        """Ask about a request; then comes `start` or `refrain`, and the prompt waits meanwhile."""
        ...

    def advise(self, sentence: str) -> None:
        """Say once what may not be expected; nothing if the sentence is empty."""
        ...

    def refuse(self, prompt: Prompt | None, sentence: str) -> None:
        """Say why a request cannot be made; the prompt waits."""
        ...

    def cancelled(self, prompt: Prompt | None) -> None:
        """Say that a reply was discarded; its prompt goes back to where it was written."""
        ...

    def run_reply(self, live: LiveReply) -> None:
        """Fetch a reply in a thread of its own; then comes `end`."""
        ...

    def run_in_background(self, work: Callable[[], Awaitable[None]], group: str, *, exclusive: bool = False) -> None:
        """Do something beside what is shown; in the place of what is being done in this group, if it is exclusive."""
        ...

    def when_drawn(self, act: Callable[[], Awaitable[None]]) -> None:
        """Do something once what is shown now has been drawn, if the program lives on after it."""
        ...
