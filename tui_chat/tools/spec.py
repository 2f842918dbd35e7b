"""A server as the settings describe it, and as it stands now."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from tui_chat.records import dataclass, field


@dataclass(frozen=True, slots=True)
class ServerSpec:
    """The way to one server: a command that starts it, or an address."""

    name: str
    command: str = ""
    args: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict, repr=False)
    """All of the variables that its process has."""
    url: str = field(default="", repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    """The headers that are sent to it."""


@dataclass(frozen=True, slots=True)
class Patience:
    """The seconds that servers are given."""

    start_s: float = 30.0
    """To start and to tell which tools they have; what is fetched at the first start takes its time."""
    list_s: float = 10.0
    """To tell it again."""
    call_s: float = 120.0
    """To answer a call."""
    read_s: float = 30.0
    """To give a resource."""
    end_s: float = 0.5
    """To end by themselves, and once more after they were told to."""


class ServerState(StrEnum):
    """The states of a server."""

    IDLE = "not started"
    STARTING = "starting"
    READY = "ready"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class ServerStatus:
    """A server as it stands now."""

    state: ServerState = ServerState.IDLE
    tools: int = 0
    problem: str = ""
    """The sentence that says why it failed."""


@dataclass(frozen=True, slots=True)
class PromptField:
    """Something that a server's prompt asks for."""

    name: str
    required: bool = False


@dataclass(frozen=True, slots=True)
class ServerPrompt:
    """A prompt that a server has."""

    server: str
    name: str
    about: str = ""
    fields: tuple[PromptField, ...] = ()


@dataclass(frozen=True, slots=True)
class ServerResource:
    """Something that a server lets be read."""

    server: str
    uri: str
    """Its address there; of a template, the template."""
    name: str
    about: str = ""
    is_template: bool = False
    """True if its address has yet to be completed."""


@dataclass(frozen=True, slots=True)
class ResourceContent:
    """A part of what a server gave for a resource."""

    uri: str
    content: bytes = field(repr=False)
