"""A dialog: a box in the middle of the dimmed screen, with its title, what it asks, what it says and its keys."""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar, TypeVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from tui_chat.text import clean
from tui_chat.ui.shared.key_bar import KeyBar
from tui_chat.ui.textual_internals.layout import FreshLayout

ResultT = TypeVar("ResultT")


class Dialog(FreshLayout, ModalScreen[ResultT]):
    """Is dismissed with what was entered; with nothing by Esc."""

    VERTICAL_BREAKPOINTS = [(0, "-flat"), (18, "-tall")]  # noqa: RUF012 - Textual declares it so
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "cancel", "Cancel")]

    heading = ""
    """The title in the border."""

    def compose(self) -> ComposeResult:
        """Yield what it asks, the line for what it says, and the keys."""
        with Vertical(id="dialog") as dialog:
            dialog.border_title = Content(self.heading)
            yield from self.compose_body()
            yield Static(id="said", markup=False)
            yield KeyBar()

    @abstractmethod
    def compose_body(self) -> ComposeResult:
        """Yield what it asks."""

    def say(self, sentence: str, *, problem: bool = False) -> None:
        """Say what is wrong with what was entered, or how far it is, above the keys."""
        said = self.query_one("#said", Static)
        said.set_class(problem, "-problem")
        said.set_class(bool(sentence), "-said")
        said.update(clean(sentence))

    def action_cancel(self) -> None:
        """Leave everything as it is."""
        self.dismiss()
