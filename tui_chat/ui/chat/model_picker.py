"""Choosing one of the models that a server offers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.segment import Segment
from textual import on
from textual.binding import Binding, BindingType
from textual.widgets import Input

from tui_chat.chat.models import Model
from tui_chat.ui.shared.line_input import LineInput
from tui_chat.ui.shared.model_facts import about_model
from tui_chat.ui.shared.row_list import RowList, SearchResult
from tui_chat.ui.shared.search_dialog import SearchDialog


class OfferedModels(RowList[Model]):
    """Two lines for each model: its id, and what there is to know about it."""

    def draw(self, item: Model, width: int) -> Sequence[Sequence[Segment]]:
        """Return the model's id and its facts, with the searched words marked."""
        return [self.excerpt(item.id, width, "title"), self.excerpt(about_model(item), width, "meta")]


class ModelFilter(LineInput):
    """The field that filters them."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "submit", "Choose")]


class ModelPicker(SearchDialog[Model]):
    """The models; it is dismissed with the id of the chosen one."""

    CSS_PATH: ClassVar = ["../shared/row_list.tcss", "../shared/search_dialog.tcss"]

    def __init__(self, models: Sequence[Model]) -> None:
        field = ModelFilter(placeholder="Type to search", id="filter")
        super().__init__(OfferedModels(), field, "Choose a model for your prompt")
        self._models = models

    def find(self, query: str) -> SearchResult[Model]:
        """Return the models that have the query's words."""
        words = query.lower().split()
        return SearchResult(query, [model for model in self._models if all(word in model.id.lower() for word in words)])

    def nothing(self, query: str) -> str:
        """Return the words for an empty result."""
        return f"No matches for “{query}”."

    @on(Input.Submitted)
    @on(RowList.Picked)
    def action_take(self) -> None:
        """Take the chosen one."""
        if self.is_found("take") and self.rows.item is not None:
            self.dismiss(self.rows.item.id)
