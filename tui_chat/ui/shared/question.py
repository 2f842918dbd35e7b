"""A question that is asked before something is done that cannot be taken back."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import Button, Static

from tui_chat.ui.shared.button_dialog import ButtonDialog


class Question(ButtonDialog[bool]):
    """Yes or no; Esc is no."""

    AUTO_FOCUS = "#no"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "answer(False)", "No"),
    ]

    def __init__(self, question: str, *, yes: str, no: str = "Leave it") -> None:
        super().__init__()
        self._question = question
        self._yes = yes
        self._no = no

    def compose_body(self) -> ComposeResult:
        """Yield the question and the two answers."""
        yield Static(self._question, markup=False)
        with Horizontal(id="answers"):
            yield Button(self._yes, id="yes", variant="warning", compact=True)
            yield Button(self._no, id="no", compact=True)

    @on(Button.Pressed)
    def _answer(self, event: Button.Pressed) -> None:
        self.dismiss(event.button.id == "yes")

    def action_answer(self, answer: bool) -> None:
        """Answer it."""
        self.dismiss(answer)
