"""The palette's commands about what of a conversation is sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Protocol, runtime_checkable

from textual.command import DiscoveryHit, Hit, Hits, Provider

from tui_chat.ui.chat.session import ConversationSession

ABOUT = "Nothing is deleted: only what the model is sent gets shorter or longer"


@runtime_checkable
class ShowsSession(Protocol):
    """A screen on which one chats."""

    session: ConversationSession


class ContextCommands(Provider):
    """Leaves out the oldest messages, or lets the whole conversation be sent again."""

    async def discover(self) -> Hits:
        """Yield the commands that apply now."""
        for name, command in self._commands():
            yield DiscoveryHit(name, command, help=ABOUT)

    async def search(self, query: str) -> Hits:
        """Yield the commands that fit a query."""
        matcher = self.matcher(query)
        for name, command in self._commands():
            if (score := matcher.match(name)) > 0:
                yield Hit(score, matcher.highlight(name), command, help=ABOUT)

    def _commands(self) -> Iterator[tuple[str, Callable[[], None]]]:
        if not isinstance(self.screen, ShowsSession) or self.screen.session.live is not None:
            return
        session = self.screen.session
        warning = session.send_checks.shortened(session.conversation)
        if warning is not None:
            yield f"Leave out the oldest {warning.left_out} messages", partial(session.send_from, warning.send_from)
        if session.estimator.forecast(session.conversation).left_out:
            yield "Send the whole conversation again", partial(session.send_from, "")
