"""The composition root: the one place where settings, storage, providers and streaming meet."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tui_chat.chat.accumulator import ReplyAccumulator
from tui_chat.chat.context import sent_from
from tui_chat.chat.errors import ChatError
from tui_chat.chat.message import Message
from tui_chat.chat.metadata import Mode, ReplyMetadata
from tui_chat.chat.models import Model
from tui_chat.chat.protocols import PendingReply, StreamingProvider
from tui_chat.chat.request import ReplyRequest, turns_from
from tui_chat.program.destinations import Destinations
from tui_chat.program.managed_servers import ManagedServers, local_model
from tui_chat.program.served_models import ServedModels, choice_sentence, to_be_listed
from tui_chat.providers import (
    ModelCache,
    ModelList,
    PriceBook,
    ProviderConfig,
    create_provider,
    default_model,
    in_daemon_thread,
    is_own_server,
    key_problem,
    preload,
    small_model,
    takes_prefill,
    with_retirement,
)
from tui_chat.services import service
from tui_chat.settings import (
    Loaded,
    NotSaved,
    Origin,
    Resolved,
    Settings,
    SettingsFile,
    Value,
    api_key,
    cache_dir,
    config_dir,
    data_dir,
    describe,
    key_variable,
    resolve,
    system_prompt,
    with_values,
)
from tui_chat.storage import Store
from tui_chat.streaming.manager import ReplyJob, StreamManager
from tui_chat.streaming.recovery import StreamOptions
from tui_chat.telemetry import TelemetryClient

MODELS = "models"
DESTINATION = ("provider.name", "provider.base_url")
"""The settings that say where a key goes."""
GOODBYE_TO_COLLECTOR_S = 1.0
"""How long the program's end may wait for the last telemetry to be sent."""
SENT_FROM = "sent_from"
"""What a conversation's own settings call the message that its requests begin with."""


@dataclass(frozen=True)
class Flags:
    """What the command line says about every way of running the program."""

    settings: Mapping[str, Value] = field(default_factory=dict)
    """Settings given as options, by key."""
    config_file: Path | None = None
    data_folder: Path | None = None
    save: bool = True
    """Whether the conversation is kept."""


class ProblemReporter:
    """Passes sentences about trouble on, from any thread, to all who listen."""

    def __init__(self, listener: Callable[[str], None]) -> None:
        self._listeners = [listener]
        self._told: list[str] = []

    def __call__(self, sentence: str) -> None:
        """Say it."""
        self._told.append(sentence)
        for listener in self._listeners:
            listener(sentence)

    def listen(self, listener: Callable[[str], None]) -> None:
        """Tell another listener too, beginning with what was said before it came."""
        for sentence in self._told:
            listener(sentence)
        self._listeners.append(listener)


class Program:
    """The program's parts, wired; the app and the command line are made from it."""

    def __init__(
        self,
        flags: Flags,
        environ: Mapping[str, str],
        store: Store,
        settings_file: SettingsFile,
        report_problem: ProblemReporter,
    ) -> None:
        self.store = store
        self.report_problem = report_problem
        self.settings_file = settings_file
        self.settings_changed: Callable[[], None] = _nothing
        """Called whenever other settings hold than before; the app puts its own function here."""
        self.ending = False
        """Whether a signal ends the program, and what the user has in hand is to be kept."""
        self._asked = dict(flags.settings)
        """What the command line asks for, as long as nothing else is chosen."""
        self._unsaved: dict[str, Value] = {}
        self._environ = environ
        self._cache_folder = flags.data_folder / "cache" if flags.data_folder else cache_dir(environ)
        self.models_folder = data_dir(environ) / MODELS
        """Where models are that run on this machine."""
        self._servers = ManagedServers(self.models_folder)
        self._telemetry = TelemetryClient(report_problem)
        self._conversation_settings: dict[str, Mapping[str, str]] = {}
        """What holds for one conversation only, once it has been read."""
        self.prices = PriceBook()
        self.manager = StreamManager(store.journal, self.prices, observer=self._telemetry)
        """Runs every reply."""
        self._destinations = Destinations(environ)
        self._served = ServedModels()
        self.resolved: Resolved = self._resolve()

    @classmethod
    def open(cls, flags: Flags, environ: Mapping[str, str], on_problem: Callable[[str], None]) -> Program:
        """Read the settings and open the store; a bad disk or database is reported, never raised."""
        settings_file = SettingsFile(flags.config_file or config_dir(environ) / "config.toml")
        save = flags.save and settings_file.load().settings.history.save
        folder = (flags.data_folder or data_dir(environ)) if save else None
        report_problem = ProblemReporter(on_problem)
        store = Store.open(folder, on_problem=report_problem, prices=PriceBook)
        return cls(flags, environ, store, settings_file, report_problem)

    @property
    def settings(self) -> Settings:
        """The settings that hold now."""
        return self.resolved.settings

    @property
    def scripted(self) -> bool:
        """Whether replies come from the demo server because there is no key and nothing else was asked for."""
        return self.provider_name == "demo" and self.settings.provider.name != "demo"

    @property
    def runs_small_model(self) -> bool:
        """Whether replies come from the small model that the program brings along."""
        settings = self.settings
        return self.provider_name == "local" and not (settings.provider.base_url or settings.local.model_path)

    @property
    def provider_name(self) -> str:
        """The provider that is asked: the one that was chosen, or the demo where the usual one has no key."""
        chosen = self.settings.provider.name
        unchosen = self.resolved.origin("provider.name") is not Origin.FLAG
        return "demo" if unchosen and self.key_problem() is not None else chosen

    @property
    def model(self) -> str:
        """The model that is asked; "" while that is the user's to say, or a server of one's own has yet to tell."""
        if not self.scripted and self.settings.provider.model:
            return self.settings.provider.model
        if self.asks_own_server:
            return self._served.model(self.provider_name, self.settings.provider.base_url)
        own = self.provider_name == "local" and self.settings.local.model_path
        return local_model(own) if own else default_model(self.provider_name)

    @property
    def asks_own_server(self) -> bool:
        """True if a server of the user's own is asked, of which nothing is known but what it says itself."""
        provider = self.settings.provider
        return not provider.vendor_prices and is_own_server(self.provider_name, provider.base_url)

    @property
    def mode(self) -> Mode:
        """How replies are asked for."""
        return Mode(self.settings.streaming.mode)

    def key_problem(self) -> ChatError | None:
        """Why the chosen provider cannot be asked, if its key is missing."""
        chosen = self.settings.provider
        key = api_key(self._environ, chosen.name)
        return key_problem(ProviderConfig(chosen.name, base_url=chosen.base_url or None, api_key=key))

    @property
    def key_variable(self) -> str:
        """The variable that the key of the chosen provider is in; "" where there is none."""
        return key_variable(self._environ, self.settings.provider.name)

    @property
    def unsaved(self) -> Collection[str]:
        """The settings that were changed, but could not be saved: they hold until the program ends."""
        return self._unsaved.keys()

    def set(self, key: str, value: Value, *, key_may_go: bool = False) -> None:
        """Change a setting for good, None for its default, whatever the command line says.

        Where that cannot be saved it holds all the same, until the program ends, and `NotSaved` says so.
        `KeyWouldGoElsewhere` asks before a key goes to another address, unless it may.
        """
        here = describe(key).default if value is None else describe(key).check(value)
        if key in DESTINATION and not key_may_go:
            values = {**self.settings_file.load().values, key: here}
            self._check_destination(Loaded(with_values(Settings(), values), values=values), {key})
        try:
            self._save(key, value)
        except NotSaved:
            self._hold([key], unsaved={key: here})
            raise
        self._hold([key], unsaved={})

    def reset_all(self, *, key_may_go: bool = False) -> None:
        """Go back to every setting's default; what the command line asks for still holds."""
        if not key_may_go:
            self._check_destination(Loaded(), self.unsaved)
        self.settings_file.reset_all()
        self._hold(self.unsaved, unsaved={})

    def reload(self) -> None:
        """Take up what the settings file says now."""
        self.resolved = self._resolve()
        self.settings_changed()

    def _check_destination(self, file: Loaded, given_way: Collection[str]) -> None:
        """Ask, if need be, before the file says this and what else was asked for has given way."""
        asked = {key: value for key, value in {**self._asked, **self._unsaved}.items() if key not in given_way}
        self._destinations.check(resolve(file, self._environ, asked).settings.provider)

    def _save(self, key: str, value: Value) -> None:
        """Save a value, but never another provider's model or address beside the one that the file is for."""
        owner = self.settings_file.load().settings.provider.name
        if key in ("provider.model", "provider.base_url") and owner != self.settings.provider.name:
            raise NotSaved(f"It holds until the program ends; it is not saved, as the settings file is for {owner}.")
        if key == "provider.model" and self.asks_own_server and self.resolved.origin(DESTINATION[1]) is Origin.FLAG:
            raise NotSaved("It holds until the program ends; it is not saved, as the file has another address.")
        self.settings_file.set(key, value)

    def _hold(self, keys: Collection[str], unsaved: Mapping[str, Value]) -> None:
        """What was asked for on the command line, or could not be saved, gives way to what is chosen now."""
        self._asked = {key: value for key, value in self._asked.items() if key not in keys}
        self._unsaved = {key: value for key, value in self._unsaved.items() if key not in keys} | dict(unsaved)
        self.reload()

    def preload(self) -> Future[Any]:
        """Begin in the background what the first reply will need; what takes longest, the vendor's SDK, is returned."""
        sdk = preload(self.provider_name)
        self._report_replies()
        self.provider_config()
        return sdk

    def about(self, mode: Mode) -> ReplyMetadata:
        """What is known of a reply before it is asked for."""
        own = self.asks_own_server
        return ReplyMetadata(mode=mode, provider=self.provider_name, model=self.model, own_server=own)

    def job(self, pending: PendingReply) -> ReplyJob:
        """Begin to store an opening, and return it with all that its reply needs, by the settings that hold now."""
        about, conversation = pending.reply.metadata, pending.conversation
        sent = self.sent(conversation.id, conversation.before(pending.reply.id))
        request, config = self.request(sent, about.model), self.provider_config()
        streaming = self.settings.streaming
        self._report_replies()
        return ReplyJob(
            pending,
            begun=self.store.journal.begin(pending),
            request=request,
            provider=create_provider(config),
            options=StreamOptions(streaming.retry_attempts, streaming.resume, streaming.fallback_to_batch),
            mode=about.mode,
            prefill=takes_prefill(config, about.model, self.settings.provider.thinking),
            address=config.address,
        )

    def request(self, messages: Sequence[Message], model: str) -> ReplyRequest:
        """The request for a reply to these messages, by the settings that hold now."""
        provider = self.settings.provider
        return ReplyRequest(
            model=model,
            turns=turns_from(messages),
            system=system_prompt(provider, self.settings_file.path.parent),
            max_tokens=provider.max_tokens or None,
            temperature=provider.temperature,
            thinking=provider.thinking,
            stop_sequences=provider.stop_sequences,
            prompt_caching=provider.prompt_caching,
            web_search=provider.web_search,
            betas=provider.betas,
        )

    def sent(self, conversation_id: str, messages: Sequence[Message]) -> Sequence[Message]:
        """What of a conversation is sent: all but the oldest messages, where those are left out."""
        return sent_from(messages, self.conversation_settings(conversation_id).get(SENT_FROM, ""))

    def conversation_settings(self, conversation_id: str) -> Mapping[str, str]:
        """Return what holds for one conversation only; it is read the first time."""
        if conversation_id not in self._conversation_settings:
            self._conversation_settings[conversation_id] = self.store.settings(conversation_id)
        return self._conversation_settings[conversation_id]

    def send_from(self, conversation_id: str, first_id: str) -> None:
        """Leave out of what is sent all messages before this one; "" sends the whole conversation again."""
        kept = {**self.conversation_settings(conversation_id), SENT_FROM: first_id}
        self._conversation_settings[conversation_id] = kept
        self.store.save_settings(conversation_id, kept)

    def count_tokens(self, request: ReplyRequest) -> Future[int | None]:
        """Ask the provider, in the background, how large a request is."""
        provider = create_provider(self.provider_config())
        return in_daemon_thread(lambda: asyncio.run(provider.count_tokens(request)))

    def small_model(self) -> str:
        """A cheap model for small questions; a server of the user's own need have no other than the one in use."""
        return (not self.asks_own_server and small_model(self.provider_name)) or self.model

    def fetch(self, request: ReplyRequest) -> Future[ReplyAccumulator]:
        """Ask something beside the conversation, in the background: nothing of it is journalled, shown or counted."""
        provider = create_provider(self.provider_config())
        return in_daemon_thread(lambda: asyncio.run(_whole(provider, request)))

    def provider_config(self) -> ProviderConfig:
        """How the provider is reached; the local model begins to load, if it has not."""
        config = self._config_by_settings()
        if config.name == "local" and config.base_url is None:
            return replace(config, starting=self._servers.local(config, self.settings.local.model_path))
        return config

    def _config_by_settings(self) -> ProviderConfig:
        name, streaming = self.provider_name, self.settings.streaming
        return ProviderConfig(
            name,
            base_url=self._base_url(),
            api_key=api_key(self._environ, name),
            bearer=key_variable(self._environ, name) == service(name).token != "",
            read_timeout_s=streaming.stall_timeout,
            vendor_prices=self.settings.provider.vendor_prices,
            simulate_rate=streaming.simulate_rate,
        )

    def model_cache(self) -> ModelCache:
        """The models that providers offer, as far as is known."""
        return ModelCache(self._cache_folder / "models.json")

    def known_models(self) -> ModelList:
        """The models that the provider offers, as far as is known without asking."""
        return self.model_cache().known(self._config_by_settings())

    def ask_models(self) -> Future[ModelList]:
        """Ask the provider, in the background, which models it offers; a vendor at most once a day."""
        cache, config = self.model_cache(), to_be_listed(self.provider_config())
        return in_daemon_thread(lambda: self._served.noted(config, asyncio.run(cache.models(config))))

    def model_choice(self, offered: ModelList) -> str:
        """Return why a model has to be chosen, and which of them there are, as a sentence."""
        return choice_sentence(self._config_by_settings(), offered)

    def offered_model(self, id: str) -> Model | None:
        """A model as its provider described it when it was last asked which it offers."""
        return next((model for model in self.known_models().models if model.id == id), None)

    def model_warning(self) -> str:
        """Return that the model in use is deprecated, in a sentence; "" if neither provider nor SDK says so by now."""
        if service(self.provider_name).on_this_machine:
            return ""
        model = self.offered_model(self.model) or with_retirement(Model(self.model))
        if not model.deprecated:
            return ""
        retires = f" and retires on {model.retires}" if model.retires else ""
        return f"The model {model.id} is deprecated{retires}. Choose another one."

    def close(self) -> None:
        """Write and send what is still to be written and sent, and end the servers of our own."""
        self.store.close(timeout_s=5.0)
        self._telemetry.close(GOODBYE_TO_COLLECTOR_S)
        self._servers.close()

    def _report_replies(self) -> None:
        """Have replies reported to the collector that the settings name, if they name one."""
        telemetry = self.settings.telemetry
        self._telemetry.report_to(telemetry.otlp_endpoint, content=telemetry.content)

    def _resolve(self) -> Resolved:
        resolved = resolve(self.settings_file.load(), self._environ, {**self._asked, **self._unsaved})
        self._destinations.choose(resolved.settings.provider)
        return resolved

    def _base_url(self) -> str | None:
        """The provider's address; the demo's own server is started when it is first needed."""
        if self.provider_name != "demo" or (self.settings.provider.base_url and not self.scripted):
            return self.settings.provider.base_url or None
        return self._servers.demo()


async def _whole(provider: StreamingProvider, request: ReplyRequest) -> ReplyAccumulator:
    return ReplyAccumulator().extend(await provider.create(request, _nothing))


def _nothing() -> None:
    """Nobody has to be told."""
