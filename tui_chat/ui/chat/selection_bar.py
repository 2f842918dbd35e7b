"""The bar from which text of a message is selected with keys: it has the focus meanwhile, and says what is selected."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.timer import Timer
from textual.widgets import Static

from tui_chat.ui.messages.message_list import MessageList
from tui_chat.ui.messages.message_widget import MessageWidget
from tui_chat.ui.shared.clipboard import copy

if TYPE_CHECKING:
    from tui_chat.ui.chat.keyboard_selection import KeyboardSelection

FOLLOW_INTERVAL_S = 0.1
"""The interval at which the places are found again while text comes."""
MARGIN = 2
"""Lines that are kept between the cursor and the edge of what is in sight."""
_MOTIONS = {
    "h,left": "h",
    "l,right,space": "l",
    "j,down": "j",
    "k,up": "k",
    "w": "w",
    "b": "b",
    "e": "e",
    "0,home": "0",
    "circumflex_accent": "^",
    "dollar_sign,end": "$",
    "g": "gg",
    "G": "G",
    "right_curly_bracket": "}",
    "left_curly_bracket": "{",
}


class SelectionBar(Static, can_focus=True):
    """Hidden while nothing is selected with keys."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("v", "begin('characters')", "Select"),
        Binding("W", "begin('words')", "Words"),
        Binding("V", "begin('lines')", "Lines"),
        Binding("c", "code", "Code block"),
        Binding("y,enter", "copy", "Copy"),
        Binding("o", "swap", "Other end", show=False),
        *(Binding(keys, f"move('{motion}')", show=False) for keys, motion in _MOTIONS.items()),
    ]

    def __init__(self) -> None:
        super().__init__(markup=False)
        self.display = False
        self._messages: MessageList | None = None
        self._widget: MessageWidget | None = None
        self._selection: KeyboardSelection | None = None
        self._following: Timer | None = None

    def on_mount(self) -> None:
        """Keep up with text that comes."""
        self._following = self.set_interval(FOLLOW_INTERVAL_S, self._follow, pause=self._selection is None)

    @property
    def is_open(self) -> bool:
        """True if there is a cursor in a message."""
        return self._selection is not None

    def open(self, messages: MessageList, widget: MessageWidget) -> None:
        """Put a cursor into a message, where it is in sight."""
        from tui_chat.ui.chat.keyboard_selection import KeyboardSelection

        self._messages, self._widget = messages, widget
        hidden = messages.scroll_offset.y - _top_of(widget)
        self._selection = KeyboardSelection(widget.stack, hidden if hidden < widget.stack.height else 0)
        messages.release_anchor()
        self.display = True
        self.focus()
        if self._following is not None:
            self._following.resume()
        self._show()

    def close(self) -> None:
        """Select nothing any more, and give the keys back to the message."""
        messages, widget = self._messages, self._widget
        if self._selection is None or messages is None or widget is None:
            return
        self._end()
        if widget.is_attached:
            messages.chosen = widget.message_id
        messages.focus()

    def on_blur(self) -> None:
        """End it when the focus goes elsewhere; what is selected stays."""
        self._end(keep=True)

    def action_move(self, keys: str) -> None:
        """Move the cursor."""
        if self._selection is not None:
            self._selection.move(keys)
            self._show()

    def action_begin(self, unit: str) -> None:
        """Select from the cursor on."""
        if self._selection is not None:
            self._selection.begin(unit)
            self._show()

    def action_code(self) -> None:
        """Select the code block at the cursor, or the next one."""
        if self._selection is not None and not self._selection.select_code():
            self.notify("No code block follows here.", timeout=3)
        self._show()

    def action_swap(self) -> None:
        """Go on at the other end."""
        if self._selection is not None:
            self._selection.swap()
            self._show()

    def action_copy(self) -> None:
        """Copy the source of what is selected."""
        if self._selection is not None:
            if text := self._selection.source:
                copy(self.app, text, "the selection")
            self.close()

    def _end(self, *, keep: bool = False) -> None:
        if self._widget is not None:
            self._widget.text_cursor = None
        if self._selection is not None and not keep:
            self.screen.clear_selection()
        self._messages = self._widget = self._selection = None
        self.display = False
        if self._following is not None:
            self._following.pause()

    def _follow(self) -> None:
        """Find the places again; where the message is gone, end."""
        if self._selection is None or self._widget is None:
            return
        if not self._widget.is_attached or not self._widget.stack.sections:
            self.close()
            return
        before = self._selection.selection, self._selection.cursor
        self._selection.follow()
        if (self._selection.selection, self._selection.cursor) != before:
            self._show()

    def _show(self) -> None:
        """Draw the cursor and the selection, and say how much that is."""
        selection, widget, messages = self._selection, self._widget, self._messages
        if selection is None or widget is None or messages is None:
            return
        y, x = selection.cursor
        widget.bring_column(y, x)
        widget.text_cursor = y, x, selection.cursor_end
        self.screen.selections = {widget: selection.selection} if selection.begun else {}
        said = f"{selection.unit.value} · {selection.lines:,} line{'s' * (selection.lines != 1)}"
        self.update(f" Select {said}" if selection.begun else " Select: move to where it begins")
        self._bring(messages, _top_of(widget) + y)

    def _bring(self, messages: MessageList, line: int) -> None:
        """Scroll to a line unless it is in sight."""
        top, height = messages.scroll_offset.y, messages.scrollable_content_region.height
        margin = min(MARGIN, (height - 1) // 2)
        if line < top + margin:
            messages.scroll_to(y=line - margin, animate=False)
        elif line >= top + height - margin:
            messages.scroll_to(y=line - height + margin + 1, animate=False)


def _top_of(widget: MessageWidget) -> int:
    """Return the place of a message's first line among all lines of the list."""
    return int(widget.virtual_region.y) + widget.gutter.top
