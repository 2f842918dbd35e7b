"""A folder, asked for in the middle of the screen."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from tui_chat.ui.shared.key_bar import KeyBar
from tui_chat.ui.shared.path_field import PathField


class _Folder(PathField):
    """A path whose key row says what Enter does."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "submit", "Save there")]


class FolderDialog(ModalScreen[Path | None]):
    """Takes a folder that is there; Esc takes none."""

    CSS_PATH = "folder_dialog.tcss"
    AUTO_FOCUS = "Input"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "cancel", "Cancel")]

    def __init__(self, heading: str, folder: Path) -> None:
        super().__init__()
        self._heading = heading
        self._folder = folder

    def compose(self) -> ComposeResult:
        """Yield the path, and room for what is wrong with it."""
        with Vertical(id="dialog") as dialog:
            dialog.border_title = self._heading
            yield _Folder(str(self._folder))
            yield Static(id="problem", markup=False)
            yield KeyBar()

    @on(Input.Submitted)
    def _take(self, event: Input.Submitted) -> None:
        folder = Path(event.value.strip()).expanduser()
        if event.value.strip() and folder.is_dir():
            self.dismiss(folder)
        else:
            self.query_one("#problem", Static).update("No such folder.")

    def action_cancel(self) -> None:
        """Take no folder."""
        self.dismiss(None)
