"""The files that went with a prompt, and its pictures, small."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.segment import Segment

from tui_chat.attachments.thumbnail import MOST_COLUMNS, can_draw, rows_of
from tui_chat.chat.parts import FilePart
from tui_chat.rendering import Look
from tui_chat.text import cell_len, clean_line, fit
from tui_chat.ui.messages.sections import MessageStyles, StaticSection
from tui_chat.ui.messages.sent_pictures import DrawnLines
from tui_chat.ui.shared.file_facts import kind_and_size

_NARROWEST_NAME = 8
_MOST_PICTURES = 4
"""Pictures of one prompt that are drawn; of the others there are the names."""


class FilesSection(StaticSection):
    """A line for each file: its name, its kind and its size; below it a picture, where that can be drawn.

    A picture has its rows from the beginning, so that nothing moves when it has been decoded.
    """

    def __init__(self, width: int, look: Look, palette: MessageStyles, files: Sequence[FilePart]) -> None:
        super().__init__(width, palette)
        self._look = look
        self._files = files
        self._decodes = _has_colours(look) and can_draw()
        """True if somebody decodes the pictures; in a look that has no colours at first nobody does."""
        self._drawn: dict[FilePart, DrawnLines] = {}
        self._names: list[int] = []
        """The lines that are a name's."""

    @property
    def pictures(self) -> Sequence[tuple[FilePart, int]]:
        """The pictures that are drawn, each with its number of rows."""
        if not (self._decodes and _has_colours(self._look)):
            return ()
        rows = [(file, rows_of(file, self.width)) for file in dict.fromkeys(self._files) if file.is_picture]
        return [(file, count) for file, count in rows if count][:_MOST_PICTURES]

    @property
    def columns(self) -> int:
        """The number of columns that a picture may have."""
        return min(self.width, MOST_COLUMNS)

    def show(self, picture: FilePart, lines: DrawnLines) -> None:
        """Show a picture that has been drawn."""
        self._drawn[picture] = lines
        self.invalidate()

    def restyle(self, look: Look, palette: MessageStyles) -> None:
        """Draw it in other colours."""
        self._look = look
        super().restyle(look, palette)

    def make(self) -> list[list[Segment]]:
        """Return the lines; a long name gives way to what follows it."""
        rows = dict(self.pictures)
        lines: list[list[Segment]] = []
        self._names = []
        for file in self._files:
            self._names.append(len(lines))
            lines += [self._line(file), *self._rows(file, rows.pop(file, 0))]
        return lines

    def text(self, y: int) -> str:
        """Return the text of one of its lines; a picture is none."""
        text = super().text(y)
        return text if y in self._names else ""

    def _line(self, file: FilePart) -> list[Segment]:
        about = f"  {kind_and_size(file)}"
        name = fit(clean_line(file.name), max(self.width - cell_len(about), _NARROWEST_NAME))
        line = [Segment(name, self.palette.tool), Segment(about, self.palette.meta)]
        return list(Segment.adjust_line_length(line, self.width, pad=False))

    def _rows(self, file: FilePart, count: int) -> Iterator[list[Segment]]:
        drawn = self._drawn.get(file, ())
        for y in range(count):
            yield list(drawn[y][: self.width]) if y < len(drawn) else []


def _has_colours(look: Look) -> bool:
    """Return True if a look has more than plain glyphs and the terminal's own colours."""
    return not (look.ascii or look.framed)
