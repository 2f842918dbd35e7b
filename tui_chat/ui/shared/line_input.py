"""An input of one line that never shows what could steer a terminal."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.widgets import Input
from textual.widgets.input import Selection

from tui_chat.text import clean_line, grapheme_at, typed_unseen
from tui_chat.ui.textual_internals.key_queue import act_at_once

COMPOSERS_KEYS = {
    "ctrl+backspace,alt+backspace": "delete_left_word",  # Textual's own deletes to the right
    "ctrl+delete,alt+delete,alt+d": "delete_right_word",
    "alt+left,alt+b": "cursor_left_word",
    "alt+right,alt+f": "cursor_right_word",
    "alt+a,super+a": "select_all",
}
"""The composer's meaning of these keys, for an input."""


class LineInput(Input):
    """Textual's input, with pastes made safe and the keys of the composer; it takes one row."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(keys, action, show=False) for keys, action in COMPOSERS_KEYS.items()
    ]

    def __init__(self, value: str = "", *, placeholder: str = "", id: str | None = None) -> None:
        super().__init__(clean_line(value), placeholder=placeholder, compact=True, select_on_focus=False, id=id)

    async def on_key(self, event: events.Key) -> None:
        """Act on keys in their order; put in the characters that Textual takes for none."""
        if await act_at_once(self, event) or event.is_printable:
            return
        if typed := typed_unseen(self.value[: self.cursor_position], event.character or ""):
            event.prevent_default()
            event.stop()
            self.replace(typed, *self.selection)

    def validate_selection(self, selection: Selection) -> Selection:
        """Keep the cursor out of what is read as one character."""
        start, end = super().validate_selection(selection)
        return Selection(self._outside(start), self._outside(end))

    def action_delete_left(self) -> None:
        """Delete what is selected, or what is read as one character."""
        if self.selection.is_empty and self.cursor_position:
            self.delete(grapheme_at(self.value, self.cursor_position - 1)[0], self.cursor_position)
        else:
            super().action_delete_left()

    def action_delete_right(self) -> None:
        """Delete what is selected, or what is read as one character."""
        if self.selection.is_empty:
            self.delete(self.cursor_position, grapheme_at(self.value, self.cursor_position)[1])
        else:
            super().action_delete_right()

    def _outside(self, position: int) -> int:
        """Return the place, or the one that the cursor comes to on its way across what holds it."""
        start, end = grapheme_at(self.value, position)
        if start >= position:
            return position
        return start if position < self.cursor_position else end

    def on_paste(self, event: events.Paste) -> None:
        """Take what is pasted as one line; Textual would let its escape sequences through."""
        event.prevent_default()
        event.stop()
        self.replace(clean_line(event.text.strip("\r\n")), *self.selection)
