"""Actions on the summary of earlier messages: have it written, edit, remove and bring it back."""

from __future__ import annotations

from functools import cached_property

from tui_chat.chat.message import Message
from tui_chat.ui.chat.compactor import Compactor
from tui_chat.ui.chat.navigation import Navigation
from tui_chat.ui.messages.message_list import MessageList
from tui_chat.ui.shared.background import begin
from tui_chat.ui.shared.clipboard import copy

_AS_ON_MESSAGES = ("leave", "write", "select", "undelete", "wrap_code", "code_left", "code_right")
"""Actions on a summary that are the same as on a message."""


class SummaryActions(Navigation):
    """The part of the chat screen that acts on the summary."""

    @cached_property
    def compactor(self) -> Compactor:
        """Changes the summary."""
        return Compactor(self.app, self.session, self._now)

    def action_compact(self) -> None:
        """Have the earlier messages summarized."""
        begin(self, self.compactor.compact, "confirming")

    async def action_remove_summary(self) -> None:
        """Send the messages again that the summary stands for."""
        await self.compactor.remove()

    async def action_restore_summary(self) -> None:
        """Restore the summary that was removed last."""
        await self.compactor.bring_back()

    def action_edit_summary(self) -> None:
        """Put the summary that is sent now into the composer."""
        conversation = self.session.conversation
        shown = self.session.summaries.shown(conversation)
        self._edit_summary(next(one for one in shown.messages if conversation.find(one.id) is None))

    async def act_on_summary(self, event: MessageList.ActionRequested) -> bool:
        """Act on the chosen summary for a key; False if it is a key that does the same with any message."""
        summary = self.session.summaries.shown(self.session.conversation).find(event.message_id)
        match event.what:
            case what if what in _AS_ON_MESSAGES:
                return False
            case "copy" if summary is not None:
                copy(self.app, summary.text, "the summary")
            case "quote" if summary is not None:
                self.composer.quote(summary.text)
                self.composer.focus()
            case "edit" | "rewrite" if summary is not None:
                self._edit_summary(summary)
            case "delete":
                await self.compactor.remove(event.message_id)
        return True

    def _edit_summary(self, summary: Message) -> None:
        if self.compactor.can_change(summary.id):
            self.desk.rewrite(summary)
        else:
            self.notify("A reply is coming. Edit when it is done.", severity="warning")
