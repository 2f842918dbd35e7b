"""The files that go with what is written, above the composer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from tui_chat.chat.estimate import file_tokens
from tui_chat.chat.parts import FilePart
from tui_chat.records import dataclass
from tui_chat.text import cell_len, clean_line, fit
from tui_chat.text.amounts import tokens
from tui_chat.ui.shared.file_facts import kind_and_size

MOST_ROWS = 4
_TAKE_OUT = "  ×"
_NARROWEST_NAME = 8


class FileChips(Widget):
    """A row for each file: its name, what it is, and about how much of the context it takes; a click takes it out."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"file-chips--name"}

    files: reactive[tuple[FilePart, ...]] = reactive((), layout=True)
    """The files, in the order in which they are sent."""

    @dataclass
    class Dropped(Message):
        """A file was clicked: it is not to be sent."""

        chips: FileChips
        file: FilePart

        @property
        def control(self) -> FileChips:
            """The row of chips that it was in."""
            return self.chips

    def on_mount(self) -> None:
        """Take no room until there is a file."""
        self.display = bool(self.files)

    def watch_files(self, files: tuple[FilePart, ...]) -> None:
        """Take no room while there is none."""
        self.display = bool(files)

    def render(self) -> Content:
        """Return the rows; of many files the last, which Backspace takes out first."""
        rows = [self._row(file) for file in self._shown]
        if hidden := len(self.files) - len(rows):
            rows.insert(0, Content(f"and {hidden:,} more"))
        return Content("\n").join(rows)

    def on_click(self, event: events.Click) -> None:
        """Take out the file that is clicked."""
        at = event.y - self.gutter.top - (len(self.files) > len(self._shown))
        if 0 <= at < len(self._shown):
            self.post_message(self.Dropped(self, self._shown[at]))

    @property
    def _shown(self) -> Sequence[FilePart]:
        return self.files if len(self.files) <= MOST_ROWS else self.files[1 - MOST_ROWS :]

    def _row(self, file: FilePart) -> Content:
        count = file_tokens(file)
        size = f"~{tokens(count)} {'token' if count == 1 else 'tokens'}"
        about = f"  {kind_and_size(file)} · {size}{_TAKE_OUT}"
        name = fit(clean_line(file.name), max(self.content_size.width - cell_len(about), _NARROWEST_NAME))
        return Content.styled(name, self.get_visual_style("file-chips--name")) + about
