"""The request to a provider."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby, zip_longest

from tui_chat.chat.events import JsonObject
from tui_chat.chat.message import Message, Role
from tui_chat.chat.parts import (
    UNREADABLE,
    FilePart,
    OpaquePart,
    Part,
    TextPart,
    ThinkingPart,
    ToolCallPart,
    ToolResultPart,
    is_thinking,
)
from tui_chat.records import dataclass, replace
from tui_chat.text import reading


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn as it is sent: who speaks, and with what."""

    role: Role
    parts: tuple[Part, ...]


SERVER_END = "__"
"""Stands between a server and its tool in the name that the tool is offered by; no name of a server has it."""


def tool_key(offered_name: str) -> str:
    """Return a tool as it is written beside its server (`server:tool`), by the name that it was offered by."""
    server, between, tool = offered_name.partition(SERVER_END)
    return f"{server}:{tool}" if server and between and tool else offered_name


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool of ours that the model may call."""

    name: str
    description: str
    input_schema: JsonObject
    """The JSON schema of its arguments."""
    server: str = ""
    """The server that it is a tool of."""
    own_name: str = ""
    """Its name there."""
    read_only: bool = False
    """True if that server says that it changes nothing."""


@dataclass(frozen=True, slots=True)
class ReplyRequest:
    """One request for one reply, in terms that every provider can map to its own."""

    model: str
    turns: tuple[Turn, ...]
    system: str = ""
    max_tokens: int | None = None
    """The most that the model may write; None asks for the model's own limit."""
    temperature: float | None = None
    thinking: str = "off"
    """"off", "on", an effort ("low", "medium", "high") or a budget in tokens ("4096")."""
    stop_sequences: tuple[str, ...] = ()
    prompt_caching: bool = True
    web_search: bool = False
    code_execution: bool = False
    tools: tuple[Tool, ...] = ()
    betas: tuple[str, ...] = ()
    schema: JsonObject | None = None
    """The JSON schema of the reply, which then is a JSON document."""


def tool_names(request: ReplyRequest) -> list[str]:
    """Return the tools that a request offers, as they are told to the user."""
    theirs = (("web search", request.web_search), ("code execution", request.code_execution))
    return [*(name for name, offered in theirs if offered), *(tool_key(tool.name) for tool in request.tools)]


def turns_from(messages: Iterable[Message]) -> tuple[Turn, ...]:
    """Return the history as the API will take it: roles in order, no empty turn, no tool call left dangling.

    A reply that was stopped before its first text, or that has nothing but thinking, has nothing to send; the two
    prompts around it are joined. One empty assistant turn would make every later request fail.
    """
    turns: list[Turn] = []
    history = [said for message in messages for said in _exchanges(message)]
    for message, following in zip_longest(history, history[1:]):
        parts = _sendable(message, turns[-1] if turns else None, following)
        if not any(isinstance(part, TextPart | FilePart | ToolCallPart | ToolResultPart) for part in parts):
            continue
        if turns and turns[-1].role is message.role:
            turns[-1] = Turn(message.role, _joined(turns[-1].parts, parts))
        elif turns or message.role is Role.USER:
            turns.append(Turn(message.role, parts))
    return tuple(turns)


def _exchanges(message: Message) -> Iterator[Message]:
    """Yield a message as it was said: a reply that called tools of ours in turns with their results."""
    if message.role is Role.USER or not message.parts:
        yield message
        return
    for answers, parts in groupby(message.parts, key=lambda part: isinstance(part, ToolResultPart)):
        yield replace(message, role=Role.USER if answers else message.role, parts=tuple(parts))


def turns_of(parts: tuple[Part, ...]) -> tuple[Turn, ...]:
    """Return the turns of a reply so far, up to the last results of its calls."""
    prompt = Message(Role.USER, (TextPart("."),))  # no conversation begins with a reply
    return turns_from([prompt, Message(Role.ASSISTANT, parts)])[1:]


def before_and_after_results(parts: tuple[Part, ...]) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
    """Return a reply's parts up to the last result of a call, and those that came after it."""
    at = max((place for place, part in enumerate(parts, 1) if isinstance(part, ToolResultPart)), default=0)
    return parts[:at], parts[at:]


def _sendable(message: Message, before: Turn | None, after: Message | None) -> tuple[Part, ...]:
    """Return the parts that can be sent, results of our tools first: they belong right after their calls."""
    parts = without_blank_texts(message.parts)
    asked = {part.id for part in parts if isinstance(part, ToolCallPart)}
    asked_before = _calls_in(before)
    answered = {reading.name(part.block.get("tool_use_id")) for part in parts if isinstance(part, OpaquePart)}
    answered_after = _results_in(after)
    kept: list[Part] = []
    for part in parts:
        match part:
            case ThinkingPart(signature=""):
                continue
            case OpaquePart(kind=kind) if kind == UNREADABLE:
                continue
            case FilePart(name=name, lost=True):
                part = TextPart(f"[The file {name} went with this, and is lost.]\n\n")
            case ToolCallPart(id=call, server=server) if call not in (answered if server else answered_after):
                continue
            case OpaquePart(block=block) if "tool_use_id" in block and reading.name(block["tool_use_id"]) not in asked:
                continue
            case ToolResultPart(call_id=call) if message.role is not Role.USER or call not in asked_before:
                continue
        kept.append(part)
    return tuple(sorted(kept, key=lambda part: not isinstance(part, ToolResultPart)))


def without_blank_texts(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """Return the parts without the texts that have nothing but blanks: the API takes none of these."""
    return tuple(part for part in parts if not (isinstance(part, TextPart) and not part.text.strip()))


def _calls_in(turn: Turn | None) -> set[str]:
    """Return the calls of our tools in a reply, which what follows it may answer."""
    if turn is None or turn.role is not Role.ASSISTANT:
        return set()
    return {part.id for part in turn.parts if isinstance(part, ToolCallPart) and not part.server}


def _results_in(message: Message | None) -> set[str]:
    """Return the calls that a message of the user's answers."""
    if message is None or message.role is not Role.USER:
        return set()
    return {part.call_id for part in message.parts if isinstance(part, ToolResultPart)}


def _without_thinking(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    return tuple(part for part in parts if not is_thinking(part))


def _joined(earlier: tuple[Part, ...], later: tuple[Part, ...]) -> tuple[Part, ...]:
    """Return two turns of one role as one; a blank line keeps their texts apart.

    Thinking is valid in the turn that it began, and in no other.
    """
    earlier, later = _without_thinking(earlier), _without_thinking(later)
    match earlier[-1], later[0]:
        case TextPart(before), TextPart(after) if not (earlier[-1].citations or later[0].citations):
            return (*earlier[:-1], TextPart(f"{before}\n\n{after}"), *later[1:])
    return (*earlier, *later)
