"""The models that the provider offers: what is known of them, and asking for them."""

from __future__ import annotations

import asyncio
from concurrent.futures import Future
from pathlib import Path

from tui_chat.chat.models import Model
from tui_chat.program.provider_choice import ProviderChoice
from tui_chat.program.served_models import choice_sentence, to_be_listed
from tui_chat.providers import ModelCache, ModelList, in_daemon_thread, with_retirement
from tui_chat.services import service


class OfferedModels:
    """Knows the models of the provider that is asked now."""

    def __init__(self, provider: ProviderChoice, cache_folder: Path) -> None:
        self._provider = provider
        self._cache = ModelCache(cache_folder / "models.json")

    def known(self) -> ModelList:
        """Return the models that the provider offers, as far as is known without asking."""
        return self._cache.known(self._provider.config)

    def known_of_chosen(self) -> ModelList:
        """Return the same of the provider of the settings, even if another one stands in for it."""
        return self._cache.known(self._provider.chosen)

    def ask(self) -> Future[ModelList]:
        """Ask the provider, in the background, which models it offers; a vendor at most once a day."""
        config, served = to_be_listed(self._provider.reach()), self._provider.served
        return in_daemon_thread(lambda: served.noted(config, asyncio.run(self._cache.models(config))))

    def find(self, id: str) -> Model | None:
        """Return a model as its provider described it when it was last asked which it offers."""
        return next((model for model in self.known().models if model.id == id), None)

    def is_gone(self, id: str) -> bool:
        """True if the provider listed its models, when it was last asked, and this is none of them."""
        known = self.known()
        elsewhere = not (self._provider.asks_own_server or service(self._provider.name).on_this_machine)
        listed = known.as_of is not None and elsewhere
        return listed and not any(model.id.startswith(id) for model in known.models)

    def choice(self, offered: ModelList) -> str:
        """Return why a model has to be chosen, and which of them there are, as a sentence."""
        return choice_sentence(self._provider.config, offered)

    def warning(self) -> str:
        """Return that the model in use is deprecated, and what to do about it; "" if it is not."""
        sentence = self.deprecation()
        return f"{sentence} Choose another one." if sentence else ""

    def deprecation(self) -> str:
        """Return that the model in use is deprecated, in a sentence; "" if neither provider nor SDK says so by now."""
        if service(self._provider.name).on_this_machine:
            return ""
        in_use = self._provider.model
        model = self.find(in_use) or with_retirement(Model(in_use))
        if not model.deprecated:
            return ""
        if model.has_retired:
            return f"The model {model.id} retired on {model.retires}."
        retires = f" and retires on {model.retires}" if model.retires else ""
        return f"The model {model.id} is deprecated{retires}."
