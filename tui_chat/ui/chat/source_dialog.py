"""The sources of a reply, to open one: its address is read before anything is opened."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from tui_chat.chat.citations import Source
from tui_chat.text import clean_line
from tui_chat.ui.shared.browser import open_address
from tui_chat.ui.shared.clipboard import copy
from tui_chat.ui.shared.dialog import Dialog


class SourceList(OptionList):
    """The sources, one of them chosen."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "select", "Open in the browser")]


class SourceDialog(Dialog[None]):
    """Lists the sources with their whole addresses; Enter opens one in the browser."""

    CSS_PATH = "source_dialog.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("c", "copy", "Copy the address"),
        Binding("escape", "cancel", "Close"),
    ]

    heading = "Sources"

    def __init__(self, sources: Sequence[Source], number: int = 1) -> None:
        super().__init__()
        self._sources = sources
        self._number = number

    def compose_body(self) -> ComposeResult:
        """Yield the sources."""
        yield SourceList(*(Option(_described(source)) for source in self._sources), compact=True)

    def on_mount(self) -> None:
        """Choose the source that was asked for."""
        self._list.highlighted = min(max(self._number, 1), len(self._sources)) - 1

    @property
    def _list(self) -> SourceList:
        return self.query_one(SourceList)

    @property
    def _chosen(self) -> Source:
        return self._sources[self._list.highlighted or 0]

    @on(OptionList.OptionSelected)
    def _open(self) -> None:
        if self._chosen.address:
            self.dismiss()
            open_address(self.app, self._chosen.address)
        else:
            self.notify("This is a file of the conversation: it has no address.", timeout=4)

    def action_copy(self) -> None:
        """Copy the address of the chosen source, or the title of a file."""
        if self._chosen.address:
            copy(self.app, self._chosen.address, "the address")
        else:
            copy(self.app, self._chosen.title, "the title")


def _described(source: Source) -> Content:
    """Return what is said of a source; none of it is markup."""
    first, *below = map(clean_line, source.lines)
    return Content.assemble((first, "bold"), *(f"\n    {line}" for line in below))
