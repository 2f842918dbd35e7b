"""The prompt that replies side by side answer."""

from __future__ import annotations

from tui_chat.chat.message import Message
from tui_chat.text import clean_line
from tui_chat.ui.messages.message_widget import MessageWidget
from tui_chat.ui.messages.prompt_section import PromptSection
from tui_chat.ui.messages.work_turns import WorkTurns

ROWS = 2
"""The rows of it that are shown; `columns.tcss` cuts off the others."""


class ComparedPrompt(MessageWidget):
    """The beginning of the prompt, above its replies; more of it while the reader is at a hit further down."""

    def __init__(self, turns: WorkTurns) -> None:
        super().__init__("compared", turns)
        self.message: Message | None = None

    def show(self, message: Message | None) -> None:
        """Show another prompt, all of it as one line."""
        if message is not self.message:
            self.message, self.message_id = message, message.id if message is not None else ""
            self.build()

    def build(self) -> None:
        """Lay the prompt out."""
        text = clean_line(self.message.text) if self.message is not None else ""
        self._prompt = PromptSection(self._laid_out_width, self.look, self.palette, text)
        self.stack.begin(self._prompt)
        self.lay_out_more()

    def update_lines(self) -> None:
        """Draw what has changed; a hit is brought into sight."""
        super().update_lines()
        self.set_class(self._prompt.current_row >= ROWS, "-unfolded")
