"""Searching the web for a reply: who does, and the sentence where nobody does."""

from __future__ import annotations

from tui_chat.program.provider_choice import ProviderChoice
from tui_chat.providers import has_web_search
from tui_chat.services import service
from tui_chat.settings.schema import Provider
from tui_chat.text import clean_line


def can_search(provider: ProviderChoice, model: str) -> bool:
    """True if the provider searches the web for a reply of this model, or may: a gateway has names of its own."""
    known = service(provider.name)
    if provider.asks_own_server:
        return known.has_gateways
    return has_web_search(provider.name, model)


def no_search_sentence(provider: ProviderChoice, model: str, settings: Provider) -> str:
    """Return that the reply comes without the search that is wanted; "" if it does not."""
    if not settings.web_search or not model or can_search(provider, model):
        return ""
    name = provider.config.display_name
    return f"Web search is on, but {clean_line(model)} at {name} has none: replies come without it."
