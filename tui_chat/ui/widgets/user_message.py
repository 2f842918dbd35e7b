"""A prompt in the conversation."""

from __future__ import annotations

from tui_chat.chat.message import Message
from tui_chat.ui.widgets.message_sections import HeaderSection
from tui_chat.ui.widgets.message_widget import MessageWidget
from tui_chat.ui.widgets.sections import TextSection


class UserMessage(MessageWidget):
    """What the user said."""

    def __init__(self, message: Message) -> None:
        super().__init__(message.id)
        self.message = message

    def build(self) -> None:
        """The header, and the prompt with its line breaks."""
        self.stack.add(HeaderSection(self._laid_out_width, self.palette, "You"))
        section = TextSection(self._laid_out_width, self.look, hard_breaks=True)
        section.document.append(self.message.text)
        section.document.finish()
        self.stack.add(section)
        self.update_lines()
