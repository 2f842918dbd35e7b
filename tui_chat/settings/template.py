r"""Templates: prompts with fields, written `{{name}}`, `{{name=default}}`, `{{name:a|b}}` or `{{name:a|b=b}}`.

A backslash before the braces makes them ordinary text: `\{{` is `{{`, and `\\{{name}}` a backslash before a field.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from tui_chat.patterns import pattern
from tui_chat.records import dataclass
from tui_chat.settings.errors import SettingsError, nearest
from tui_chat.settings.literals import shown
from tui_chat.settings.markdown_files import MarkdownFiles

TEMPLATES = MarkdownFiles("template")
"""Their files."""

_BRACES = pattern(r"(?<!\\)(\\*)(\{\{+)")
_FIELD = pattern(r"(?P<name>[^\W\d][\w-]{0,59})\s*(?::(?P<choices>[^={}]*))?(?P<default>=[^{}]*)?")
_HOW = r"a field is {{name}}, {{name=default}} or {{name:one|another}}, and \{{ stands for {{ itself"


@dataclass(frozen=True, slots=True)
class Field:
    """Something that a template asks for."""

    name: str
    default: str | None = None
    """The value where none is given; None if one has to be."""
    choices: tuple[str, ...] = ()
    """The values to choose from; () if it can be any."""


@dataclass(frozen=True, slots=True)
class Template:
    """A prompt with fields."""

    fields: tuple[Field, ...]
    """Each once, in the order in which they are met first."""
    pieces: tuple[str, ...]
    """The text, and the names of fields at every second place."""

    def filled(self, values: Mapping[str, str]) -> str:
        """Return the prompt with these values, or defaults, in its fields; a value's own braces are text."""
        defaults = {field.name: field.default or "" for field in self.fields}
        given = {**defaults, **values}
        return "".join(given[piece] if at % 2 else piece for at, piece in enumerate(self.pieces))

    def checked(self, values: Mapping[str, str]) -> Mapping[str, str]:
        """Return values that were given by name; `SettingsError` names those that are unknown, missing or no choice."""
        known = [field.name for field in self.fields]
        for name in values:
            if name not in known:
                near = nearest(name, known)
                hint = f"did you mean {near}?" if near else f"its fields: {', '.join(known) or 'none'}."
                raise SettingsError(f"The template has no field {shown(name)}; {hint}")
        for field in self.fields:
            if field.choices and values.get(field.name, field.choices[0]) not in field.choices:
                allowed = ", ".join(field.choices)
                raise SettingsError(f"{field.name} = {shown(values[field.name])} is not allowed ({allowed}).")
        if missing := [field.name for field in self.fields if field.default is None and field.name not in values]:
            raise SettingsError(f"The template needs {', '.join(missing)}.")
        return values


def parse_template(text: str, label: str) -> Template:
    """Return the template that a text is; `SettingsError` names the file, by its label, and the line of an error."""
    return _Parser(text, label).template()


class _Parser:
    """One reading of one text."""

    def __init__(self, text: str, label: str) -> None:
        self._source = text
        self._label = label
        self._fields: dict[str, Field] = {}
        self._pieces = [""]

    def template(self) -> Template:
        """Return the template."""
        at = 0
        while braces := _BRACES.search(self._source, at):
            slashes, run = braces.groups()
            self._pieces[-1] += self._source[at : braces.start()] + slashes[: len(slashes) // 2]
            if len(slashes) % 2:
                self._pieces[-1] += run
                at = braces.end()
            else:
                self._pieces[-1] += run[:-2]
                at = self._read_field(braces.end())
        self._pieces[-1] += self._source[at:]
        return Template(tuple(self._fields.values()), tuple(self._pieces))

    def _read_field(self, start: int) -> int:
        """Take up the field that begins behind these braces; return where it ends."""
        end = self._source.find("}}", start)
        if end < 0 or "\n" in self._source[start:end]:
            raise self._error(start, f"its {{{{ is not closed; {_HOW}.")
        content = self._source[start:end].strip()
        match = _FIELD.fullmatch(content)
        if match is None:
            raise self._error(start, f"{shown(content)} is no field; {_HOW}.")
        field = self._field_of(match, start)
        before = self._fields.get(field.name, field)
        plain = Field(field.name)
        if plain not in (before, field) and before != field:
            raise self._error(start, f"{field.name} has other choices or another default than before.")
        self._fields[field.name] = field if before == plain else before
        self._pieces += [field.name, ""]
        return end + 2

    def _field_of(self, match: re.Match[str], start: int) -> Field:
        name, choices, default = match["name"], match["choices"], match["default"]
        value = None if default is None else default[1:].strip()
        if choices is None:
            return Field(name, value)
        words = tuple(word.strip() for word in choices.split("|"))
        if not all(words) or len(set(words)) < len(words):
            raise self._error(start, f"the choices of {name} must be words with | between them, each once.")
        if value is not None and value not in words:
            raise self._error(start, f"the default of {name} is none of its choices.")
        return Field(name, value, words)

    def _error(self, at: int, sentence: str) -> SettingsError:
        return SettingsError(f"{self._label} line {self._source.count(chr(10), 0, at) + 1}: {sentence}")


def read_template(config_folder: Path, name: str) -> Template:
    """Return the template of a name; `SettingsError` says why there is none."""
    return parse_template(TEMPLATES.read(config_folder, name).strip("\n"), TEMPLATES.label(name))
