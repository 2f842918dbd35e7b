"""The files that went with a prompt."""

from __future__ import annotations

from collections.abc import Sequence

from rich.segment import Segment

from tui_chat.chat.parts import FilePart
from tui_chat.text import cell_len, clean_line, fit
from tui_chat.ui.messages.sections import MessageStyles, StaticSection
from tui_chat.ui.shared.file_facts import kind_and_size

_NARROWEST_NAME = 8


class FilesSection(StaticSection):
    """A line for each file: its name, its kind and its size."""

    def __init__(self, width: int, palette: MessageStyles, files: Sequence[FilePart]) -> None:
        super().__init__(width, palette)
        self._files = files

    def make(self) -> list[list[Segment]]:
        """Return the lines; a long name gives way to what follows it."""
        return [self._line(file) for file in self._files]

    def _line(self, file: FilePart) -> list[Segment]:
        about = f"  {kind_and_size(file)}"
        name = fit(clean_line(file.name), max(self.width - cell_len(about), _NARROWEST_NAME))
        line = [Segment(name, self.palette.tool), Segment(about, self.palette.meta)]
        return list(Segment.adjust_line_length(line, self.width, pad=False))
