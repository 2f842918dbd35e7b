"""The providers by name: one file, and one line here, for each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import partial

from tui_chat.chat.protocols import StreamingProvider
from tui_chat.providers import anthropic, openai
from tui_chat.providers.anthropic import AnthropicProvider
from tui_chat.providers.catalog import catalog
from tui_chat.providers.config import ProviderConfig
from tui_chat.providers.loading import begin_tls
from tui_chat.providers.openai import OpenAIProvider
from tui_chat.providers.simulated import SimulatedProvider


@dataclass(frozen=True, slots=True)
class Entry:
    """One provider."""

    make: Callable[[ProviderConfig], StreamingProvider]
    begin_loading: Callable[[], object]
    """Begins, in the background, what it cannot do without."""


PROVIDERS: dict[str, Entry] = {
    "anthropic": Entry(AnthropicProvider, anthropic.begin_loading),
    "openai": Entry(OpenAIProvider, openai.begin_loading),
    "demo": Entry(AnthropicProvider, anthropic.begin_loading),
    "local": Entry(AnthropicProvider, anthropic.begin_loading),
    "simulated": Entry(partial(AnthropicProvider, streams=False), anthropic.begin_loading),
    "bedrock": Entry(partial(AnthropicProvider, client="AsyncAnthropicBedrock", counts=False), anthropic.begin_loading),
    "bedrock-mantle": Entry(partial(AnthropicProvider, client="AsyncAnthropicBedrockMantle"), anthropic.begin_loading),
    "aws": Entry(partial(AnthropicProvider, client="AsyncAnthropicAWS"), anthropic.begin_loading),
    "vertex": Entry(partial(AnthropicProvider, client="AsyncAnthropicVertex"), anthropic.begin_loading),
    "google-cloud": Entry(partial(AnthropicProvider, client="AsyncAnthropicGoogleCloud"), anthropic.begin_loading),
    "foundry": Entry(partial(AnthropicProvider, client="AsyncAnthropicFoundry"), anthropic.begin_loading),
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
    _entry(name).begin_loading()
    begin_tls()


def default_model(name: str) -> str:
    """The model that is asked where none is chosen."""
    _entry(name)
    return catalog().defaults.get(name, catalog().defaults["anthropic"])


def small_model(name: str) -> str:
    """A cheap model for small questions; "" where none is known."""
    return catalog().small.get(name, "")


def _entry(name: str) -> Entry:
    if name in PROVIDERS:
        return PROVIDERS[name]
    near = get_close_matches(name, PROVIDERS, n=1)
    hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(PROVIDERS)}"
    raise ValueError(f"no provider is called {name!r}: {hint}")
