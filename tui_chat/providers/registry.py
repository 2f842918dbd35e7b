"""The providers by name: one file and one line here for each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches

from tui_chat.chat.protocols import StreamingProvider
from tui_chat.providers.anthropic import AnthropicProvider
from tui_chat.providers.config import ProviderConfig
from tui_chat.providers.loading import begin_import, begin_tls


@dataclass(frozen=True, slots=True)
class Entry:
    """One provider."""

    make: Callable[[ProviderConfig], StreamingProvider]
    sdk: str
    """The module of the vendor's SDK."""
    default_model: str


PROVIDERS = {
    "anthropic": Entry(AnthropicProvider, "anthropic", "claude-sonnet-5-5"),
    "demo": Entry(AnthropicProvider, "anthropic", "demo"),
    "local": Entry(AnthropicProvider, "anthropic", "smollm2-135m-instruct"),
}


def create_provider(config: ProviderConfig) -> StreamingProvider:
    """The provider of that name."""
    return _entry(config.name).make(config)


def preload(name: str) -> None:
    """Begin, in the background, the one import that this provider's first reply will wait for."""
    begin_import(_entry(name).sdk)
    begin_tls()


def default_model(name: str) -> str:
    """The model that is asked where none is chosen."""
    return _entry(name).default_model


def _entry(name: str) -> Entry:
    if name in PROVIDERS:
        return PROVIDERS[name]
    near = get_close_matches(name, PROVIDERS, n=1)
    hint = f"did you mean {near[0]}?" if near else "there are " + ", ".join(PROVIDERS)
    raise ValueError(f"no provider is called {name!r}: {hint}")
