"""The parts of the program that go by the settings: made for all conversations, or for one."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tui_chat.chat.models import Model
from tui_chat.chat.protocols import Journal
from tui_chat.program.api_keys import ApiKeys
from tui_chat.program.conversation_settings import ConversationSettings
from tui_chat.program.current_settings import CurrentSettings
from tui_chat.program.managed_servers import ManagedServers
from tui_chat.program.mcp_tools import McpTools
from tui_chat.program.model_offer import ModelOffer
from tui_chat.program.offered_models import OfferedModels
from tui_chat.program.own_settings import OwnSettings, SettingsInForce
from tui_chat.program.provider_choice import ProviderChoice
from tui_chat.program.request_factory import RequestFactory
from tui_chat.program.served_models import ServedModels
from tui_chat.records import dataclass
from tui_chat.settings import Value
from tui_chat.telemetry import TelemetryClient


@dataclass(frozen=True)
class Parts:
    """Whom to ask, and how, by the same settings."""

    settings: SettingsInForce
    provider: ProviderChoice
    models: OfferedModels
    requests: RequestFactory

    def offer(self, model: Model) -> ModelOffer:
        """Return a model as it is chosen where it is asked now."""
        return ModelOffer(self.provider.name, model, self.provider.own_address)


@dataclass(frozen=True)
class PartsMaker:
    """Makes parts that share what is known of servers, and where replies are kept and reported."""

    default: CurrentSettings
    conversation_settings: ConversationSettings
    keys: ApiKeys
    servers: ManagedServers
    cache_folder: Path
    journal: Journal
    telemetry: TelemetryClient
    served: ServedModels
    tools: McpTools

    def by(self, settings: SettingsInForce) -> Parts:
        """Return the parts that go by these settings."""
        provider = ProviderChoice(settings, self.keys, self.servers, self.served)
        kept, observer = self.conversation_settings, self.telemetry
        requests = RequestFactory(settings, provider, kept, self.journal, observer, self.tools)
        return Parts(settings, provider, OfferedModels(provider, self.cache_folder), requests)

    def of(self, conversation_id: str) -> Parts:
        """Return the parts that go by what was chosen for one conversation, whenever that is."""
        kept = self.conversation_settings
        return self.by(
            OwnSettings(self.default, lambda: kept.choices(conversation_id), lambda: kept.chosen_now(conversation_id))
        )

    def of_also_choosing(self, conversation_id: str, choices: Mapping[str, Value]) -> Parts:
        """Return the parts of a conversation as they would be if this were chosen beside what is chosen for it."""
        kept = self.conversation_settings
        own = OwnSettings(
            self.default,
            lambda: {**kept.choices(conversation_id), **choices},
            lambda: {*kept.chosen_now(conversation_id), *choices},
        )
        return self.by(own)

    def choosing(self, choices: Mapping[str, Value]) -> Parts:
        """Return the parts as they would be if this were chosen."""
        return self.by(OwnSettings(self.default, lambda: choices, lambda: choices))
