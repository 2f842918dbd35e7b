"""The size of a request on the wire, where files go with every request of their conversation."""

from __future__ import annotations

from collections.abc import Sequence

from tui_chat.chat.estimate import utf8_size
from tui_chat.chat.message import Message
from tui_chat.chat.parts import FilePart, OpaquePart, Part, TextPart, ThinkingPart, ToolCallPart, ToolResultPart
from tui_chat.program.provider_choice import ProviderChoice
from tui_chat.program.sent_files import unsendable, with_names
from tui_chat.providers import is_claude
from tui_chat.text.limits import LARGEST_REQUEST_BYTES


def most_bytes(provider: ProviderChoice, model: str) -> int | None:
    """Return the bytes that a request to a model may have; None where no limit is known."""
    return LARGEST_REQUEST_BYTES if is_claude(provider.name, model) else None


def bytes_to_send(messages: Sequence[Message], provider: ProviderChoice, model: str) -> int:
    """Return the bytes of these messages as they are sent, some files by name only; a little less than on the wire."""
    sent = with_names(messages, unsendable(messages, provider, model))
    return sum(map(message_bytes, sent))


def message_bytes(message: Message) -> int:
    """Return the bytes of a message."""
    return sum(map(_part_bytes, message.parts))


def _part_bytes(part: Part) -> int:
    match part:
        case FilePart():
            return utf8_size(part.data)
        case TextPart(text) | ThinkingPart(text) | ToolResultPart(text=text):
            return utf8_size(text)
        case ToolCallPart(_, _, arguments):
            return utf8_size(arguments)
        case OpaquePart():
            return 0
