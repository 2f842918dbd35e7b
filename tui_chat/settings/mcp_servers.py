"""The MCP servers in the settings file: tables whose names are the user's, each read by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from tui_chat.patterns import pattern
from tui_chat.records import dataclass, fields
from tui_chat.settings.errors import nearest
from tui_chat.settings.literals import shown
from tui_chat.settings.rules import Address, InvalidValue, LineRule, Switch, Text, Value, ValueRule
from tui_chat.settings.schema import SERVERS, McpServer
from tui_chat.settings.toml_places import Path

LONGEST_SERVER_NAME = 32
_NAME = pattern(r"[A-Za-z0-9]+(?:[-_][A-Za-z0-9]+)*")
"""Two underlines stand between a server's name and a tool's, and none may stand at its end."""
_HEADER = pattern(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
NAMES_ALLOWED = 'letters and digits, with single "-" and "_" between them, at most 32 characters'
_LEFT_OUT = "the server is left out."


class Texts(ValueRule):
    """A list of texts, of empty ones, too."""

    allowed = 'a list of texts, as in ["one", "two"]'

    def check(self, raw: object) -> Value:
        """Return a TOML array of texts."""
        if not isinstance(raw, list | tuple):
            raise InvalidValue
        return tuple(Text().check(word) for word in raw)


class Variables(ValueRule):
    """The names of environment variables."""

    allowed = 'a list of names of environment variables, as in ["API_KEY"], never their values'

    def check(self, raw: object) -> Value:
        """Return a TOML array of names."""
        if not isinstance(raw, list | tuple) or not all(is_variable(word) for word in raw):
            raise InvalidValue
        return tuple(raw)


class Rule(Protocol):
    """Tells values of a server that are allowed from others."""

    @property
    def allowed(self) -> str:
        """The allowed values, in a few words."""

    def check(self, raw: object) -> object:
        """Return the value of what a TOML file holds; raise `InvalidValue` if it is not allowed."""


class Headers:
    """A table of headers, each with the name of a variable: capital letters, as hardly any secret has them alone."""

    allowed = 'a table of headers with names of environment variables, as in { Authorization = "MY_TOKEN" }'

    def check(self, raw: object) -> tuple[tuple[str, str], ...]:
        """Return the pairs of a TOML table."""
        if not isinstance(raw, dict) or not all(_HEADER.fullmatch(name) for name in raw):
            raise InvalidValue
        if not all(is_variable(word) and word == word.upper() for word in raw.values()):
            raise InvalidValue
        return tuple(raw.items())


_RULES: Mapping[str, Rule] = {
    "command": LineRule(4096),
    "args": Texts(),
    "env": Variables(),
    "url": Address(),
    "headers": Headers(),
    "enabled": Switch(),
}


@dataclass(frozen=True, slots=True)
class ServerProblem:
    """Something that is not right with a server."""

    path: Path
    sentence: str
    unknown: bool = False


def is_variable(word: object) -> bool:
    """True if a variable of the environment can have this name."""
    return isinstance(word, str) and re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", word) is not None


def is_server_name(name: str) -> bool:
    """True if a server can have this name."""
    return len(name) <= LONGEST_SERVER_NAME and _NAME.fullmatch(name) is not None


def read_servers(raw: object) -> tuple[Mapping[str, McpServer], list[ServerProblem]]:
    """Return the servers of a table, and what is not right in it: a server that is not right is left out."""
    problems: list[ServerProblem] = []
    if not isinstance(raw, dict):
        return {}, [ServerProblem(SERVERS, "mcp.servers is not a table, [mcp.servers.NAME]; it is left out.")]
    servers: dict[str, McpServer] = {}
    for name, table in raw.items():
        found = list(_problems(name, table))
        problems += found
        if all(problem.unknown for problem in found):
            values: dict[str, Any] = {key: _RULES[key].check(value) for key, value in table.items() if key in _RULES}
            servers[name] = McpServer(**values)
    return servers, problems


def values_of(server: McpServer) -> Mapping[Path, Value]:
    """Return what is written of a new server, by its place in the server's table: all that is not the default."""
    default = McpServer()
    values = {item.name: getattr(server, item.name) for item in fields(McpServer) if item.name != "headers"}
    changed: dict[Path, Value] = {(key,): value for key, value in values.items() if value != getattr(default, key)}
    return {**changed, **{("headers", header): variable for header, variable in server.headers}}


def _problems(name: str, table: object) -> Iterator[ServerProblem]:
    path = (*SERVERS, name)
    label = f"mcp.servers.{name}" if is_server_name(name) else f"mcp.servers.{shown(name)}"
    if not is_server_name(name):
        yield ServerProblem(path, f"{label}: the name is not allowed ({NAMES_ALLOWED}); {_LEFT_OUT}")
    if not isinstance(table, dict):
        yield ServerProblem(path, f"{label} is not a table; {_LEFT_OUT}")
        return
    for key, value in table.items():
        yield from _problems_of_value((*path, key), f"{label}.{key}", value)
    if bool(table.get("command")) == bool(table.get("url")):
        yield ServerProblem(path, f"{label} needs either a command or a url; {_LEFT_OUT}")


def _problems_of_value(path: Path, label: str, value: object) -> Iterator[ServerProblem]:
    rule = _RULES.get(path[-1])
    if rule is None:
        near = nearest(path[-1], _RULES)
        advice = f"did you mean {near}?" if near else "it is ignored."
        yield ServerProblem(path, f"{shown(label)[1:-1]} is not a setting; {advice}", unknown=True)
        return
    try:
        rule.check(value)
    except InvalidValue:
        # What stands there may be a secret, so it is not quoted.
        yield ServerProblem(path, f"{label} is not {rule.allowed}; {_LEFT_OUT}")
