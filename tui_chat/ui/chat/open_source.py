"""Opening what a reply cites."""

from __future__ import annotations

from tui_chat.ui.chat.navigation import Navigation


class OpensSources(Navigation):
    """The part of the chat screen that opens the sources of a reply."""

    def action_open_source(self, message_id: str, number: int = 1) -> None:
        """Show the sources of a reply, this one chosen, to open one."""
        from tui_chat.chat.citations import sources_of
        from tui_chat.ui.chat.source_dialog import SourceDialog

        message, widget = self.session.conversation.find(message_id), self.view.messages.reply(message_id)
        sources = widget.sources if widget is not None else sources_of(message.parts) if message is not None else ()
        if sources:
            self.app.push_screen(SourceDialog(sources, number))
        else:
            self.notify("This message cites no sources.", timeout=3)
