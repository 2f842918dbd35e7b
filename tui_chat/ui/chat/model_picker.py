"""Choosing a model: one of those that a server offers, or of those of all providers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import ClassVar

from rich.segment import Segment
from textual import on, work
from textual.binding import Binding, BindingType
from textual.widgets import Input

from tui_chat.chat.models import Model
from tui_chat.program.all_models import AllModels
from tui_chat.program.contenders import contenders
from tui_chat.program.model_offer import ModelOffer
from tui_chat.settings import SettingsError
from tui_chat.text import cell_len, clean_line, fit
from tui_chat.ui.chat.own_choices import choose, make_default
from tui_chat.ui.chat.session import ConversationSession
from tui_chat.ui.shared.background import begin
from tui_chat.ui.shared.line_input import LineInput
from tui_chat.ui.shared.model_facts import about_model
from tui_chat.ui.shared.row_list import RowList, SearchResult, spread
from tui_chat.ui.shared.search_dialog import SearchDialog

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
        id_width = cell_len(clean_line(item.model.id))
        right = fit(f"  {used}{item.title}", max(width - id_width - cell_len(mark), 0))
        room = width - cell_len(right + mark)
        title = [Segment(mark, self.style("mark")), *self.excerpt(item.model.id, room, "title")]
        facts = " · ".join((about_model(item.model, item.address), *item.abilities))
        return [spread(title, [Segment(right, self.style("meta"))], width), self.excerpt(facts, width, "meta")]


class ModelFilter(LineInput):
    """The field that filters them."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "submit", "Choose")]


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

    @on(Input.Submitted)
    @on(RowList.Picked)
    def action_take(self) -> None:
        """Take the chosen one."""
        if self.is_found("take") and self.rows.item is not None:
            self.take(self.rows.item)

    def take(self, offer: ModelOffer) -> None:
        """Leave with a model."""
        self.dismiss(offer.model.id)


class ModelChoiceFilter(LineInput):
    """The field above all models, with what can be done with the one that is chosen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", "Choose"),
        Binding("ctrl+s", "screen.make_default", "Default too"),
        Binding("ctrl+t", "screen.toggle_favourite", "Favourite"),
        Binding("tab", "screen.toggle_mark", "Compare"),
        Binding("ctrl+b", "screen.toggle_blind", "Hide names"),
    ]


class ModelChoice(ModelPicker):
    """The models of all providers, for the conversation that is looked at, or as the default too."""

    def __init__(self, session: ConversationSession) -> None:
        self._models = AllModels(session.program, session.conversation.id)
        field = ModelChoiceFilter(placeholder="Type to search", id="filter")
        super().__init__(self._models.known(), field, "Model for this conversation")
        self._session = session
        parts = session.parts
        self.offer_rows.in_use = parts.offer(Model(parts.provider.model)).key
        self.offer_rows.favourites = session.program.settings.now.ui.favourite_models
        self._below = WHOSE
        self._marked: dict[str, ModelOffer] = {}
        self._blind = False

    def on_mount(self) -> None:
        """Show what is known, and ask meanwhile."""
        super().on_mount()
        self._show_below(WHOSE)
        self._ask()
        self._look()

    def take(self, offer: ModelOffer) -> None:
        """Let the conversation use this model; or compare those that are marked."""
        compared = contenders([marked.choices for marked in self._marked.values()]) if len(self._marked) > 1 else ()
        begin(self.app, partial(self._session.compare, compared, blind=self._blind), "comparing")
        if not compared:
            choose(self.app, self._session, next(iter(self._marked.values()), offer).choices)
        super().take(offer)

    def action_toggle_mark(self) -> None:
        """Compare the chosen model with others, or no longer; the next one is chosen then."""
        if not (self.is_found("toggle_mark") and (offer := self.rows.item) is not None):
            return
        if self._marked.pop(offer.key, None) is None:
            self._marked[offer.key] = offer
        self.offer_rows.marked = tuple(self._marked)
        self._show_again()
        self.rows.choose(1)
        self._show_below(self._below)

    def action_toggle_blind(self) -> None:
        """Hide the names of those that are compared until one is chosen, or no longer."""
        self._blind = not self._blind
        self._show_below(self._below)

    @property
    def _comparing(self) -> str:
        """The sentence on what is marked."""
        if len(self._marked) < 2:
            return "Mark another one to compare." if self._marked else ""
        hidden = ", names hidden" if self._blind else ""
        return f"Compare {len(self._marked)}{hidden} · Enter"

    def action_make_default(self) -> None:
        """Let the conversation use the chosen model, and all new ones too."""
        if self.is_found("make_default") and (offer := self.rows.item) is not None:
            self.take(offer)
            make_default(self.app, self._session.program, offer)

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
        self._show_again()

    @work(group="asking", exclusive=True, description="ask the providers which models they offer")
    async def _ask(self) -> None:
        problems: list[str] = []
        async for problem in self._models.ask():
            problems += [problem] if problem else []
            self._show_below(" ".join(problems) or WHOSE)
            self._show_news()

    @work(group="looking", exclusive=True, description="look for servers on this machine")
    async def _look(self) -> None:
        await self._models.look()
        self._show_news()

    def _show_news(self) -> None:
        if (now := self._models.known()) != self.offers:
            self.offers = now
            self._show_again()

    def _show_below(self, sentence: str) -> None:
        self._below = sentence
        self.query_one("#panel").border_subtitle = clean_line(self._comparing or sentence).replace("[", "\\[")

    def _show_again(self) -> None:
        """Show what is found now, with the same model chosen."""
        found, item = self.find(self.field.value), self.rows.item
        keys = [offer.key for offer in found.items]
        self.show_changed(found, keys.index(item.key) if item is not None and item.key in keys else 0)


class ModelFor(ModelChoice):
    """The models of all providers, one of which is to do something beside the conversation's own."""

    def __init__(self, session: ConversationSession, heading: str, then: Callable[[ModelOffer], None]) -> None:
        super().__init__(session)
        self._heading = heading
        self._use = then

    def take(self, offer: ModelOffer) -> None:
        """Let it do that."""
        self._use(offer)
        self.dismiss(offer.model.id)


def _searched(offer: ModelOffer) -> str:
    """Return what the words of a query are looked for in."""
    return f"{offer.provider} {offer.title} {offer.model.id} {offer.model.name}".lower()
