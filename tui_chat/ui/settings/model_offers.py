"""The models that the provider offers, as the values of a setting."""

from __future__ import annotations

from tui_chat.providers import ModelList
from tui_chat.ui.settings.editors import Offer, Offers
from tui_chat.ui.shared.model_facts import about_model


def model_offers(known: ModelList) -> Offers:
    """Return the models that are known; any other id can be typed."""
    usual = Offer("", "the provider's usual one")
    return Offers((usual, *(Offer(model.id, about_model(model)) for model in known.models)), open=True)
