"""A prompt in the conversation."""

from __future__ import annotations

from tui_chat.chat.message import Message
from tui_chat.chat.parts import ToolResultPart, files_of
from tui_chat.rendering import Look
from tui_chat.ui.messages.files_section import FilesSection
from tui_chat.ui.messages.message_sections import HeaderSection, ToolResultSection, branch_actions
from tui_chat.ui.messages.message_widget import MessageWidget
from tui_chat.ui.messages.prompt_section import PromptSection
from tui_chat.ui.messages.reply_style import ReplyStyle
from tui_chat.ui.messages.sections import MessageStyles
from tui_chat.ui.messages.sent_pictures import SentPictures
from tui_chat.ui.messages.work_turns import WorkTurns
from tui_chat.ui.shared.background import begin


class UserMessage(MessageWidget):
    """A prompt of the user's: a block on a ground of its own, which holds its header and its text together."""

    SPACED_HEADER = False

    def __init__(self, message: Message, style: ReplyStyle, turns: WorkTurns) -> None:
        super().__init__(message.id, turns)
        self.message = message
        self._style = style
        self._files: FilesSection | None = None
        self._pictures = SentPictures(self)
        self._columns_drawn = 0

    def build(self) -> None:
        """Lay out the header, the files, and the prompt with its line breaks."""
        self._header = HeaderSection(self._laid_out_width, self.palette, "You")
        self.update_header()
        self.stack.add(self._header)
        if files := files_of(self.message.parts):
            self._files = FilesSection(self._laid_out_width, self.look, self.palette, files)
            self.stack.add(self._files)
            self.draw_pictures()
        for part in self.message.parts:
            if isinstance(part, ToolResultPart):
                self.stack.add(ToolResultSection(self._laid_out_width, self.palette, part))
        self._prompt = PromptSection(self._laid_out_width, self.look, self.palette, self.message.text)
        if self.message.text:
            self.stack.add(self._prompt)
        self.lay_out_more()

    def draw_pictures(self) -> None:
        """Draw the pictures as the terminal can and as its width allows."""
        if self._files is not None and self._files.pictures:
            self._columns_drawn = self._files.columns
            begin(self, self._draw_pictures, "pictures", exclusive=True)

    async def _draw_pictures(self) -> None:
        """Decode the pictures, one after the other, and show each when it is there."""
        if (section := self._files) is None:
            return
        for picture, rows in section.pictures:
            lines = await self._pictures.draw(picture, section.columns, rows)
            if not self.is_attached:
                return
            section.show(picture, lines)
            self.update_lines()

    def on_unmount(self) -> None:
        """Let go of what the terminal has for it."""
        self._pictures.delete()

    def laid_out(self, width: int, look: Look, palette: MessageStyles) -> None:
        """Draw the pictures anew if they have become wider or narrower."""
        if self._files is not None and self._files.columns != self._columns_drawn:
            self.draw_pictures()

    def restyle(self, style: ReplyStyle, message: Message | None) -> None:
        """Show it in another style."""
        self._style = style
        if self.stack.sections:
            self.update_header()
            self.update_lines()

    def update_header(self) -> None:
        """Show when it was written, and its number among its versions."""
        self._header.bookmarked, self._header.left_out = self.bookmarked, self.left_out
        self._header.meta = self._style.written_at(self.message)
        self._header.actions = branch_actions(self.message, self.branch, self._style.key_of)
        self._header.invalidate()

    @property
    def can_fold(self) -> bool:
        """True if it is a long prompt."""
        return self._prompt.is_long

    def toggle_fold(self) -> None:
        """Show all of a long prompt, or its beginning."""
        self._prompt.fold(unfolded=not self._prompt.unfolded)
        self.update_lines()

    def action_toggle_fold(self) -> None:
        """Fold or unfold at a click."""
        self.toggle_fold()
