"""Asking for the name of something new."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input

from tui_chat.settings import SettingsError
from tui_chat.text import clean_line
from tui_chat.ui.shared.dialog import Dialog
from tui_chat.ui.shared.line_input import LineInput


class _Name(LineInput):
    """A line whose key row says what Enter does."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "submit", "Write it")]


class NameDialog(Dialog[str | None]):
    """Takes a name that is allowed; Esc takes none."""

    AUTO_FOCUS = "Input"

    def __init__(self, heading: str, check: Callable[[str], object]) -> None:
        """Keep `check`, which raises `SettingsError` for a name that is not allowed."""
        super().__init__()
        self.heading = clean_line(heading)
        self._check = check

    def compose_body(self) -> ComposeResult:
        """Yield the line."""
        yield _Name(placeholder="Its name")

    @on(Input.Submitted)
    def _take(self, event: Input.Submitted) -> None:
        try:
            self._check(event.value.strip())
        except SettingsError as error:
            self.say(str(error), problem=True)
        else:
            self.dismiss(event.value.strip())
