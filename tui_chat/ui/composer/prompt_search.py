"""Searching what was asked before, in all conversations, as one searches a shell's history."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.segment import Segment
from textual.binding import Binding, BindingType

from tui_chat.storage import Store
from tui_chat.ui.shared.line_input import LineInput
from tui_chat.ui.shared.row_list import RowList
from tui_chat.ui.shared.search_dialog import SearchDialog
from tui_chat.ui.shared.search_result import SearchResult

MOST_PROMPTS = 500


class PromptList(RowList[str]):
    """A line for each prompt."""

    ROW_HEIGHT = 1

    def draw(self, item: str, width: int) -> Sequence[Sequence[Segment]]:
        """Return as much of the prompt as fits, with the searched words marked."""
        return [self.excerpt(item, width, "text")]


class PromptFilter(LineInput):
    """The field that filters them."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "screen.take", "To the composer"),
        Binding("ctrl+r", "screen.choose(1)", "Earlier"),
    ]


class PromptSearchScreen(SearchDialog[str]):
    """Earlier prompts, the last one first; it is dismissed with the one to put into the composer."""

    CSS_PATH: ClassVar = ["../shared/row_list.tcss", "../shared/search_dialog.tcss", "prompt_search.tcss"]

    def __init__(self, store: Store) -> None:
        field = PromptFilter(placeholder="Type to search earlier prompts", id="filter")
        super().__init__(PromptList(), field, "Earlier prompts")
        self._store = store

    def find(self, query: str) -> SearchResult[str]:
        """Return the last prompts that have the query's words."""
        return SearchResult(query, self._store.prompts(MOST_PROMPTS, query))

    def nothing(self, query: str) -> str:
        """Return the words for an empty result."""
        return f"No prompts match “{query}”." if query else "No earlier prompts yet."

    def take(self, item: str) -> None:
        """Leave with a prompt."""
        self.dismiss(item)
