"""The summary of earlier messages, in the conversation where it takes effect: folded to a line, or whole."""

from __future__ import annotations

from rich.segment import Segment
from rich.style import Style

from tui_chat.chat.message import Message
from tui_chat.text.amounts import counted
from tui_chat.ui.messages.message_widget import MessageWidget
from tui_chat.ui.messages.reply_style import ReplyStyle
from tui_chat.ui.messages.sections import MessageStyles, StaticSection, TextSection
from tui_chat.ui.messages.work_turns import WorkTurns


class SummaryHeading(StaticSection):
    """One line that says what the summary stands for, and what that saves."""

    def __init__(self, width: int, palette: MessageStyles, message: Message) -> None:
        super().__init__(width, palette)
        self.message = message
        self.unfolded = False

    def make(self) -> list[list[Segment]]:
        """Return the line, cut to the width."""
        summary = self.message.summary
        about = counted(summary.messages, "earlier message") if summary is not None else "earlier messages"
        facts = [f"saves {counted(summary.saved_tokens, 'token')}"] if summary is not None else []
        facts += ["edited"] if summary is not None and summary.edited else []
        click = Style.from_meta({"@click": "toggle_fold"})
        line = [
            Segment(f"{'▾' if self.unfolded else '▸'} Summary of {about}", self.palette.role + click),
            Segment("".join(f" · {fact}" for fact in facts), self.palette.meta + click),
        ]
        return [list(Segment.adjust_line_length(line, self.width, pad=False))]


class SummaryMessage(MessageWidget):
    """The summary, which is sent in place of all messages above it."""

    def __init__(self, message: Message, style: ReplyStyle, turns: WorkTurns) -> None:
        super().__init__(message.id, turns)
        self.message = message
        self._style = style
        self._unfolded = False

    def build(self) -> None:
        """Lay out the heading, and the text unless it is folded."""
        self._heading = SummaryHeading(self._laid_out_width, self.palette, self.message)
        self._heading.unfolded = self._unfolded
        self.stack.begin(self._heading)
        if self._unfolded:
            text = TextSection(self._laid_out_width, self.look)
            text.document.append(self.message.text)
            text.document.finish()
            self.stack.add(text)
        self.lay_out_more()

    def show(self, message: Message) -> None:
        """Show another text of it."""
        if message != self.message:
            self.message = message
            self.build()

    def take_up(self, message: Message, *, last: bool) -> None:
        """Show it as it is now."""
        self.show(message)

    def restyle(self, style: ReplyStyle, message: Message | None) -> None:
        """Show it in another style."""
        self._style = style

    @property
    def can_fold(self) -> bool:
        """True: its text can be read under the heading."""
        return True

    def toggle_fold(self) -> None:
        """Show the text, or the heading alone."""
        self._unfolded = not self._unfolded
        self.build()

    def action_toggle_fold(self) -> None:
        """Fold or unfold at a click."""
        self.toggle_fold()
