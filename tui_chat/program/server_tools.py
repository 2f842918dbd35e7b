"""The tools that a provider runs itself: who has them, and the sentence where one that is wanted is missing."""

from __future__ import annotations

from tui_chat.program.provider_choice import ProviderChoice
from tui_chat.providers import has_web_search, runs_code
from tui_chat.services import service
from tui_chat.settings.schema import Provider
from tui_chat.text import clean_line


def can_search(provider: ProviderChoice, model: str) -> bool:
    """True if the provider searches the web for a reply of this model, or may: a gateway has names of its own."""
    if provider.asks_own_server:
        return service(provider.name).has_gateways
    return has_web_search(provider.name, model)


def can_run_code(provider: ProviderChoice, model: str) -> bool:
    """True if the provider runs code for a reply of this model, or may."""
    if provider.asks_own_server:
        return service(provider.name).has_gateways
    return runs_code(provider.name, model)


def missing_tools(provider: ProviderChoice, model: str, settings: Provider) -> str:
    """Return that the reply comes without a tool that is wanted; "" if it has all of them."""
    if not model:
        return ""
    missing = [
        tool
        for tool, wanted, there in (
            ("web search", settings.web_search, can_search(provider, model)),
            ("code execution", settings.code_execution, can_run_code(provider, model)),
        )
        if wanted and not there
    ]
    if not missing:
        return ""
    tools, verb = " and ".join(missing), "are" if len(missing) > 1 else "is"
    name = provider.config.display_name
    return f"{tools.capitalize()} {verb} on, but {clean_line(model)} at {name} has none: replies come without."
