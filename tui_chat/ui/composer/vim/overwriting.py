"""Writing over what is there, a unit for each that is typed, and how that is taken back."""

from __future__ import annotations

from tui_chat.records import dataclass, field
from tui_chat.ui.composer.vim.buffer import Buffer, Edit, Span
from tui_chat.ui.composer.vim.grammar import Command
from tui_chat.ui.composer.vim.operators import LONGEST_PUT, Change


@dataclass(slots=True)
class Overwriting:
    """A time of writing over, from its beginning or the last move of the cursor on."""

    command: Command
    _written: list[tuple[str, str]] = field(default_factory=list)
    """The text that was typed, with what it took the place of."""
    _at: int = -1
    """The place where the cursor was left."""

    @property
    def typed(self) -> str:
        """The text that was written."""
        return "".join(typed for typed, _ in self._written)

    def press(self, key: str, buffer: Buffer, cursor: int) -> Change:
        """Write a character, or take back the last one: what it has replaced is there again."""
        if cursor != self._at:
            self._written.clear()
        change = self._take_back(buffer, cursor) if key == "backspace" else self._write(key, buffer, cursor)
        self._at = change.cursor
        return change

    def _write(self, character: str, buffer: Buffer, cursor: int) -> Change:
        edit = overwritten(buffer, cursor, character)
        self._written.append((character, buffer.content[edit.start : edit.end]))
        return Change(edit, cursor + len(character))

    def _take_back(self, buffer: Buffer, cursor: int) -> Change:
        if not self._written:
            to = buffer.step(cursor, -1)
            return Change(Edit(to, to), to)
        typed, before = self._written.pop()
        return Change(Edit(cursor - len(typed), cursor, before), cursor - len(typed))


def overwritten(buffer: Buffer, at: int, text: str, times: int = 1) -> Edit:
    """Return the edit that writes a text over as many units of the line; behind its end nothing is replaced."""
    written = text * min(times, LONGEST_PUT // max(len(text), 1))
    size = sum(1 for _ in Buffer(written).units(Span(0, len(written))))
    return Edit(at, buffer.step(at, size), written)
