"""A dialog that finds by typing: a field above, what was found below it."""

from __future__ import annotations

from abc import abstractmethod
from asyncio import TimerHandle
from collections.abc import Iterable
from typing import Any, ClassVar, Generic

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Input, Static

from tui_chat.records import dataclass
from tui_chat.text import clean_line
from tui_chat.ui.look.keys import bound
from tui_chat.ui.shared.key_bar import MORE, KeyBar
from tui_chat.ui.shared.line_input import LineInput
from tui_chat.ui.shared.row_list import RowList
from tui_chat.ui.shared.search_result import ItemT, SearchResult
from tui_chat.ui.textual_internals.delays import call_after
from tui_chat.ui.textual_internals.layout import FreshLayout

SEARCH_AFTER_S = 0.1
"""The pause in typing after which the text is searched for."""


class SearchDialog(FreshLayout, ModalScreen[str | None], Generic[ItemT]):
    """Searches in the background; what is done with what was found waits until it is what was asked for."""

    AUTO_FOCUS = "#filter"
    VERTICAL_BREAKPOINTS = [(0, "-flat"), (18, "-tall")]  # noqa: RUF012 - Textual declares it so
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "Close"),
        bound("help", MORE, "More"),
        Binding("up", "choose(-1)", show=False),
        Binding("down", "choose(1)", show=False),
        Binding("pageup", "choose_page(-1)", show=False),
        Binding("pagedown", "choose_page(1)", show=False),
        Binding("ctrl+home", "choose(-1000000)", show=False),
        Binding("ctrl+end", "choose(1000000)", show=False),
    ]

    @dataclass
    class Searched(Message):
        """A search has ended."""

        number: int
        found: SearchResult[Any]

    def __init__(self, rows: RowList[ItemT], field: LineInput, heading: str) -> None:
        super().__init__()
        self.rows = rows
        self.field = field
        self._heading = heading
        self._typing: TimerHandle | None = None
        self._asked = 0
        """The number of the last search that was begun."""
        self._answered = 0
        """The number of the last one whose result was taken."""
        self._then = ""
        """The action that waits for the search to end."""

    @abstractmethod
    def find(self, query: str) -> SearchResult[ItemT]:
        """Search; called in a thread."""

    @abstractmethod
    def take(self, item: ItemT) -> None:
        """Do what the dialog is for with the chosen one."""

    @abstractmethod
    def nothing(self, query: str) -> str:
        """Return the words for an empty result."""

    def compose(self) -> ComposeResult:
        """Yield the field, and the rows below it."""
        with Vertical(id="panel") as panel:
            panel.border_title = self._heading
            yield self.field
            yield from self.compose_more()
            yield self.rows
            yield Static(id="nothing", markup=False)
            yield KeyBar()

    def compose_more(self) -> Iterable[Widget]:
        """Return the widgets between the field and the rows."""
        return ()

    def on_mount(self) -> None:
        """Begin with all there is."""
        self.search()

    # -- searching

    def search(self) -> None:
        """Search for what is in the field."""
        self._asked += 1
        self._search(self._asked, self.field.value)

    def is_found(self, then: str) -> bool:
        """True if what is shown is what was asked for; if not yet, this action follows when it is."""
        if self._is_current:
            return True
        self._then = then
        self.search()
        return False

    @property
    def _is_current(self) -> bool:
        """True if what is shown is what is in the field."""
        return self.rows.found.query == self.field.value

    @on(Input.Changed, "#filter")
    def _search_soon(self) -> None:
        if self._typing is not None:
            self._typing.cancel()
        self._typing = call_after(SEARCH_AFTER_S, self, self.search)

    @work(thread=True, exclusive=True, group="search", description="search for what was typed")
    def _search(self, number: int, query: str) -> None:
        self.post_message(self.Searched(number, self.find(query)))

    @on(Searched)
    async def _take(self, event: Searched) -> None:
        """Show what was found, unless something else is in the field by now, or a later search is under way."""
        if event.number != self._asked:
            return
        self._answered = event.number
        if event.found.query != self.field.value:
            return
        self.show(event.found)
        then, self._then = self._then, ""
        if then:
            await self.run_action(then)

    def show(self, found: SearchResult[ItemT], chosen: int = 0) -> None:
        """Show what was found."""
        self.rows.show(found, chosen)
        nothing = self.query_one("#nothing", Static)
        nothing.display, self.rows.display = not found.items, bool(found.items)
        nothing.update(self.nothing(clean_line(found.query)))
        self.refresh_bindings()

    def show_changed(self, found: SearchResult[ItemT], chosen: int = 0) -> None:
        """Show what was found and has changed since; a search under way began before that, and begins again."""
        self.show(found, chosen)
        if self._answered != self._asked:
            self.search()

    # -- what the keys do

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to take what was found, or what is still searched for."""
        return action != "take" or self.rows.item is not None or not self._is_current

    @on(RowList.Picked)
    def action_take(self) -> None:
        """Take the chosen one."""
        if self.is_found("take") and self.rows.item is not None:
            self.take(self.rows.item)

    def action_choose(self, step: int) -> None:
        """Choose another row."""
        self.rows.choose(step)

    def action_choose_page(self, pages: int) -> None:
        """Choose one that is a page away."""
        self.action_choose(pages * self.rows.page)

    def action_more_keys(self) -> None:
        """Show the keys for which there was no room."""
        self.query_one(KeyBar).page += 1

    def action_close(self) -> None:
        """Leave it."""
        self.dismiss(None)
