"""Searching what was asked before, in all conversations, as one searches a shell's history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.screen import ModalScreen
from textual.timer import Timer
from textual.widgets import Footer, Input, Static

from tui_chat.storage import Store
from tui_chat.text import clean_line
from tui_chat.ui.widgets.line_input import LineInput
from tui_chat.ui.widgets.row_list import RowList, excerpt, marked

SEARCH_AFTER_S = 0.1
"""How long typing must rest before it is searched for what was typed."""
MOST_PROMPTS = 500


@dataclass(frozen=True)
class Prompts:
    """The prompts that have a query's words, the last one first."""

    query: str = ""
    texts: Sequence[str] = ()


class PromptList(RowList):
    """A line for each prompt."""

    ROW_HEIGHT = 1

    def __init__(self) -> None:
        super().__init__()
        self._prompts = Prompts()

    @property
    def prompt(self) -> str | None:
        """The one that the keys act on."""
        return self._prompts.texts[self.chosen] if self.chosen >= 0 else None

    def show_prompts(self, prompts: Prompts) -> None:
        """Show what was found."""
        self._prompts = prompts
        self.show(len(prompts.texts))

    def draw(self, index: int, width: int) -> Sequence[Sequence[Segment]]:
        """As much of the prompt as fits, with what was searched for."""
        words = self._prompts.query.split()
        shown = excerpt(self._prompts.texts[index], words, width)
        return [marked(shown, words, self.style("text"), self.style("hit"))]


class PromptSearchScreen(ModalScreen[str | None]):
    """Earlier prompts; it is dismissed with the one to put into the composer."""

    CSS_PATH: ClassVar = ["../widgets/row_list.tcss", "prompt_search.tcss"]
    AUTO_FOCUS = "LineInput"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "take", "To the composer", priority=True),
        Binding("ctrl+r", "choose(1)", "Earlier", priority=True),
        Binding("escape", "close", "Close", priority=True),
        Binding("down", "choose(1)", show=False),
        Binding("up", "choose(-1)", show=False),
        Binding("pagedown", "choose_page(1)", show=False),
        Binding("pageup", "choose_page(-1)", show=False),
        Binding("ctrl+home", "choose(-1000000)", show=False),
        Binding("ctrl+end", "choose(1000000)", show=False),
    ]

    @dataclass
    class Searched(Message):
        """A search has ended."""

        prompts: Prompts

    def __init__(self, store: Store) -> None:
        super().__init__()
        self._store = store
        self._typing: Timer | None = None

    def compose(self) -> ComposeResult:
        """The field above, the prompts below it."""
        with Vertical(id="panel") as panel:
            panel.border_title = "Earlier prompts"
            yield LineInput(placeholder="Type to search what you asked before")
            yield PromptList()
            yield Static(id="nothing", markup=False)
            yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        """Begin with the last ones."""
        self._search("")

    @on(Input.Changed)
    def _search_soon(self, event: Input.Changed) -> None:
        if self._typing is not None:
            self._typing.stop()
        self._typing = self.set_timer(SEARCH_AFTER_S, lambda: self._search(event.value))

    @work(thread=True, exclusive=True, exit_on_error=False, group="prompts", description="search prompts")
    def _search(self, query: str) -> None:
        self.post_message(self.Searched(Prompts(query, self._store.prompts(MOST_PROMPTS, query))))

    @on(Searched)
    def _show(self, event: Searched) -> None:
        """Show what was found, unless something else is in the field by now."""
        prompts = event.prompts
        if prompts.query != self.query_one(LineInput).value:
            return
        self._list.show_prompts(prompts)
        nothing = self.query_one("#nothing", Static)
        nothing.display, self._list.display = not prompts.texts, bool(prompts.texts)
        query = clean_line(prompts.query)
        nothing.update(f"No prompt has “{query}” in it." if query else "You have not asked anything yet.")

    def action_choose(self, step: int) -> None:
        """Choose another prompt."""
        self._list.choose(step)

    def action_choose_page(self, pages: int) -> None:
        """Choose one that is a page away."""
        self._list.choose(pages * self._list.page)

    @on(RowList.Picked)
    def action_take(self) -> None:
        """Take the chosen one."""
        if self._list.prompt is not None:
            self.dismiss(self._list.prompt)

    def action_close(self) -> None:
        """Take none."""
        self.dismiss(None)

    @property
    def _list(self) -> PromptList:
        return self.query_one(PromptList)
