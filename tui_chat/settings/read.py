"""Reads a file's content into settings, and a sentence about everything that is not right in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from tui_chat.patterns import pattern
from tui_chat.records import dataclass, field
from tui_chat.settings.errors import Problem, SettingsError, nearest
from tui_chat.settings.literals import shown
from tui_chat.settings.rules import Value
from tui_chat.settings.schema import SERVERS, McpServer, Settings
from tui_chat.settings.setting_index import GROUPS, SCHEMA, Setting, settings_of, with_servers, with_values

if TYPE_CHECKING:
    from pathlib import Path as FilePath

    from tui_chat.settings.toml_places import Path

BOM = "\ufeff"
_SECRET_NAME = pattern(r"(^|_)(api_?key|auth_token|secret|password)$", re.IGNORECASE)


class NotToml(ValueError):
    """A file that cannot be read as TOML: the line, and why."""

    def __init__(self, reason: str, line: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line


@dataclass(frozen=True, slots=True)
class Loaded:
    """The content of the settings file."""

    settings: Settings = field(default_factory=Settings)
    """The settings; the default wherever the file sets nothing, or nothing that is allowed."""
    problems: tuple[Problem, ...] = ()
    """The problems of the file, for the user to see."""
    values: Mapping[str, Value] = field(default_factory=dict)
    """The allowed values that the file sets, by key."""
    paths: tuple[tuple[str, str], ...] = ()
    """The paths of the known settings that it sets, allowed or not."""
    servers: Mapping[str, McpServer] = field(default_factory=dict)
    """The MCP servers that it describes, by name."""


def decoded(content: bytes) -> str:
    """Return the content as text, its line ends and its byte order mark as they are."""
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise NotToml("it is not UTF-8 text", content.count(b"\n", 0, error.start) + 1) from None


def parsed(text: str) -> dict[str, Any]:
    """Return the text parsed as TOML."""
    import tomllib

    try:
        return tomllib.loads(text.removeprefix(BOM))
    except tomllib.TOMLDecodeError as error:
        raise _not_toml(text, str(error)) from None
    except (ValueError, RecursionError):
        raise NotToml("a value in it is too long or too deep") from None


def _not_toml(text: str, message: str) -> NotToml:
    reason, _, place = message.partition(" (at ")
    match = re.match(r"line (\d+)", place)
    line = int(match[1]) if match else text.rstrip().count("\n") + 1
    return NotToml(reason[:1].lower() + reason[1:], line)


def read_file(path: FilePath) -> Loaded:
    """Return the settings of a file, which need not exist; never raises for what is wrong with it."""
    try:
        return read(path.name, path.read_bytes())
    except FileNotFoundError:
        return Loaded()
    except OSError as error:
        return not_readable(f"{path} cannot be read ({error.strerror or error})")


def read(name: str, content: bytes) -> Loaded:
    """Return the settings that a file of this name and content stands for; never raises for what is in it."""
    try:
        text = decoded(content)
        return _Reading(name, text, parsed(text)).loaded()
    except NotToml as error:
        return not_readable(f"{name}{_at(error.line)} is not TOML ({error.reason})", error.line)
    except RecursionError:
        return not_readable(f"{name} cannot be used (a value in it is too deep)")


def not_readable(what: str, line: int | None = None) -> Loaded:
    """Return the defaults, and why they are used."""
    message = f"{what}; the defaults are used, and the file is left as it is."
    return Loaded(problems=(Problem("", message, line),))


def _at(line: int | None) -> str:
    return f" line {line}" if line else ""


class _Reading:
    """One reading of one file."""

    def __init__(self, name: str, text: str, data: dict[str, Any]) -> None:
        self._name = name
        self._text = text.removeprefix(BOM)
        self._data = data
        self._problems: list[Problem] = []
        self._servers: Mapping[str, McpServer] = {}

    def loaded(self) -> Loaded:
        """Return the settings, and their problems by line."""
        values = dict(self._values())
        self._drop_bad_keys(values)
        self._problems.sort(key=lambda problem: problem.line or 0)
        set_here = ((setting.path, self._table(group)) for group in GROUPS for setting in self._known_of(group))
        paths = tuple(path for path, table in set_here if path[1] in table)
        settings = with_servers(with_values(Settings(), values), self._servers)
        return Loaded(settings, tuple(self._problems), values, paths, self._servers)

    def _known_of(self, group: str) -> Iterable[Setting]:
        """Return the settings of a table, if the file has it."""
        return settings_of(group).values() if group in self._data else ()

    def _table(self, group: str) -> dict[str, Any]:
        table = self._data.get(group)
        return table if isinstance(table, dict) else {}

    def _values(self) -> Iterator[tuple[str, Value]]:
        """Yield the allowed values of known settings; everything else becomes a problem."""
        for group, table in self._data.items():
            if group not in GROUPS:
                self._unknown((group,), GROUPS)
            elif not isinstance(table, dict):
                self._problem((group,), f"{group} is not a table, [{group}]; it is left out.")
            else:
                for name, raw in table.items():
                    yield from self._value(group, name, raw)

    def _value(self, group: str, name: str, raw: object) -> Iterator[tuple[str, Value]]:
        setting = SCHEMA.get(f"{group}.{name}")
        if (group, name) == SERVERS:
            self._servers = self._read_servers(raw)
            return
        if setting is None:
            self._unknown((group, name), [setting.name for setting in settings_of(group).values()])
            return
        try:
            yield setting.key, setting.check(raw)
        except SettingsError as error:
            self._refused(setting, str(error))

    def _read_servers(self, raw: object) -> Mapping[str, McpServer]:
        from tui_chat.settings.mcp_servers import read_servers

        servers, problems = read_servers(raw)
        for problem in problems:
            self._problem(problem.path, problem.sentence, unknown=problem.unknown)
        return servers

    def _drop_bad_keys(self, values: dict[str, Value]) -> None:
        """Drop keys that clash, one after the other: an action that loses its key may free another's."""
        if not changed_keys(values):
            return
        from tui_chat.settings.keys import check_keys

        while bad := check_keys(changed_keys(values)):
            self._refused(SCHEMA[bad[-1].key], bad[-1].message)
            del values[bad[-1].key]

    def _refused(self, setting: Setting, why: str) -> None:
        default = "none" if setting.default is None else shown(setting.default)
        self._problem(setting.path, f"{why.rstrip('.')}; {default} is used.")

    def _unknown(self, path: Path, known: Sequence[str]) -> None:
        what = f"{shown('.'.join(path))[1:-1]} is not a setting"
        if _SECRET_NAME.search(path[-1]):
            advice = "a key is read from the environment only, never from this file."
        elif near := nearest(path[-1], known):
            advice = f"did you mean {'.'.join((*path[:-1], near))}?"
        else:
            advice = "it is ignored."
        self._problem(path, f"{what}; {advice}", unknown=True)

    def _problem(self, path: Path, sentence: str, *, unknown: bool = False) -> None:
        line = self._lines.get(path)
        self._problems.append(Problem(".".join(path), f"{self._name}{_at(line)}: {sentence}", line, unknown))

    @cached_property
    def _lines(self) -> dict[Path, int]:
        """The line on which each table and each setting begins."""
        from tui_chat.settings.toml_places import locate

        lines: dict[Path, int] = {}
        line, counted = 1, 0
        for place in locate(self._text):
            line, counted = line + self._text.count("\n", counted, place.start), place.start
            for length in range(1, len(place.path) + 1):
                lines.setdefault(place.path[:length], line)
        return lines


def changed_keys(values: Mapping[str, Value]) -> dict[str, str]:
    """Return the actions that were given other keys than usual."""
    return {key.removeprefix("keys."): str(keys) for key, keys in values.items() if key.startswith("keys.")}
