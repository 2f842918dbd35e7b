"""An input of one line that never shows what could steer a terminal."""

from __future__ import annotations

from textual import events
from textual.widgets import Input

from tui_chat.text import clean_line
from tui_chat.ui.key_order import act_at_once


class LineInput(Input):
    """Textual's input, with pastes made safe; it takes one row."""

    def __init__(self, value: str = "", *, placeholder: str = "", id: str | None = None) -> None:
        super().__init__(clean_line(value), placeholder=placeholder, compact=True, select_on_focus=False, id=id)

    async def on_key(self, event: events.Key) -> None:
        """Act on keys in their order."""
        await act_at_once(self, event)

    def on_paste(self, event: events.Paste) -> None:
        """Take what is pasted as one line; Textual would let its escape sequences through."""
        event.prevent_default()
        event.stop()
        self.replace(clean_line(event.text.strip("\r\n")), *self.selection)
