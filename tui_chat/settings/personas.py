"""Personas: system prompts that have a name, with settings of their own, in the folder `personas` beside the settings.

Each is a Markdown file; its front matter may have the `KEYS`, and what is below it is the prompt.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

from tui_chat.records import dataclass, field, replace
from tui_chat.settings.errors import Problem, SettingsError, nearest
from tui_chat.settings.front_matter import FENCE, Entry, split_front_matter
from tui_chat.settings.literals import shown
from tui_chat.settings.markdown_files import MarkdownFiles
from tui_chat.settings.rules import Value
from tui_chat.settings.schema import Provider
from tui_chat.settings.setting_index import SCHEMA

PERSONAS = MarkdownFiles("persona")
"""Their files."""
KEYS = ("model", "thinking", "temperature", "max_tokens")
"""The settings of the provider that front matter may have."""

_LEFT_OUT = "it is left out."
_NEVER_CLOSED = f"no {FENCE} closes the front matter, so that all of it is the prompt."


@dataclass(frozen=True, slots=True)
class Persona:
    """A system prompt, and the settings that hold with it."""

    text: str = ""
    values: Mapping[str, Value] = field(default_factory=dict)
    """The settings by their keys, such as `provider.model`."""
    problems: tuple[Problem, ...] = ()
    """The lines of its front matter that cannot be used."""

    def without(self, keys: Collection[str]) -> Persona:
        """Return it without these settings."""
        return replace(self, values={key: value for key, value in self.values.items() if key not in keys})


def personas(config_folder: Path) -> tuple[str, ...]:
    """Return the names that `provider.persona` can have now."""
    return PERSONAS.names(config_folder)


def read_persona(config_folder: Path, name: str) -> Persona:
    """Return the persona of a name; `SettingsError` says why there is none."""
    return parse_persona(PERSONAS.read(config_folder, name), PERSONAS.label(name))


def parse_persona(text: str, label: str) -> Persona:
    """Return the persona that a text is; its problems name the file, by its label."""
    front = split_front_matter(text)
    values: dict[str, Value] = {}
    problems = []
    for entry in front.entries:
        try:
            values |= _checked(entry, values)
        except SettingsError as error:
            problems.append(Problem("", f"{label} line {entry.line}: {error}", entry.line))
    return Persona(front.body.strip(), values, tuple(problems))


def system_prompt(provider: Provider, config_folder: Path) -> str:
    """Return the system prompt: the persona's text if one is chosen, or else `system`."""
    return read_persona(config_folder, provider.persona).text if provider.persona else provider.system


def _checked(entry: Entry, before: Mapping[str, Value]) -> Mapping[str, Value]:
    """Return the setting of an entry; none where its value is left empty."""
    if not entry.key:
        never_closed = entry.value.rstrip() == FENCE
        raise SettingsError(_NEVER_CLOSED if never_closed else f"{shown(entry.value)} is no `key: value`; {_LEFT_OUT}")
    if entry.key not in KEYS:
        near = nearest(entry.key, KEYS)
        hint = f"did you mean {near}?" if near else f"a persona has {', '.join(KEYS)}."
        raise SettingsError(f"{shown(entry.key)} is unknown; {hint}")
    setting = SCHEMA[f"provider.{entry.key}"]
    if setting.key in before:
        raise SettingsError(f"{entry.key} is there twice; {_LEFT_OUT}")
    if not entry.value:
        return {}
    try:
        return {setting.key: setting.parse(entry.value)}
    except SettingsError:
        refused = f"{entry.key} = {shown(entry.value)} is not allowed ({setting.allowed})"
        raise SettingsError(f"{refused}; {_LEFT_OUT}") from None
