"""Actions on the summary of earlier messages: have it written, edit, remove and bring it back."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from textual.app import App

from tui_chat.chat.message import Message
from tui_chat.program.send_checks import SendWarning
from tui_chat.text import clean_line
from tui_chat.ui.chat.compactor import Compactor, Severity
from tui_chat.ui.chat.navigation import Navigation
from tui_chat.ui.messages.message_list import MessageList
from tui_chat.ui.shared.background import begin
from tui_chat.ui.shared.clipboard import copy
from tui_chat.ui.textual_internals.latest_notice import LatestNotice

_AS_ON_MESSAGES = ("leave", "write", "select", "undelete", "wrap_code", "code_left", "code_right")
"""Actions on a summary that are the same as on a message."""


class SummaryNotices:
    """Tells of summaries in notices, and asks in a dialog."""

    def __init__(self, app: App[Any]) -> None:
        self._app = app
        self.undoable = LatestNotice(app)
        """The notice of what was done last, as long as that can be taken back."""

    def say(self, sentence: str, severity: Severity = "warning") -> None:
        """Say why there is no summary."""
        self._app.notify(clean_line(sentence), severity=severity, markup=False)

    def offer_undo(self, sentence: str, action: str) -> None:
        """Say what was done, with a link that takes it back."""
        self.undoable.offer_undo(sentence, action)

    async def agrees(self, warning: SendWarning) -> bool:
        """Ask about a warning; True if a summary may be made nevertheless."""
        from tui_chat.ui.chat.send_warning import Answer, SendWarningScreen

        return await self._app.push_screen_wait(SendWarningScreen(warning)) is Answer.SEND


class SummaryActions(Navigation):
    """The part of the chat screen that acts on the summary."""

    @cached_property
    def _summary_notices(self) -> SummaryNotices:
        return SummaryNotices(self.app)

    @cached_property
    def compactor(self) -> Compactor:
        """Changes the summary."""
        return Compactor(self._summary_notices, self.session, self._now)

    def action_compact(self) -> None:
        """Have the earlier messages summarized."""
        begin(self, self.compactor.compact, "confirming")

    async def action_remove_summary(self) -> None:
        """Send the messages again that the summary stands for."""
        await self.compactor.remove()

    async def action_restore_summary(self) -> None:
        """Restore the summary that was removed last."""
        await self.compactor.bring_back()
        self._summary_notices.undoable.take_back()

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
