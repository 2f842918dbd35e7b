"""News of other windows: what they, or commands, add to the conversation that is looked at is soon on the screen."""

from __future__ import annotations

from tui_chat.ui.chat.view import ConversationView
from tui_chat.ui.shared.background import begin

LOOK_INTERVAL_S = 0.5


class OtherWindows:
    """Looks whether the database has been written; only then is anything read of it."""

    def __init__(self, view: ConversationView) -> None:
        self._view = view
        self._seen: object = None
        self._taking_up = False
        self._behind = False
        """True if something was added below what the reader sees, which is not on the screen yet."""
        view.set_interval(LOOK_INTERVAL_S, self.look)

    def look(self) -> None:
        """Take up what has been added since the last look.

        What is being taken up is finished first: given up halfway, it would be in the conversation, half on the
        screen, and never found again.
        """
        state = self._view.session.program.store.file_state
        if not self._taking_up and (state != self._seen or (self._behind and self._view.messages.following)):
            self._seen, self._taking_up = state, True
            begin(self._view, self._take_up, "catching up")

    async def _take_up(self) -> None:
        """Show it at the end; who reads further up is told of it, and sees it there."""
        try:
            following = self._view.messages.following
            self._behind = False if following else await self._view.session.has_grown()
            if following:
                await self._view.session.catch_up()
            elif self._behind:
                self._view.post_message(ConversationView.TextBelow(below=True))
        finally:
            self._taking_up = False
