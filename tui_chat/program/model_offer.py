"""A model that can be chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tui_chat.chat.models import Model
from tui_chat.program.conversation_settings import WHOM
from tui_chat.providers import abilities, port_here
from tui_chat.records import dataclass, field
from tui_chat.services import service
from tui_chat.settings import Value


@dataclass(frozen=True, slots=True)
class ModelOffer:
    """A model, the provider that offers it, and where."""

    provider: str
    model: Model
    address: str = ""
    """The address of a server of the user's own, without its login; "" for the provider itself."""
    own: Mapping[str, Value] = field(default_factory=dict)
    """The settings that are chosen with it."""
    number: int = 1
    """Its number among those that are the same."""

    @property
    def key(self) -> str:
        """Return its name among the favourites, and what tells it from others of the same model."""
        name = f"{self.address if self._port else self.provider}/{self.model.id}"
        own = [f"{key}={value}" for key, value in self.own.items()]
        return " ".join((name, *own, *([f"({self.number})"] if self.number > 1 else [])))

    @property
    def title(self) -> str:
        """Return the provider's name in sentences; of a server on this machine, only its port is known."""
        return f"on this machine, port {self._port}" if self._port else service(self.provider).title

    @property
    def choices(self) -> Mapping[str, Value]:
        """Return the settings that choose it for a conversation."""
        return {**dict(zip(WHOM, (self.provider, self.model.id, self.address), strict=True)), **self.own}

    @property
    def _port(self) -> int | None:
        return port_here(self.provider, self.address)

    @property
    def abilities(self) -> Sequence[str]:
        """Return what the model can beside text, as far as that is known."""
        return () if self.address else abilities(self.provider, self.model.id)
