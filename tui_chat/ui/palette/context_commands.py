"""The palette's commands about what of a conversation is sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from textual.command import DiscoveryHit, Hit, Hits, Provider

from tui_chat.ui.chat.view import ConversationView

ABOUT = "Nothing is deleted: only what the model is sent gets shorter or longer"


class ContextCommands(Provider):
    """Leaves out the oldest messages, or lets the whole conversation be sent again."""

    async def discover(self) -> Hits:
        """What can be done now."""
        for name, command in self._commands():
            yield DiscoveryHit(name, command, help=ABOUT)

    async def search(self, query: str) -> Hits:
        """What fits a query."""
        matcher = self.matcher(query)
        for name, command in self._commands():
            if (score := matcher.match(name)) > 0:
                yield Hit(score, matcher.highlight(name), command, help=ABOUT)

    def _commands(self) -> Iterator[tuple[str, Callable[[], None]]]:
        view = next(iter(self.screen.query(ConversationView)), None)
        if view is None or view.live is not None:
            return
        warning = view.send_checks.shortened(view.conversation)
        if warning is not None:
            yield f"Leave out the oldest {warning.left_out} messages", partial(view.send_from, warning.send_from)
        if view.estimator.forecast(view.conversation).left_out:
            yield "Send the whole conversation again", partial(view.send_from, "")
