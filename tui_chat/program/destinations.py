"""Holds a provider's key back: it goes to addresses that the user has chosen for it, and nowhere else unasked."""

from __future__ import annotations

from collections.abc import Mapping

from tui_chat.program.api_keys import ApiKeys
from tui_chat.redaction import redacted_address
from tui_chat.services import service
from tui_chat.settings import SettingsError
from tui_chat.settings.schema import Provider


class KeyWouldGoElsewhere(SettingsError):
    """A change that would send a key where it has not gone before: the question to ask first."""


class Destinations:
    """Remembers which address each provider's key is for."""

    def __init__(self, environ: Mapping[str, str], keys: ApiKeys) -> None:
        self._environ = environ
        self._keys = keys
        self._chosen: dict[str, set[str]] = {}

    def choose(self, provider: Provider) -> None:
        """Count these settings as the user's wish: as the program was started, or as the file says, or as answered."""
        self._chosen.setdefault(provider.name, set()).add(provider.base_url)

    def check(self, provider: Provider) -> None:
        """Raise the question that there is to ask before these settings hold, if there is one."""
        about = service(provider.name)
        if not (self._keys.of(provider.name) or self._keys.is_pending(provider.name) or about.needs):
            return
        usual = self._environ.get(about.address, "").strip()
        if provider.base_url not in self._chosen.get(provider.name, {usual}):
            where = redacted_address(provider.base_url) or f"{about.title}'s own address"
            raise KeyWouldGoElsewhere(f"Send your key for {about.title} to {where} from now on?")
