"""Choosing a model: one of those that a server offers, or of those of all providers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from rich.segment import Segment
from textual import work
from textual.binding import Binding, BindingType

from tui_chat.chat.models import Model
from tui_chat.program.all_models import AllModels
from tui_chat.program.contenders import own_words
from tui_chat.program.model_offer import ModelOffer
from tui_chat.settings import SettingsError
from tui_chat.text import cell_len, clean_line, fit
from tui_chat.ui.chat.session import ConversationSession
from tui_chat.ui.shared.line_input import LineInput
from tui_chat.ui.shared.model_facts import about_model
from tui_chat.ui.shared.row_list import RowList, spread
from tui_chat.ui.shared.search_dialog import SearchDialog
from tui_chat.ui.shared.search_result import SearchResult

FAVOURITE = "★ "
MARKED = "● "
IN_USE = "in use · "
WHOSE = "Providers whose key is missing are not listed."


class OfferRows(RowList[ModelOffer]):
    """Two lines for each model: its id, and what there is to know about it."""

    def __init__(self) -> None:
        super().__init__()
        self.favourites: Sequence[str] = ()
        """The models that are marked."""
        self.in_use = ""
        """The model that the conversation asks."""
        self.marked: Sequence[str] = ()
        """Those that are to be compared."""

    def draw(self, item: ModelOffer, width: int) -> Sequence[Sequence[Segment]]:
        """The model's id with what was searched for, and its facts."""
        used = IN_USE if item.key == self.in_use else ""
        mark = (MARKED if item.key in self.marked else "") + (FAVOURITE if item.key in self.favourites else "")
        name = " · ".join((item.model.id, *own_words(item.own))) + (f" ({item.number})" if item.number > 1 else "")
        right = fit(f"  {used}{item.title}", max(width - cell_len(clean_line(name)) - cell_len(mark), 0))
        room = width - cell_len(right + mark)
        title = [Segment(mark, self.style("mark")), *self.excerpt(name, room, "title")]
        facts = " · ".join((about_model(item.model, item.address), *item.abilities))
        return [spread(title, [Segment(right, self.style("meta"))], width), self.excerpt(facts, width, "meta")]


class ModelFilter(LineInput):
    """The field that filters them."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "screen.take", "Choose")]


class ModelPicker(SearchDialog[ModelOffer]):
    """The models that there are; it is dismissed with the id of the chosen one."""

    CSS_PATH: ClassVar = ["../shared/row_list.tcss", "../shared/search_dialog.tcss"]

    def __init__(
        self,
        offers: Sequence[ModelOffer],
        field: LineInput | None = None,
        heading: str = "Choose a model for your prompt",
    ) -> None:
        self.offer_rows = OfferRows()
        field = field or ModelFilter(placeholder="Type to search", id="filter")
        super().__init__(self.offer_rows, field, heading)
        self.offers = offers

    def find(self, query: str) -> SearchResult[ModelOffer]:
        """The models that have the query's words, the favourites first."""
        words, favourites = query.lower().split(), self.offer_rows.favourites
        found = [offer for offer in self.offers if all(word in _searched(offer) for word in words)]
        return SearchResult(query, sorted(found, key=lambda offer: offer.key not in favourites))

    def nothing(self, query: str) -> str:
        """Say that there is none."""
        return f"No matches for “{query}”."

    def take(self, item: ModelOffer) -> None:
        """Leave with a model."""
        self.dismiss(item.model.id)


class AnyModelFilter(LineInput):
    """The field above all models, with what can be done with the one that is chosen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "screen.take", "Choose"),
        Binding("ctrl+t", "screen.toggle_favourite", "Favourite"),
    ]


class AnyModel(ModelPicker):
    """The models of all providers, which are asked meanwhile."""

    def __init__(self, session: ConversationSession, field: LineInput, heading: str) -> None:
        self._models = AllModels(session.program, session.conversation.id)
        super().__init__(self._models.known(), field, heading)
        self._session = session
        parts = session.parts
        self.offer_rows.in_use = parts.offer(Model(parts.provider.model)).key
        self.offer_rows.favourites = session.program.settings.now.ui.favourite_models

    def on_mount(self) -> None:
        """Show what is known, and ask meanwhile."""
        super().on_mount()
        self.show_below(WHOSE)
        self._ask()
        self._look()

    def action_toggle_favourite(self) -> None:
        """Put the chosen model among the favourites, or take it out."""
        if not (self.is_found("toggle_favourite") and (offer := self.rows.item) is not None):
            return
        kept = tuple(key for key in self.offer_rows.favourites if key != offer.key)
        favourites = kept if offer.key in self.offer_rows.favourites else (*kept, offer.key)
        self.offer_rows.favourites = favourites
        try:
            self._session.program.settings.set("ui.favourite_models", favourites)
        except SettingsError as error:
            self.notify(clean_line(str(error)), severity="error", markup=False)
        self.show_again()

    @work(group="asking", exclusive=True, description="ask the providers which models they offer")
    async def _ask(self) -> None:
        problems: list[str] = []
        async for problem in self._models.ask():
            problems += [problem] if problem else []
            self.show_below(" ".join(problems) or WHOSE)
            self._show_news()

    @work(group="looking", exclusive=True, description="look for servers on this machine")
    async def _look(self) -> None:
        await self._models.look()
        self._show_news()

    def _show_news(self) -> None:
        if (now := self._models.known()) != self.offers:
            self.offers = now
            self.show_again()

    def show_below(self, sentence: str) -> None:
        """Say something below the rows."""
        self.query_one("#panel").border_subtitle = clean_line(sentence).replace("[", "\\[")

    def show_again(self) -> None:
        """Show what is found now, with the same model chosen."""
        found, item = self.find(self.field.value), self.rows.item
        keys = [offer.key for offer in found.items]
        self.show_changed(found, keys.index(item.key) if item is not None and item.key in keys else 0)


class ModelFor(AnyModel):
    """The models of all providers, one of which is to do something beside the conversation's own."""

    def __init__(self, session: ConversationSession, heading: str, then: Callable[[ModelOffer], None]) -> None:
        super().__init__(session, AnyModelFilter(placeholder="Type to search", id="filter"), heading)
        self._use = then

    def take(self, item: ModelOffer) -> None:
        """Let it do that."""
        self._use(item)
        super().take(item)


def _searched(offer: ModelOffer) -> str:
    """Return what the words of a query are looked for in."""
    return f"{offer.provider} {offer.title} {offer.model.id} {offer.model.name}".lower()
