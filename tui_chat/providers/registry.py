"""From a provider's name to the provider; `services.py` has the names."""

from __future__ import annotations

from concurrent.futures import Future
from difflib import get_close_matches
from importlib import import_module
from types import ModuleType
from typing import Any

from tui_chat.chat.batches import TakesBatches
from tui_chat.chat.protocols import StreamingProvider
from tui_chat.patterns import pattern
from tui_chat.providers.config import ProviderConfig
from tui_chat.providers.model_catalog import known_model
from tui_chat.providers.simulated import SimulatedProvider
from tui_chat.services import SERVICES, price_list, service

_PREFILLED = pattern(r"claude-(opus|sonnet|haiku)-4-5")
"""The vendors' models that still go on with a reply that is begun for them."""


def create_provider(config: ProviderConfig) -> StreamingProvider:
    """Return the provider of that name; an unknown name is a ValueError that tells the nearest one."""
    module, name = _adapter(config.name)
    provider: StreamingProvider = getattr(module, name)(config, **service(config.name).options)
    return provider if provider.streams else SimulatedProvider(provider, config.simulate_rate)


def takes_batches(config: ProviderConfig) -> bool:
    """True if this provider takes batches of requests; of a server of the user's own that is not known."""
    return service(config.name).batches != "" and not config.own_server


def create_batches(config: ProviderConfig) -> TakesBatches:
    """Return what takes batches of requests at a provider of which `takes_batches` is true."""
    module, name = _class_named(service(config.name).batches)
    batches: TakesBatches = getattr(module, name)(config)
    return batches


def preload(name: str) -> Future[Any]:
    """Begin, in the background, what this provider's first reply will wait for; it may be called at any time."""
    module, _ = _adapter(name)
    client = service(name).options.get("client")
    sdk: Future[Any] = module.begin_loading(client) if client else module.begin_loading()
    return sdk


def default_model(name: str) -> str:
    """Return the model that is asked where none is chosen; "" where none is usual, so that it is asked for."""
    _refuse_unknown(name)
    return service(name).usual_model or service(price_list(name)).usual_model


def small_model(name: str) -> str:
    """Return a cheap model for small questions; "" where none is known."""
    return service(name).small_model


def takes_prefill(config: ProviderConfig, model: str, thinking: str) -> bool:
    """True if this model may well go on with a reply that is begun for it; one that does not refuses.

    Of the vendors' models few do, wherever they are served, and none that thinks. Most others do.
    """
    if service(config.name).runs_model:
        return True
    if "claude" in model or known_model(model) is not None:
        return thinking == "off" and bool(_PREFILLED.search(model))
    return config.base_url is not None


def _adapter(name: str) -> tuple[ModuleType, str]:
    """Return the module and the name of a provider's class."""
    _refuse_unknown(name)
    return _class_named(service(name).adapter)


def _refuse_unknown(name: str) -> None:
    """Raise ValueError for a provider that there is not."""
    if name not in SERVICES:
        near = get_close_matches(name, SERVICES, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(SERVICES)}"
        raise ValueError(f"no provider is called {name!r}: {hint}")


def _class_named(words: str) -> tuple[ModuleType, str]:
    module, _, name = words.partition(":")
    return import_module(f"tui_chat.providers.{module}"), name
