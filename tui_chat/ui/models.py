"""The models that the provider offers, as a list to choose from."""

from __future__ import annotations

from tui_chat.chat.models import Model
from tui_chat.ui.widgets.setting_editors import Offer, Offers
from tui_chat.wiring import Program


def model_offers(program: Program) -> Offers:
    """The models that are known without asking; any other id can be typed."""
    known = program.model_cache().known(program.provider_config()).models
    usual = Offer("", "the provider's usual one")
    return Offers((usual, *(Offer(model.id, about_model(model)) for model in known)), open=True)


def about_model(model: Model) -> str:
    """What there is to know about a model when one chooses: its name, its context, its price."""
    facts = [model.name] if model.name and model.name != model.id else []
    if model.context_window:
        facts.append(f"{model.context_window // 1000:,}k context")
    if model.price:
        facts.append(f"${model.price.input:g} in, ${model.price.output:g} out")
    if model.deprecated:
        facts.append(f"goes on {model.retires}" if model.retires else "deprecated")
    return " · ".join(facts)
