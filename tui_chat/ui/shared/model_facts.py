"""The facts about models for the user who chooses one."""

from __future__ import annotations

from tui_chat.chat.message import utc_now
from tui_chat.chat.models import Model, Price
from tui_chat.providers import ModelList
from tui_chat.text.amounts import tokens
from tui_chat.ui.shared.times import ago


def about_model(model: Model, address: str = "") -> str:
    """Return the facts about a model for a choice: its name, its limits, its price, its end.

    A server of one's own at an address has no price: the address is said instead.
    """
    facts = [model.name] if model.name and model.name != model.id else []
    if model.context_window:
        facts.append(f"{tokens(model.context_window)} context")
    if model.max_output:
        facts.append(f"{tokens(model.max_output)} a reply")
    facts.append(address or _price(model.price))
    return " · ".join(filter(None, (*facts, model.remark)))


def problem_with(known: ModelList) -> str:
    """Return the reason why the list may be an old one, and its age; "" if it is not."""
    if known.problem is None:
        return ""
    age = f"was told {ago(known.as_of, utc_now())}" if known.as_of else "is what this version knows"
    return f"The list {age}. {known.problem.sentence}"


def _price(price: Price | None) -> str:
    if price is None:
        return "price unknown"
    return f"${price.input:g} in, ${price.output:g} out" if price.output else "free"
