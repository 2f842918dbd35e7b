"""Vim's keys for the composer: tells the language of vim what is there, and does what it says."""

from __future__ import annotations

from collections.abc import Callable

from textual import events
from textual.widgets.text_area import Location, Selection

from tui_chat.ui.composer.prompt_area import PromptArea
from tui_chat.ui.composer.vim import Buffer, Mode, Result, Span, Vim


class VimKeys:
    """Acts on a text area as vim would."""

    def __init__(self, area: PromptArea, mode_changed: Callable[[], None]) -> None:
        self._area = area
        self._mode_changed = mode_changed
        self._vim = Vim()
        self._shown: Selection | None = None
        """The selection as it was shown last; any other is the mouse's, or that of a key which is not vim's."""
        self._cursor = 0
        """The place of the cursor while something is selected: within it, at either end."""

    @property
    def mode(self) -> Mode:
        """The mode that the keys are taken in."""
        return self._vim.mode

    @property
    def wants_escape(self) -> bool:
        """True if there is something that Esc ends here."""
        return self._vim.wants_escape

    @property
    def selection(self) -> Selection | None:
        """The selection with both of its ends; None if vim has selected nothing."""
        if self._area.selection != self._shown:
            return None
        buffer = self._buffer
        span = self._vim.selection(buffer, self._cursor)
        return None if span is None else Selection(_location(buffer, span.start), _location(buffer, span.end))

    def begin(self) -> None:
        """Write in another text; nothing before it can be undone."""
        self._vim.begin()
        self._mode_changed()

    def insert(self) -> None:
        """Take the keys for text."""
        self._vim.insert()
        self._mode_changed()

    def press(self, event: events.Key) -> bool:
        """Do what a key does, if it is vim's; True if it was."""
        return self.act(_name(event))

    def act(self, key: str) -> bool:
        """Do what a key of this name does; True if it is vim's."""
        if not self._vim.takes(key):
            self._vim.drop_command()
            return False
        buffer = self._buffer
        self._show(buffer, self._vim.press(key, buffer, self._find_cursor(buffer)))
        return True

    def place_cursor(self, selection: Selection) -> Selection:
        """Return a selection; but a cursor behind the last character of a line lies on that in normal mode."""
        row, column = selection.end
        if self.mode is not Mode.NORMAL or not selection.is_empty or not 0 <= row < self._area.document.line_count:
            return selection
        line = self._area.document.get_line(row)
        return Selection.cursor((row, Buffer(line, self._area.pastes.tokens).clamp(column)))

    def paste(self, text: str) -> bool:
        """Put in what was pasted; False while one writes, when that is as ever."""
        buffer = self._buffer
        result = self._vim.paste(text, buffer, self._find_cursor(buffer))
        if result is not None:
            self._show(buffer, result)
        return result is not None

    @property
    def _buffer(self) -> Buffer:
        return Buffer("\n".join(self._area.document.lines), self._area.pastes.tokens)

    def _find_cursor(self, buffer: Buffer) -> int:
        """Return where the cursor lies; what was selected otherwise, by the mouse say, is selected for vim too."""
        selection = self._area.selection
        if selection == self._shown and self.mode.selects:
            return self._cursor
        cursor = _offset(buffer, selection.end)
        if self.mode is Mode.INSERT:
            return cursor
        self._vim.deselect()
        if selection.is_empty:
            return cursor
        anchor = _offset(buffer, selection.start)
        self._vim.select(anchor if anchor < cursor else buffer.before(anchor))
        return buffer.before(cursor) if anchor < cursor else cursor

    def _show(self, buffer: Buffer, result: Result) -> None:
        """Make the edit, and show the cursor and what is selected."""
        if result.edit is not None:
            ends = _location(buffer, result.edit.start), _location(buffer, result.edit.end)
            self._area.replace(result.edit.text, *ends, maintain_selection_offset=False)
            buffer = buffer.edited(result.edit)
        self._cursor = result.cursor
        span = self._vim.selection(buffer, result.cursor)
        if span is None:
            self._area.move_cursor(_location(buffer, result.cursor))
        else:
            self._area.selection = _drawn(buffer, span, result.cursor)
        self._shown = self._area.selection
        self._mode_changed()


def _drawn(buffer: Buffer, span: Span, cursor: int) -> Selection:
    """Return the selection as a text area draws it: the cursor, which lies on a unit of it, marks that one itself."""
    if cursor == span.start:
        return Selection(_location(buffer, span.end), _location(buffer, span.start))
    return Selection(_location(buffer, span.start), _location(buffer, span.end if span.linewise else cursor))


def _name(event: events.Key) -> str:
    """Return the character of a key that types one, seen or not; else the key's name."""
    character = event.character or ""
    types = event.is_printable or not character.isascii()
    has_modifier = event.key.rpartition("+")[0] not in ("", "shift")
    return character if len(character) == 1 and types and not has_modifier else event.key


def _offset(buffer: Buffer, location: Location) -> int:
    """Return the place in the text."""
    row, column = location
    start = 0
    for _ in range(row):
        start = buffer.content.index("\n", start) + 1
    return start + column


def _location(buffer: Buffer, offset: int) -> Location:
    """Return the place as a text area has it."""
    start = buffer.line_start(offset)
    return buffer.content.count("\n", 0, start), offset - start
