"""The settings as they hold now: what the file, the environment and the command line say, and how they are changed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from pathlib import Path

from tui_chat.program.api_keys import ApiKeys
from tui_chat.program.destinations import Destinations
from tui_chat.program.own_address import AS_SET, own_address
from tui_chat.providers import is_own_server, port_here
from tui_chat.services import service
from tui_chat.settings import (
    OF_ONE_PROVIDER,
    PERSONAS,
    Loaded,
    NotSaved,
    Origin,
    Persona,
    Resolved,
    Settings,
    SettingsError,
    SettingsFile,
    Value,
    describe,
    read_persona,
    with_values,
)
from tui_chat.settings.resolve import resolve

NAME = "provider.name"
MODEL = "provider.model"
ADDRESS = "provider.base_url"
PRICES = "provider.vendor_prices"
DESTINATION = (NAME, ADDRESS)
"""The settings that say where a key goes."""
PERSONA = "provider.persona"
WHOM = (NAME, *OF_ONE_PROVIDER)
"""The settings that say who is asked, and for what: one provider's go together."""


class CurrentSettings:
    """Resolves the settings, and changes them for good; what the command line asks for gives way to a change."""

    def __init__(self, file: SettingsFile, environ: Mapping[str, str], flags: Mapping[str, Value]) -> None:
        self.file = file
        self.on_change: Callable[[], None] = _nothing
        """Called whenever other settings hold than before; the app puts its own function here."""
        self._environ = environ
        self._asked = dict(flags)
        """The settings of the command line, as long as nothing else is chosen."""
        self._unsaved: dict[str, Value] = {}
        self._chosen: set[str] = set()
        """The settings that were chosen since the persona was: its own values for these do not hold."""
        self.address_use = AS_SET
        """The use that may be made of the address: it is the one of the settings."""
        self.keys = ApiKeys(environ)
        """The providers' keys, which are no settings: no file has one."""
        self._destinations = Destinations(environ, self.keys)
        self.resolved: Resolved = self._resolve()
        """The settings that hold now, with the source of each."""

    @property
    def now(self) -> Settings:
        """The settings that hold now."""
        return self.resolved.settings

    @property
    def folder(self) -> Path:
        """The folder of the settings file."""
        return self.file.path.parent

    @property
    def unsaved(self) -> Collection[str]:
        """The settings that were changed, but could not be saved: they hold until the program ends."""
        return self._unsaved.keys()

    def set(self, key: str, value: Value, *, key_may_go: bool = False) -> None:
        """Change a setting for good, None for its default, whatever the command line says.

        Where that cannot be saved it holds all the same, until the program ends, and `NotSaved` says so.
        `KeyWouldGoElsewhere` asks before a key goes to another address, unless it may.
        """
        self._change({key: value}, key_may_go=key_may_go)

    def make_default(self, name: str, model: str, address: str = "", *, key_may_go: bool = False) -> None:
        """Have this model asked wherever nothing else is chosen.

        Another provider than now is asked at its usual address, unless it is a server on this machine.
        """
        here = port_here(name, address) is not None and address != own_address(self.now.provider)
        if here and self._environ.get(variable := service(name).address, "").strip():
            raise SettingsError(f"{variable} is set, so the default cannot be at {address}; this conversation is.")
        if name == self.now.provider.name and not here:
            self._change({MODEL: model}, key_may_go=key_may_go)
        else:
            where = {ADDRESS: address} if here else {}
            self._change({**dict.fromkeys(WHOM), NAME: name, MODEL: model, **where}, key_may_go=key_may_go)

    def is_asked(self, key: str) -> bool:
        """True if the command line asks for a value of this setting."""
        return key in self._asked

    def resolved_with(self, own: Mapping[str, Value], chosen: Collection[str]) -> Resolved:
        """Return the settings that hold where these are put over the file's; `chosen` are over the command line's, too.

        What was said of one provider never holds for another: neither its model nor its address.
        """
        asked = {key: value for key, value in self._asked.items() if key not in chosen}
        unsaved = self._unsaved
        if own.get(NAME, self.now.provider.name) != self.now.provider.name:
            if NAME not in chosen and any(key in WHOM for key in asked):
                own = _without_whom(own)
            else:
                asked, unsaved = _without_whom(asked), _without_whom(unsaved)
        file, said = self.file.load(), {**unsaved, **own, **asked}
        persona = self._read_persona(str({**file.values, **said}.get(PERSONA, "")))
        return resolve(file, self._environ, said, persona if PERSONA in own else persona.without(self._chosen))

    def _choose(self, key: str, value: Value) -> None:
        """Let what is chosen now hold over what the persona says, until another one is chosen."""
        if key == PERSONA:
            self._chosen.clear()
        elif value is None:
            self._chosen.discard(key)
        else:
            self._chosen.add(key)

    def switch_server(self, name: str, *, enabled: bool) -> None:
        """Save whether the tools of an MCP server are offered."""
        self.file.switch_server(name, enabled=enabled)
        self.reload()

    def reset_all(self, *, key_may_go: bool = False) -> None:
        """Go back to every setting's default; what the command line asks for still holds."""
        if not key_may_go:
            self._check_destination(Loaded(), self.unsaved)
        self.file.reset_all()
        self._chosen.clear()
        self._hold(self.unsaved, unsaved={})

    def changed(self) -> bool:
        """True if the settings file, or the persona's, is another one than when it was read; costs two system calls."""
        return self.file.changed() or self._persona_stamp() != self._seen

    def reload(self) -> None:
        """Take up what the settings file says now."""
        self.resolved = self._resolve()
        self.on_change()

    def _check_destination(self, file: Loaded, given_way: Collection[str]) -> None:
        """Ask, if need be, before the file says this and what else was asked for has given way."""
        asked = {key: value for key, value in {**self._asked, **self._unsaved}.items() if key not in given_way}
        self._destinations.check(resolve(file, self._environ, asked).settings.provider)

    def _change(self, values: Mapping[str, Value], *, key_may_go: bool) -> None:
        here = {
            key: describe(key).default if value is None else describe(key).check(value) for key, value in values.items()
        }
        if not key_may_go and any(key in DESTINATION for key in here):
            said = {**self.file.load().values, **here}
            self._check_destination(Loaded(with_values(Settings(), said), values=said), here)
        for key, value in values.items():
            self._choose(key, value)
        try:
            self._save(values)
        except NotSaved:
            self._hold(here, unsaved=here)
            raise
        self._hold(here, unsaved={})

    def _save(self, values: Mapping[str, Value]) -> None:
        """Save values, but never another provider's model or address beside the one that the file is for."""
        if NAME not in values:
            self._check_owner(values)
        self.file.set_all(values)

    def _check_owner(self, values: Collection[str]) -> None:
        provider, owner = self.now.provider, self.file.load().settings.provider.name
        if (MODEL in values or ADDRESS in values) and owner != provider.name:
            raise NotSaved(f"It holds until the program ends; it is not saved, as the settings file is for {owner}.")
        own_server = is_own_server(provider.name, provider.base_url, vendor_prices=provider.vendor_prices)
        if MODEL in values and own_server and self.resolved.origin(ADDRESS) is Origin.FLAG:
            raise NotSaved("It holds until the program ends; it is not saved, as the file has another address.")

    def _hold(self, keys: Collection[str], unsaved: Mapping[str, Value]) -> None:
        """Have what was asked for on the command line, or could not be saved, give way to what is chosen now."""
        self._asked = {key: value for key, value in self._asked.items() if key not in keys}
        self._unsaved = {key: value for key, value in self._unsaved.items() if key not in keys} | dict(unsaved)
        self.reload()

    def _resolve(self) -> Resolved:
        file, asked = self.file.load(), {**self._asked, **self._unsaved}
        self._persona = str({**file.values, **asked}.get(PERSONA, ""))
        self._seen = self._persona_stamp()
        resolved = resolve(file, self._environ, asked, self._read_persona(self._persona).without(self._chosen))
        self._destinations.choose(resolved.settings.provider)
        return resolved

    def _read_persona(self, name: str) -> Persona:
        """Return a persona; one that cannot be read has no values, and whoever sends a prompt hears why."""
        with suppress(SettingsError):
            if name:
                return read_persona(self.folder, name)
        return Persona()

    def _persona_stamp(self) -> tuple[int, int] | None:
        with suppress(OSError, SettingsError):
            if self._persona:
                found = PERSONAS.path(self.folder, self._persona).stat()
                return found.st_mtime_ns, found.st_size
        return None


def _without_whom(values: Mapping[str, Value]) -> dict[str, Value]:
    return {key: value for key, value in values.items() if key not in WHOM}


def _nothing() -> None:
    """Do nothing: nobody has to be told."""
