"""Asking for the name of something new."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from tui_chat.settings import SettingsError
from tui_chat.text import clean_line
from tui_chat.ui.shared.key_bar import KeyBar
from tui_chat.ui.shared.line_input import LineInput


class _Name(LineInput):
    """A line whose key row says what Enter does."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "submit", "Write it")]


class NameDialog(ModalScreen[str | None]):
    """Takes a name that is allowed; Esc takes none."""

    CSS_PATH = "name_dialog.tcss"
    AUTO_FOCUS = "Input"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "cancel", "Cancel")]

    def __init__(self, heading: str, check: Callable[[str], object]) -> None:
        """Keep `check`, which raises `SettingsError` for a name that is not allowed."""
        super().__init__()
        self._heading = heading
        self._check = check

    def compose(self) -> ComposeResult:
        """Yield the line, and room for what is wrong with it."""
        with Vertical(id="dialog") as dialog:
            dialog.border_title = self._heading
            yield _Name(placeholder="Its name")
            yield Static(id="problem", markup=False)
            yield KeyBar()

    @on(Input.Submitted)
    def _take(self, event: Input.Submitted) -> None:
        try:
            self._check(event.value.strip())
        except SettingsError as error:
            self.query_one("#problem", Static).update(clean_line(str(error)))
        else:
            self.dismiss(event.value.strip())

    def action_cancel(self) -> None:
        """Take no name."""
        self.dismiss(None)
