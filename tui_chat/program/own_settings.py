"""The settings as they hold in one conversation: those of all, with what was chosen for this one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Protocol

from tui_chat.program.current_settings import ADDRESS, NAME, PRICES, CurrentSettings
from tui_chat.program.own_address import AS_SET, AddressUse, own_address, refusal
from tui_chat.providers import port_here
from tui_chat.settings import Origin, Resolved, Settings, Value


class SettingsInForce(Protocol):
    """Settings, wherever they come from."""

    @property
    def resolved(self) -> Resolved:
        """The settings that hold now, with the source of each."""
        ...

    @property
    def now(self) -> Settings:
        """The settings that hold now."""
        ...

    @property
    def address_use(self) -> AddressUse:
        """The use that may be made of the address."""
        ...

    @property
    def folder(self) -> Path:
        """The folder of the settings file."""
        ...


class OwnSettings:
    """Puts choices over the settings of all; both may change at any time."""

    def __init__(
        self,
        default: CurrentSettings,
        choices: Callable[[], Mapping[str, Value]],
        chosen_now: Callable[[], Collection[str]],
    ) -> None:
        """`chosen_now` tells which of the choices the command line gives way to."""
        self._default = default
        self._choices = choices
        self._chosen_now = chosen_now
        self._last: tuple[object, tuple[Resolved, AddressUse]] | None = None

    @property
    def resolved(self) -> Resolved:
        """The settings that hold now."""
        return self._in_force()[0]

    @property
    def address_use(self) -> AddressUse:
        """The use that may be made of the address."""
        return self._in_force()[1]

    @property
    def now(self) -> Settings:
        """The settings that hold now."""
        return self.resolved.settings

    @property
    def folder(self) -> Path:
        """The folder of the settings file."""
        return self._default.folder

    def _in_force(self) -> tuple[Resolved, AddressUse]:
        """Return what holds now; it is worked out anew only if something has changed."""
        choices, chosen = self._choices(), self._chosen_now()
        if not choices:
            return self._default.resolved, AS_SET
        state = (self._default.resolved, choices, chosen)
        if self._last is None or self._last[0] != state:
            self._last = (state, self._resolve(choices, chosen))
        return self._last[1]

    def _resolve(self, choices: Mapping[str, Value], chosen: Collection[str]) -> tuple[Resolved, AddressUse]:
        """Put the choices over the settings, whose address is another one only if no key can go there."""
        default, own = self._default, {key: value for key, value in choices.items() if key != ADDRESS}
        resolved = default.resolved_with(own, [key for key in chosen if key != ADDRESS])
        name, provider = choices.get(NAME), resolved.settings.provider
        address = str(choices.get(ADDRESS, own_address(provider)))
        if provider.name != name or address == own_address(provider):
            return resolved, AS_SET
        by_flag = default.is_asked(ADDRESS) and resolved.origin(ADDRESS) is Origin.FLAG
        if by_flag and ADDRESS not in chosen:
            return resolved, AS_SET
        if port_here(provider.name, address) is not None:
            there: Mapping[str, Value] = {ADDRESS: address, PRICES: False}
            return default.resolved_with({**own, **there}, {*chosen, *there}), AddressUse(keyless=True)
        return resolved, AddressUse(refusal=refusal(address, provider))
