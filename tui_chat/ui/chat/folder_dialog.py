"""A folder, asked for in the middle of the screen."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input

from tui_chat.typed_paths import typed_path
from tui_chat.ui.shared.dialog import Dialog
from tui_chat.ui.shared.path_field import PathField


class _Folder(PathField):
    """A path whose key row says what Enter does."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "submit", "Save there")]


class FolderDialog(Dialog[Path | None]):
    """Takes a folder that is there; Esc takes none."""

    AUTO_FOCUS = "Input"

    def __init__(self, heading: str, folder: Path) -> None:
        super().__init__()
        self.heading = heading
        self._folder = folder

    def compose_body(self) -> ComposeResult:
        """Yield the path."""
        yield _Folder(str(self._folder))

    @on(Input.Submitted)
    def _take(self, event: Input.Submitted) -> None:
        folder = typed_path(event.value.strip())
        if event.value.strip() and folder.is_dir():
            self.dismiss(folder)
        else:
            self.say("No such folder.", problem=True)
