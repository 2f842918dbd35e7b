"""The choice of provider and model, and the way to them."""

from __future__ import annotations

from concurrent.futures import Future

from tui_chat.chat.errors import ChatError
from tui_chat.program.api_keys import ApiKeys
from tui_chat.program.managed_servers import ManagedServers, local_model
from tui_chat.program.own_address import own_address
from tui_chat.program.own_settings import SettingsInForce
from tui_chat.program.served_models import ServedModels
from tui_chat.providers import (
    ProviderConfig,
    default_model,
    in_daemon_thread,
    is_own_server,
    key_problem,
    small_model,
    takes_pictures,
)
from tui_chat.records import replace
from tui_chat.services import STAND_IN, service
from tui_chat.settings import Origin


class ProviderChoice:
    """Chooses by the settings that hold now, and by whether the chosen provider's key is there, or may be."""

    def __init__(self, settings: SettingsInForce, keys: ApiKeys, servers: ManagedServers, served: ServedModels) -> None:
        self.served = served
        """The facts that the user's own servers have told of their models."""
        self._settings = settings
        self._keys = keys
        self._servers = servers

    @property
    def chosen(self) -> ProviderConfig:
        """The way to the provider of the settings, whether it can be asked or not."""
        settings, keyless = self._settings.now, self._settings.address_use.keyless
        name = settings.provider.name
        return ProviderConfig(
            name,
            base_url=settings.provider.base_url or None,
            api_key="" if keyless else self._keys.of(name),
            bearer=self.key_variable == service(name).token != "",
            keyless=keyless,
            read_timeout_s=settings.streaming.stall_timeout,
            vendor_prices=settings.provider.vendor_prices,
            simulate_rate=settings.streaming.simulate_rate,
        )

    @property
    def config(self) -> ProviderConfig:
        """The way to the provider that is asked, as far as that is known before anything is started."""
        if self.stands_in:
            return replace(self.chosen, name=STAND_IN, base_url=None, api_key="", bearer=False)
        return self.chosen

    @property
    def refusal(self) -> str:
        """The reason why nothing of a conversation may be sent, in a sentence; "" where it may."""
        return self._settings.address_use.refusal

    def reach(self) -> ProviderConfig:
        """Return how the provider is reached; a server that the program runs for it begins to start, if it has not."""
        if self.is_pending:
            return replace(self.chosen, starting=self._with_key(self.chosen))
        return self._servers.reached(self.config, self._settings.now.local.model_path)

    @property
    def is_pending(self) -> bool:
        """True if the keyring has yet to say whether it has the key of the chosen provider."""
        return not self._settings.address_use.keyless and self._keys.is_pending(self._settings.now.provider.name)

    def _with_key(self, config: ProviderConfig) -> Future[ProviderConfig]:
        """Return the way to a provider as soon as the keyring has told its key, or has none."""
        return in_daemon_thread(lambda: replace(config, api_key=self._keys.wait(config.name)))

    @property
    def name(self) -> str:
        """The provider that is asked: the one that was chosen, or the stand-in where its key is missing."""
        return STAND_IN if self.stands_in else self._settings.now.provider.name

    @property
    def stands_in(self) -> bool:
        """True if the demo replies because there is no key and nothing else was asked for."""
        unchosen = self._settings.resolved.origin("provider.name") is not Origin.FLAG
        return unchosen and self.key_problem() is not None

    @property
    def runs_small_model(self) -> bool:
        """True if replies come from the small model that the program brings along."""
        settings = self._settings.now
        return service(self.name).runs_model and not (settings.provider.base_url or settings.local.model_path)

    @property
    def model(self) -> str:
        """The model that is asked; "" while that is the user's to say, or a server of one's own has yet to tell."""
        settings = self._settings.now
        if not self.stands_in and settings.provider.model:
            return settings.provider.model
        if service(self.name).runs_model and settings.local.model_path:
            return local_model(settings.local.model_path)
        return self.usual_model or self.served.model(self.name, settings.provider.base_url)

    @property
    def usual_model(self) -> str:
        """The model that is asked where none is chosen; "" where the server has to tell which it has."""
        return "" if self.asks_own_server else default_model(self.name)

    def small_model(self) -> str:
        """Return a cheap model for small questions; a server of the user's own may have only the one in use."""
        return (not self.asks_own_server and small_model(self.name)) or self.model

    @property
    def asks_own_server(self) -> bool:
        """True if a server of the user's own is asked, of which nothing is known but what it says itself."""
        asked = self._settings.now.provider
        own = is_own_server(asked.name, asked.base_url, vendor_prices=asked.vendor_prices)
        return own and not self.stands_in

    @property
    def own_address(self) -> str:
        """The address of that server without its login; "" where the service itself is asked."""
        return "" if self.stands_in else own_address(self._settings.now.provider)

    @property
    def whom(self) -> tuple[str, str, str]:
        """The provider, the model and the server of the user's own that are asked."""
        return self.name, self.model, self.own_address

    def reads_text_only(self, model: str) -> bool:
        """True if a model is known to take no pictures and documents, or has said so."""
        base_url = self._settings.now.provider.base_url
        return not takes_pictures(model) or self.served.has_refused_pictures(self.name, base_url, model)

    def refused_pictures(self, model: str) -> None:
        """Remember that a model has said that it takes none."""
        self.served.refused_pictures(self.name, self._settings.now.provider.base_url, model)

    def key_problem(self) -> ChatError | None:
        """Return why the chosen provider cannot be asked, if its key is missing."""
        return None if self.is_pending else key_problem(self.chosen)

    @property
    def key_variable(self) -> str:
        """The variable that the key of the chosen provider is in; "" where there is none."""
        return self._keys.variable(self._settings.now.provider.name)
