"""The providers by name: one file, and one line here, for each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import partial

from tui_chat.chat.protocols import StreamingProvider
from tui_chat.providers.anthropic import AnthropicProvider
from tui_chat.providers.catalog import catalog
from tui_chat.providers.config import ProviderConfig
from tui_chat.providers.loading import begin_import, begin_tls
from tui_chat.providers.openai import OpenAIProvider
from tui_chat.providers.simulated import SimulatedProvider


@dataclass(frozen=True, slots=True)
class Entry:
    """One provider."""

    make: Callable[[ProviderConfig], StreamingProvider]
    sdk: str
    """The module of the vendor's SDK."""


PROVIDERS: dict[str, Entry] = {
    "anthropic": Entry(AnthropicProvider, "anthropic"),
    "openai": Entry(OpenAIProvider, "openai"),
    "demo": Entry(AnthropicProvider, "anthropic"),
    "local": Entry(AnthropicProvider, "anthropic"),
    "simulated": Entry(partial(AnthropicProvider, streams=False), "anthropic"),
    "bedrock": Entry(partial(AnthropicProvider, client="AsyncAnthropicBedrock", counts=False), "anthropic"),
    "bedrock-mantle": Entry(partial(AnthropicProvider, client="AsyncAnthropicBedrockMantle"), "anthropic"),
    "aws": Entry(partial(AnthropicProvider, client="AsyncAnthropicAWS"), "anthropic"),
    "vertex": Entry(partial(AnthropicProvider, client="AsyncAnthropicVertex"), "anthropic"),
    "google-cloud": Entry(partial(AnthropicProvider, client="AsyncAnthropicGoogleCloud"), "anthropic"),
    "foundry": Entry(partial(AnthropicProvider, client="AsyncAnthropicFoundry"), "anthropic"),
}


def provider_names() -> tuple[str, ...]:
    """Every name that `create_provider` knows."""
    return tuple(PROVIDERS)


def create_provider(config: ProviderConfig) -> StreamingProvider:
    """The provider of that name; an unknown name is a ValueError that tells the nearest one."""
    provider = _entry(config.name).make(config)
    return provider if provider.streams else SimulatedProvider(provider, config.simulate_rate)


def preload(name: str) -> None:
    """Begin, in the background, what this provider's first reply will wait for; as often as one likes."""
    begin_import(_entry(name).sdk)
    begin_tls()


def default_model(name: str) -> str:
    """The model that is asked where none is chosen."""
    sdk = _entry(name).sdk
    return catalog().defaults.get(name) or catalog().defaults[sdk]


def _entry(name: str) -> Entry:
    if name in PROVIDERS:
        return PROVIDERS[name]
    near = get_close_matches(name, PROVIDERS, n=1)
    hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(PROVIDERS)}"
    raise ValueError(f"no provider is called {name!r}: {hint}")
