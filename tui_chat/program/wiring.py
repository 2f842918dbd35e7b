"""The composition root: the one place where settings, storage, providers and streaming meet."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from copy import copy
from pathlib import Path

from tui_chat.chat.protocols import ReplyObserver
from tui_chat.diagrams.drawer import DiagramDrawer
from tui_chat.program.conversation_settings import ConversationSettings
from tui_chat.program.current_settings import CurrentSettings
from tui_chat.program.managed_servers import ManagedServers
from tui_chat.program.mcp_tools import McpTools
from tui_chat.program.parts import Parts, PartsMaker
from tui_chat.program.served_models import ServedModels
from tui_chat.program.server_resources import ServerResources
from tui_chat.program.tool_leave import ToolLeave
from tui_chat.providers import PriceBook, ollama_port
from tui_chat.records import dataclass, field
from tui_chat.settings import SettingsFile, Value, cache_dir, config_dir, data_dir
from tui_chat.storage import Store
from tui_chat.streaming.manager import StreamManager
from tui_chat.streaming.no_journal import NoJournal
from tui_chat.telemetry import Target, TelemetryClient

MODELS = "models"
OLLAMA_HOST = "OLLAMA_HOST"
"""The variable in which Ollama's server, and its own client, have their address."""
GOODBYE_TO_COLLECTOR_S = 1.0
"""Seconds that the program's end may wait for the last telemetry to be sent."""


@dataclass(frozen=True)
class Flags:
    """The command line's options for every way of running the program."""

    settings: Mapping[str, Value] = field(default_factory=dict)
    """Settings given as options, by key."""
    config_file: Path | None = None
    data_folder: Path | None = None
    save: bool = True
    """True if the conversation is kept."""


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
    """Wires the parts that the app and the command line are made of, and ends them."""

    def __init__(
        self,
        flags: Flags,
        environ: Mapping[str, str],
        store: Store,
        settings_file: SettingsFile,
        report_problem: ProblemReporter,
    ) -> None:
        self.report_problem = report_problem
        self.ending = False
        """True if a signal ends the program, and what the user has in hand is to be kept."""
        self.interrupted = False
        """True if the user waits for the end of it, as after Ctrl+C."""
        self.models_folder = data_dir(environ) / MODELS
        """The folder of the models that run on this machine."""
        self._servers = ManagedServers(self.models_folder)
        self._environ = environ
        self._cache = flags.data_folder / "cache" if flags.data_folder else cache_dir(environ)
        self.settings = CurrentSettings(settings_file, environ, flags.settings)
        self.keys = self.settings.keys
        """The providers' keys."""
        self._telemetry = TelemetryClient(report_problem, self._collector)
        self.prices = PriceBook()
        self.tools = McpTools(environ, report_problem)
        """The tools of MCP servers."""
        self.resources = ServerResources(self.settings, self.tools)
        """The resources of these servers."""
        self.diagrams = DiagramDrawer()
        """Draws the diagrams of replies."""
        self.ledgers: tuple[Store, ...] = ()
        """The stores that know what replies have cost."""
        self._wire(store, self._telemetry)

    def _wire(self, store: Store, observer: ReplyObserver | None) -> None:
        """Make the parts that a store belongs to."""
        self.store = store
        self.ledgers = (*self.ledgers, store)
        self.conversation_settings = ConversationSettings(store)
        self.tool_leave = ToolLeave(self.settings, self.conversation_settings)
        self._parts = PartsMaker(
            self.settings,
            self.conversation_settings,
            self.keys,
            self._servers,
            self._cache,
            store.journal,
            self._telemetry,
            ServedModels(),
            self.tools,
        )
        self._parts_of: dict[str, Parts] = {}
        default = self._parts.by(self.settings)
        self.provider, self.models, self.requests = default.provider, default.models, default.requests
        self.manager = StreamManager(store.journal, self.prices, observer=observer)
        """Runs every reply."""
        self.summarizer = StreamManager(NoJournal(), self.prices, observer=observer)
        """Runs what is not stored while it comes: summaries, and the replies of an evaluation."""

    def temporary(self) -> Program:
        """Return a program beside this one whose conversations are in memory only, and of whose replies nobody is told.

        It shares all else, and ends with its store.
        """
        other = copy(self)
        other._wire(Store.open(None, on_problem=self.report_problem, prices=PriceBook), None)
        return other

    @classmethod
    def open(cls, flags: Flags, environ: Mapping[str, str], on_problem: Callable[[str], None]) -> Program:
        """Read the settings and open the store; a bad disk or database is reported, never raised."""
        settings_file = SettingsFile(flags.config_file or config_dir(environ) / "config.toml")
        save = flags.save and settings_file.load().settings.history.save
        folder = (flags.data_folder or data_dir(environ)) if save else None
        report_problem = ProblemReporter(on_problem)
        store = Store.open(folder, on_problem=report_problem, prices=PriceBook)
        return cls(flags, environ, store, settings_file, report_problem)

    def _collector(self) -> Target:
        """Return the collector that the settings name now."""
        telemetry = self.settings.now.telemetry
        return Target(telemetry.otlp_endpoint, telemetry.content)

    def parts_of(self, conversation_id: str) -> Parts:
        """Return whom a conversation asks, and how: by what was chosen for it, and else by the settings of all."""
        if conversation_id not in self._parts_of:
            self._parts_of[conversation_id] = self._parts.of(conversation_id)
        return self._parts_of[conversation_id]

    @property
    def server_ports(self) -> Sequence[int]:
        """The ports of this machine at which servers with models are looked for."""
        ports = [int(port) for port in self.settings.now.local.server_ports]
        host = self._environ.get(OLLAMA_HOST, "")
        ollama = ollama_port(host) if ports and host.strip() else None
        return [*ports, ollama] if ollama is not None else ports

    def parts_choosing(self, provider: str) -> Parts:
        """Return whom a conversation would ask, and how, if this provider were chosen for it."""
        return self._parts.choosing({"provider.name": provider, "provider.model": ""})

    def parts_of_contender(self, conversation_id: str, choices: Mapping[str, Value]) -> Parts:
        """Return whom one of several is that a conversation asks at once: its own choices, with these over them."""
        return self._parts.of_also_choosing(conversation_id, choices)

    def asking(self, conversation_id: str, choices: Mapping[str, Value]) -> Program:
        """Return the program as one of several sees it: beside this one, it asks by these choices there."""
        other = copy(self)
        other._parts_of = {conversation_id: self.parts_of_contender(conversation_id, choices)}
        return other

    def close(self) -> None:
        """Write and send what is still to be written and sent, and end the servers of our own."""
        self.store.close(timeout_s=5.0)
        self.tools.close(hurry=self.interrupted)
        self._telemetry.close(GOODBYE_TO_COLLECTOR_S)
        self._servers.close()
