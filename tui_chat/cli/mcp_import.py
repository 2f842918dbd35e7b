"""The `mcpServers` JSON that other clients use, as servers of ours: without the values of any variable."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from tui_chat.cli.output import Complaint
from tui_chat.records import dataclass, field
from tui_chat.settings import McpServer
from tui_chat.settings.literals import shown
from tui_chat.settings.mcp_servers import LONGEST_SERVER_NAME, is_variable, read_servers
from tui_chat.text import reading
from tui_chat.text.limits import LARGEST_TEXT_BYTES

_REFERENCE = re.compile(r"\$\{(?:env:)?([A-Z_][A-Z0-9_]*)\}")
"""A value that is nothing but a variable's, as several clients write it."""
PLACES = ("mcpServers", "servers", "mcp")
"""The objects that hold the servers, in the files of several clients."""


@dataclass
class Foreign:
    """The servers of another client."""

    servers: dict[str, McpServer] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


def read_foreign(path: Path) -> Foreign:
    """Return the servers of a file; a complaint says why it cannot be read."""
    try:
        content = path.expanduser().read_bytes()
    except (OSError, RuntimeError) as error:
        raise Complaint(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}.") from None
    try:
        data = reading.bounded(reading.parsed(content if len(content) <= LARGEST_TEXT_BYTES else b""))
    except ValueError:
        raise Complaint(f"{path} is not JSON.") from None
    tables = next(filter(None, (reading.mapping(reading.mapping(data).get(place)) for place in PLACES)), None)
    if tables is None:
        raise Complaint(f"{path} has no object `mcpServers` with servers in it.")
    found = Foreign()
    for name, table in tables.items():
        _take(found, name, reading.mapping(table))
    return found


def _take(found: Foreign, foreign_name: str, table: Mapping[str, object]) -> None:
    name = _own_name(foreign_name)
    if name in found.servers:
        found.problems.append(f"{shown(foreign_name)} is left out: its name is too much like another one's.")
        return
    servers, problems = read_servers({name: dict(_values(name, table))})
    found.servers.update(servers)
    if name not in servers:
        found.problems.append(f"{shown(foreign_name)} is left out. {problems[0].sentence}")


def _values(name: str, table: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    """Yield what we know of a server: of its variables the names alone, and of its headers those of variables."""
    for key in ("command", "args"):
        if key in table:
            yield key, table[key]
    if url := table.get("url") or table.get("serverUrl") or table.get("httpUrl"):
        yield "url", url
        if headers := reading.mapping(table.get("headers")):
            yield "headers", {header: _variable_of(name, header, value) for header, value in headers.items()}
    if variables := [variable for variable in reading.mapping(table.get("env")) if is_variable(variable)]:
        yield "env", variables
    if table.get("disabled") is True or table.get("enabled") is False:
        yield "enabled", False


def _variable_of(server: str, header: str, value: object) -> str:
    """Return the variable that a header's value comes from: the one that it names, or one named after the header."""
    named = _REFERENCE.fullmatch(value) if isinstance(value, str) else None
    return named[1] if named else re.sub("[^A-Z0-9]+", "_", f"{server}_{header}".upper())


def _own_name(name: str) -> str:
    """Return a name that a server can have here."""
    return re.sub("[^A-Za-z0-9]+", "-", name)[:LONGEST_SERVER_NAME].strip("-")
