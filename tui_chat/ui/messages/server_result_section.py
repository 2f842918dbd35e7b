"""The result of a tool that the provider ran, with the files that it made."""

from __future__ import annotations

from rich.segment import Segment
from rich.style import Style

from tui_chat.chat.parts import ToolResultPart
from tui_chat.chat.server_results import ServerResult
from tui_chat.ui.messages.message_sections import ToolResultSection
from tui_chat.ui.messages.sections import MessageStyles
from tui_chat.ui.shared.text_rows import wrapped


class ServerResultSection(ToolResultSection):
    """A result, and a click target that saves its files."""

    def __init__(self, width: int, palette: MessageStyles, result: ServerResult) -> None:
        super().__init__(width, palette, ToolResultPart(result.call_id, result.text, result.failed))
        self._files = len(result.files)

    def make(self) -> list[list[Segment]]:
        """Return the result's lines, and below them how many files there are to be saved."""
        if not self._files:
            return super().make()
        made = "Save the file that it made" if self._files == 1 else f"Save the {self._files} files that it made"
        saves = self.palette.key + Style.from_meta({"@click": "screen.save_made_files"})
        return [*super().make(), *([Segment(f"  {row}", saves)] for row in wrapped(made, max(self.width - 2, 1)))]
