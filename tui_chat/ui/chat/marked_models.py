"""Marking several models: to compare them from the next prompt on, or to ask them beside those that have answered."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import ClassVar

from textual.binding import Binding, BindingType

from tui_chat.program.contenders import contenders
from tui_chat.program.model_offer import ModelOffer
from tui_chat.records import replace
from tui_chat.settings import Value
from tui_chat.ui.chat.model_picker import WHOSE, AnyModel
from tui_chat.ui.chat.model_variant import variant_choices, variant_form
from tui_chat.ui.chat.own_choices import choose, make_default
from tui_chat.ui.chat.session import ConversationSession
from tui_chat.ui.shared.background import begin
from tui_chat.ui.shared.line_input import LineInput
from tui_chat.ui.shared.search_result import SearchResult

_MARK = Binding("tab", "screen.toggle_mark", "Compare")
_VARY = Binding("ctrl+o", "screen.vary", "Own settings")


class ModelChoiceFilter(LineInput):
    """The field above the models for a conversation."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "screen.take", "Choose"),
        _MARK,
        _VARY,
        Binding("ctrl+b", "screen.toggle_blind", "Hide names"),
        Binding("ctrl+s", "screen.make_default", "Default too"),
        Binding("ctrl+t", "screen.toggle_favourite", "Favourite"),
    ]


class MoreModelsFilter(LineInput):
    """The field above the models that are asked beside others."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "screen.take", "Ask"),
        Binding("tab", "screen.toggle_mark", "Several"),
        _VARY,
        Binding("ctrl+t", "screen.toggle_favourite", "Favourite"),
    ]


class MarkedModels(AnyModel):
    """The models of all providers, some of them marked; one may be there more than once, with settings of its own."""

    def __init__(self, session: ConversationSession, field: LineInput, heading: str) -> None:
        self._variants: list[ModelOffer] = []
        super().__init__(session, field, heading)
        self.marked: Mapping[str, ModelOffer] = {}
        """Those that are marked, by their keys, in the order of the marking."""

    @property
    def about_marked(self) -> str:
        """The sentence on what is marked; "" where nothing is."""
        return ""

    def find(self, query: str) -> SearchResult[ModelOffer]:
        """The models that have the query's words, each with its variants below it."""
        found = super().find(query)
        return replace(found, items=[each for offer in found.items for each in (offer, *self._variants_of(offer))])

    def action_toggle_mark(self) -> None:
        """Mark the chosen model, or no longer; the next one is chosen then."""
        if not (self.is_found("toggle_mark") and (offer := self.rows.item) is not None):
            return
        left = {key: marked for key, marked in self.marked.items() if key != offer.key}
        self._mark(left if offer.key in self.marked else {**left, offer.key: offer})
        self.rows.choose(1)

    def action_vary(self) -> None:
        """Mark the chosen model with a persona, thinking or a temperature of its own."""
        if self.is_found("vary") and (offer := self.rows.item) is not None:
            plain = replace(offer, own={}, number=1)
            form = variant_form(plain, self._session.program.settings.folder)
            self.app.push_screen(form, partial(self._add_variant, plain))

    def show_below(self, sentence: str) -> None:
        """Say something below the rows, unless there is something to say of what is marked."""
        super().show_below(self.about_marked or sentence)

    def _add_variant(self, plain: ModelOffer, values: Mapping[str, str] | None) -> None:
        if values is None:
            return
        variant = replace(plain, own=variant_choices(values))
        while variant.key in self.marked:
            variant = replace(variant, number=variant.number + 1)
        if variant.key not in (plain.key, *(each.key for each in self._variants)):
            self._variants.append(variant)
        self._mark({**self.marked, variant.key: variant})

    def _mark(self, marked: Mapping[str, ModelOffer]) -> None:
        self.marked = marked
        self.offer_rows.marked = tuple(marked)
        self.show_again()
        self.show_below(WHOSE)

    def _variants_of(self, offer: ModelOffer) -> Sequence[ModelOffer]:
        return [each for each in self._variants if replace(each, own={}, number=1).key == offer.key]


class ModelChoice(MarkedModels):
    """The models for the conversation that is looked at, or as the default too."""

    def __init__(self, session: ConversationSession) -> None:
        field = ModelChoiceFilter(placeholder="Type to search", id="filter")
        super().__init__(session, field, "Model for this conversation")
        self._blind = False

    @property
    def about_marked(self) -> str:
        """The sentence on what is marked."""
        if len(self.marked) < 2:
            return "Mark another one to compare." if self.marked else ""
        hidden = ", names hidden" if self._blind else ""
        return f"Compare {len(self.marked)}{hidden} · Enter"

    def take(self, item: ModelOffer) -> None:
        """Let the conversation use this model; or compare those that are marked."""
        compared = contenders([marked.choices for marked in self.marked.values()]) if len(self.marked) > 1 else ()
        begin(self.app, partial(self._session.compare, compared, blind=self._blind), "comparing")
        if not compared:
            choose(self.app, self._session, next(iter(self.marked.values()), item).choices)
        super().take(item)

    def action_toggle_blind(self) -> None:
        """Hide the names of those that are compared until one is chosen, or no longer."""
        self._blind = not self._blind
        self.show_below(WHOSE)

    def action_make_default(self) -> None:
        """Let the conversation use the chosen model, and all new ones too."""
        if self.is_found("make_default") and (offer := self.rows.item) is not None:
            self.take(offer)
            make_default(self.app, self._session.program, offer)


class MoreModels(MarkedModels):
    """The models that can be asked beside those that have answered: one, or all that are marked."""

    def __init__(self, session: ConversationSession, ask: Callable[[Sequence[Mapping[str, Value]]], None]) -> None:
        field = MoreModelsFilter(placeholder="Type to search", id="filter")
        super().__init__(session, field, "More models for this prompt")
        self._ask_these = ask

    @property
    def about_marked(self) -> str:
        """The sentence on what is marked."""
        return f"Ask {len(self.marked)} more · Enter" if self.marked else ""

    def take(self, item: ModelOffer) -> None:
        """Ask it, or those that are marked."""
        self._ask_these([each.choices for each in self.marked.values()] or [item.choices])
        super().take(item)
