"""A dialog that is answered by one of its buttons."""

from __future__ import annotations

from typing import ClassVar, TypeVar

from textual.binding import Binding, BindingType
from textual.widgets import Button

from tui_chat.ui.shared.dialog import Dialog

AnswerT = TypeVar("AnswerT")


class ButtonDialog(Dialog[AnswerT]):
    """Moves among its buttons with the arrows; Enter presses the one with the focus, and the key row says so."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "press", "Choose", priority=True),
        Binding("left,up", "app.focus_previous", show=False),
        Binding("right,down", "app.focus_next", show=False),
    ]

    def action_press(self) -> None:
        """Press the button that has the focus."""
        if isinstance(self.focused, Button):
            self.focused.press()
