"""The settings that hold: flags over environment over persona over file, and for each where it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING

from tui_chat.records import dataclass
from tui_chat.services import service
from tui_chat.settings.errors import Problem, SettingsError
from tui_chat.settings.read import Loaded
from tui_chat.settings.rules import Value
from tui_chat.settings.schema import Settings
from tui_chat.settings.setting_index import describe, with_servers, with_values

if TYPE_CHECKING:
    from tui_chat.settings.personas import Persona

OF_ONE_PROVIDER = ("provider.model", "provider.base_url", "provider.vendor_prices")
"""Settings that hold for the file's own provider only."""


class Origin(StrEnum):
    """The source of a value."""

    FLAG = "flag"
    ENVIRONMENT = "environment"
    PERSONA = "persona"
    FILE = "file"
    DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class Resolved:
    """The settings that hold, and why."""

    settings: Settings
    origins: Mapping[str, Origin]
    """The source of each value that is not a default, by key."""
    problems: tuple[Problem, ...]
    """The problems of the file, the persona and the environment."""
    no_color: bool
    """True if NO_COLOR asks for a screen without colours."""

    def origin(self, key: str) -> Origin:
        """Return the source of a setting's present value."""
        return self.origins.get(describe(key).key, Origin.DEFAULT)


def resolve(
    loaded: Loaded, environ: Mapping[str, str], flags: Mapping[str, Value], persona: Persona | None = None
) -> Resolved:
    """Put flags over environment over persona over file. A flag's value that is not allowed is a `SettingsError`."""
    flags = {key: describe(key).check("" if value is None else value) for key, value in flags.items()}
    of_persona: Mapping[str, Value] = persona.values if persona is not None else {}
    provider = str(flags.get("provider.name", loaded.settings.provider.name))
    of_file = _fitting(loaded, provider)
    of_environment, problems = _environment(environ, provider)
    settings = with_values(Settings(), {**of_file, **of_persona, **of_environment, **flags})
    settings = with_servers(settings, loaded.servers)
    origins = {
        **dict.fromkeys(of_file, Origin.FILE),
        **dict.fromkeys(of_persona, Origin.PERSONA),
        **dict.fromkeys(of_environment, Origin.ENVIRONMENT),
        **dict.fromkeys(flags, Origin.FLAG),
    }
    problems = [*loaded.problems, *(persona.problems if persona is not None else ()), *problems]
    return Resolved(settings, origins, tuple(problems), bool(environ.get("NO_COLOR")))


def _fitting(loaded: Loaded, provider: str) -> Mapping[str, Value]:
    """Return the file's values that hold with this provider.

    Its model, its address and whose prices hold there are for its own provider: no other one's key may be sent to it.
    """
    refused = ("provider", "name") in loaded.paths and "provider.name" not in loaded.values
    if provider == loaded.settings.provider.name and not refused:
        return loaded.values
    return {key: value for key, value in loaded.values.items() if key not in OF_ONE_PROVIDER}


def _environment(environ: Mapping[str, str], provider: str) -> tuple[dict[str, Value], list[Problem]]:
    """Return the settings that the environment holds."""
    variable = service(provider).address
    if not (address := environ.get(variable, "").strip()):
        return {}, []
    try:
        return {"provider.base_url": describe("provider.base_url").parse(address)}, []
    except SettingsError as error:
        return {}, [Problem("provider.base_url", f"{variable}: {error}", of_environment=True)]


def api_key(environ: Mapping[str, str], provider: str) -> str:
    """Return the provider's key, or "". It is no setting: it is never stored and never shown."""
    return environ.get(key_variable(environ, provider), "").strip()


def key_variable(environ: Mapping[str, str], provider: str) -> str:
    """Return the variable that holds the provider's key, or a gateway's token in its place; "" where neither is set."""
    known = service(provider)
    return next((name for name in (known.key, known.token) if environ.get(name, "").strip()), "")
