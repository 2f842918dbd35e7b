"""What is asked of a provider."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tui_chat.chat.message import Message, Role
from tui_chat.chat.parts import UNREADABLE, OpaquePart, Part, TextPart, ThinkingPart, ToolCallPart
from tui_chat.text import reading


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn as it is sent: who speaks, and with what."""

    role: Role
    parts: tuple[Part, ...]


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
    betas: tuple[str, ...] = ()


def turns_from(messages: Iterable[Message]) -> tuple[Turn, ...]:
    """The history as the API will take it: roles in order, no empty turn, no tool call left dangling.

    A reply that was stopped before its first text, or that has nothing but thinking, has nothing to send; the two
    prompts around it are joined. One empty assistant turn would make every later request fail.
    """
    turns: list[Turn] = []
    for message in messages:
        parts = _sendable(message)
        if not any(isinstance(part, TextPart | ToolCallPart) for part in parts):
            continue
        if turns and turns[-1].role is message.role:
            turns[-1] = Turn(message.role, _joined(turns[-1].parts, parts))
        else:
            turns.append(Turn(message.role, parts))
    while turns and turns[0].role is Role.ASSISTANT:
        turns.pop(0)
    return tuple(turns)


def _sendable(message: Message) -> tuple[Part, ...]:
    parts = [part for part in message.parts if not (isinstance(part, TextPart) and not part.text.strip())]
    answered = {reading.name(part.block.get("tool_use_id")) for part in parts if isinstance(part, OpaquePart)}
    asked = {part.id for part in parts if isinstance(part, ToolCallPart)}
    kept: list[Part] = []
    for part in parts:
        match part:
            case ThinkingPart(signature=""):
                continue
            case OpaquePart(kind=kind) if kind == UNREADABLE:
                continue
            case ToolCallPart(id=call) if call not in answered:
                continue
            case OpaquePart(block=block) if "tool_use_id" in block and reading.name(block["tool_use_id"]) not in asked:
                continue
        kept.append(part)
    return tuple(kept)


def _joined(earlier: tuple[Part, ...], later: tuple[Part, ...]) -> tuple[Part, ...]:
    """Two turns of one role as one; a blank line keeps their texts apart."""
    match earlier[-1], later[0]:
        case TextPart(before), TextPart(after) if not (earlier[-1].citations or later[0].citations):
            return (*earlier[:-1], TextPart(f"{before}\n\n{after}"), *later[1:])
    return (*earlier, *later)
