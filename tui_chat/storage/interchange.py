"""Conversations as JSON: what `history show` and `history export` print, and what `history import` takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from tui_chat.chat.message import Conversation, Message, Role, StreamingStatus, new_id, title_from, utc_now
from tui_chat.chat.metadata import ReplyMetadata
from tui_chat.chat.parts import Part, TextPart, parts_from_json, parts_to_json

FORMAT = "tui-chat"
VERSION = 1


def conversation_to_json(conversation: Conversation) -> dict[str, object]:
    """What `history show ID --format json` prints."""
    return {
        "id": conversation.id,
        "title": conversation.title,
        "model": conversation.model,
        "created_at": conversation.created_at.isoformat(),
        "updated_at": conversation.updated_at.isoformat(),
        "messages": [_message_to_json(message) for message in conversation.messages],
    }


def exported(conversation: Conversation) -> dict[str, object]:
    """The same with what a later version must know, and with the parts that the text alone does not give back."""
    data = conversation_to_json(conversation)
    messages = [
        _message_to_json(message) | {"parts": parts_to_json(message.parts)} for message in conversation.messages
    ]
    return {"format": FORMAT, "version": VERSION, **data, "messages": messages}


def imported(data: object) -> Conversation:
    """A new conversation of what `exported` gave, or of messages that have nothing but `role` and `text`."""
    match data:
        case {"messages": list(items)} if isinstance(data, Mapping):
            _check_format(data)
            return _conversation(data, _messages(items))
    raise ValueError('Not a conversation: there is no list of "messages".')


def _check_format(data: Mapping[str, object]) -> None:
    if data.get("format", FORMAT) != FORMAT:
        raise ValueError(f"Not a conversation of tui-chat: its format is {data['format']!r}.")
    if data.get("version", VERSION) != VERSION:
        raise ValueError(f"This file has version {data['version']!r} of the format; only {VERSION} is known here.")


def _conversation(data: Mapping[str, object], messages: tuple[Message, ...]) -> Conversation:
    if not messages:
        raise ValueError("There is no message in it.")
    return Conversation(
        title=_text(data, "title") or title_from(messages[0].text),
        model=_text(data, "model"),
        created_at=_time(data.get("created_at")) or messages[0].created_at,
        updated_at=_time(data.get("updated_at")) or messages[-1].created_at,
        messages=messages,
    )


def _message_to_json(message: Message) -> dict[str, object]:
    whole = message.status is StreamingStatus.COMPLETE
    return {
        "id": message.id,
        "role": message.role.value,
        "text": message.text,
        "streaming_status": message.status.value,
        "partial_content": None if whole else message.text,
        "stream_metadata": message.metadata.to_json() if message.role is Role.ASSISTANT else None,
        "created_at": message.created_at.isoformat(),
    }


def _messages(items: Sequence[object]) -> tuple[Message, ...]:
    messages: list[Message] = []
    for number, item in enumerate(items, start=1):
        try:
            messages.append(_message(item, messages[-1].id if messages else None))
        except (ValueError, TypeError) as error:
            raise ValueError(f"Message {number} cannot be read: {error}.") from error
    return tuple(messages)


def _message(data: object, parent_id: str | None) -> Message:
    if not isinstance(data, Mapping):
        raise TypeError("it is not an object")
    if data.get("role") not in ("user", "assistant"):
        raise ValueError('its role is neither "user" nor "assistant"')
    metadata = data.get("stream_metadata")
    return Message(
        Role(data["role"]),
        _parts(data),
        _status(data.get("streaming_status")),
        ReplyMetadata.from_json(metadata) if isinstance(metadata, Mapping) else ReplyMetadata(),
        new_id(),
        parent_id,
        _time(data.get("created_at")) or utc_now(),
    )


def _parts(data: Mapping[str, object]) -> tuple[Part, ...]:
    parts, text = data.get("parts"), data.get("text")
    if isinstance(parts, list):
        return parts_from_json(parts)
    if not isinstance(text, str):
        raise TypeError("it has no text")
    return (TextPart(text),) if text else ()


def _status(value: object) -> StreamingStatus:
    """A reply that was under way when it was exported will not come any more."""
    status = StreamingStatus(str(value)) if value is not None else StreamingStatus.COMPLETE
    return StreamingStatus.INTERRUPTED if status.live else status


def _time(value: object) -> datetime | None:
    return datetime.fromisoformat(value) if isinstance(value, str) else None


def _text(data: Mapping[str, object], name: str) -> str:
    value = data.get(name)
    return value if isinstance(value, str) else ""
