"""Conversations as JSON: what `history show` and `history export` print, and what `history import` takes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TypeGuard

from tui_chat.chat.imported import ImportedConversation, settings_with_ids, stable_id
from tui_chat.chat.leave import KEPT
from tui_chat.chat.message import Conversation, Message, Role, StreamingStatus, title_of, utc_now
from tui_chat.chat.metadata import Mode, ReplyMetadata, ReplyMetrics
from tui_chat.chat.parts import Part, parts_from_json, parts_to_json, text_of
from tui_chat.chat.summary import Summary
from tui_chat.patterns import pattern
from tui_chat.records import fields, replace
from tui_chat.storage.exchanged_marks import marks_in
from tui_chat.storage.rows import plain_parts
from tui_chat.text.limits import EARLIEST_YEAR, LATEST_YEAR, LONGEST_REPLY
from tui_chat.text.reading import mapping, moment, name, quoted

FORMAT = "tui-chat"
VERSION = 1
LONGEST_SETTING = 1000
"""Characters that a conversation's own setting may have in a file, its key included."""
_OUR_ID = pattern(r"[0-9a-f]{32}")


def conversation_to_json(conversation: Conversation) -> dict[str, object]:
    """Return the JSON that `history show ID --format json` prints."""
    return {
        "id": conversation.id,
        "title": conversation.title,
        "model": conversation.model,
        "created_at": conversation.created_at.isoformat(),
        "updated_at": conversation.updated_at.isoformat(),
        "messages": [_message_to_json(message) for message in conversation.messages],
    }


def exported(
    conversation: Conversation, other_branches: Iterable[Message], settings: Mapping[str, str]
) -> dict[str, object]:
    """Return the JSON of an export: also format, thinking, tool calls, its own settings, messages on other branches."""
    data = {"format": FORMAT, "version": VERSION} | conversation_to_json(conversation)
    data["messages"] = [_whole_to_json(message) for message in conversation.messages]
    branches = [_whole_to_json(message) | {"parent_id": message.parent_id} for message in other_branches]
    return data | ({"settings": settings} if settings else {}) | ({"branches": branches} if branches else {})


def imported(data: object) -> ImportedConversation:
    """Return a conversation, the messages on its other branches, its own settings; ValueError says what is wrong.

    It takes what `exported` gives, and messages that have nothing but `role` and `text`, in the order of the array.
    """
    match data:
        case {"messages": list(items)} if isinstance(data, Mapping):
            _check_format(data)
            branches = data.get("branches")
            others = branches if isinstance(branches, list) else []
            read = [_checked_message(item, f"Message {number}") for number, item in enumerate(items, start=1)]
            ids = _Ids(data, read)
            messages = _in_order(items, read, ids)
            conversation = _conversation(data, messages, ids.conversation)
            off_branch = _other_branches(others, ids)
            settings = _settings(data.get("settings"), ids.known)
            return ImportedConversation(conversation, off_branch, settings, marks_in(data, messages, off_branch))
    raise ValueError('Not a conversation: there is no list of "messages".')


class _Ids:
    """The ids that a conversation and its messages have whenever they are imported.

    They are their own, as far as they are some of ours; others, and missing ones, are made of what there is.
    """

    def __init__(self, data: Mapping[str, object], messages: Sequence[Message]) -> None:
        self.known: dict[str, str] = {}
        """The ids of the messages, by those that they have in the file."""
        self._used: set[str] = set()
        given = data.get("id")
        begin = [text for message in messages[:2] for text in (message.role.value, message.text)]
        names = [given] if isinstance(given, str) else [name(data.get("title")), *begin]
        self.conversation = given if _is_ours(given) else stable_id(FORMAT, *names)

    def of(self, item: object, message: Message, parent_id: str | None) -> str:
        """Return the id of a message, which is known from now on."""
        given = mapping(item).get("id")
        if _is_ours(given) and given not in self._used:
            id = given
        elif isinstance(given, str):
            id = stable_id(self.conversation, given)
        else:
            id = stable_id(self.conversation, parent_id or "", message.role.value, message.text)
        while id in self._used:
            id = stable_id(id)
        self._used.add(id)
        if isinstance(given, str):
            self.known[given] = id
        return id


def _is_ours(value: object) -> TypeGuard[str]:
    return isinstance(value, str) and _OUR_ID.fullmatch(value) is not None


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


def _whole_to_json(message: Message) -> dict[str, object]:
    plain = message.parts == plain_parts(message.text)
    parts = {} if plain else {"parts": parts_to_json(message.parts)}
    summary = {} if message.summary is None else {"summary": message.summary.to_json()}
    return _message_to_json(message) | parts | summary


def _check_format(data: Mapping[str, object]) -> None:
    if data.get("format", FORMAT) != FORMAT:
        raise ValueError(f"Not a conversation of tui-chat: its format is {quoted(data['format'])}.")
    if data.get("version", VERSION) != VERSION:
        raise ValueError(
            f"This file has version {quoted(data['version'])} of the format; only {VERSION} is known here."
        )


def _conversation(data: Mapping[str, object], messages: tuple[Message, ...], id: str) -> Conversation:
    if not messages:
        raise ValueError("There is no message in it.")
    return Conversation(
        id,
        title=name(data.get("title")) or title_of(messages[0]),
        model=name(data.get("model")),
        created_at=_time(data.get("created_at")) or messages[0].created_at,
        updated_at=_time(data.get("updated_at")) or messages[-1].created_at,
        messages=messages,
    )


def _settings(data: object, ids: Mapping[str, str]) -> dict[str, str]:
    """Return the conversation's own settings; one that names a message names the same one under its new id."""
    said = {key: value for key, value in mapping(data).items() if isinstance(value, str)}
    texts = {key: value for key, value in said.items() if not key.startswith(KEPT)}
    return settings_with_ids({key: value for key, value in texts.items() if len(key + value) <= LONGEST_SETTING}, ids)


def _in_order(items: Sequence[object], read: Sequence[Message], ids: _Ids) -> tuple[Message, ...]:
    """Return the messages, each after the one before it."""
    messages: list[Message] = []
    for item, message in zip(items, read, strict=True):
        parent_id = messages[-1].id if messages else None
        messages.append(replace(message, id=ids.of(item, message, parent_id), parent_id=parent_id))
    return tuple(messages)


def _other_branches(items: Sequence[object], ids: _Ids) -> tuple[Message, ...]:
    """Return the messages of other branches; one whose parent is unknown begins a branch of its own."""
    messages: list[Message] = []
    for number, item in enumerate(items, start=1):
        message = _checked_message(item, f"Message {number} of the branches")
        parent = mapping(item).get("parent_id")
        parent_id = ids.known.get(parent) if isinstance(parent, str) else None
        messages.append(replace(message, id=ids.of(item, message, parent_id), parent_id=parent_id))
    return tuple(messages)


def _checked_message(item: object, name: str) -> Message:
    try:
        return _message(item)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name} cannot be read: {str(error).removesuffix('.')}.") from error


def _message(data: object) -> Message:
    if not isinstance(data, Mapping):
        raise TypeError("it is not an object")
    if data.get("role") not in ("user", "assistant"):
        raise ValueError('its role is neither "user" nor "assistant"')
    metadata = data.get("stream_metadata")
    return Message(
        Role(data["role"]),
        _parts(data),
        _status(data.get("streaming_status")),
        _metadata(metadata) if isinstance(metadata, Mapping) else ReplyMetadata(),
        created_at=_time(data.get("created_at")) or utc_now(),
        summary=Summary.from_json(data.get("summary")),
    )


def _parts(data: Mapping[str, object]) -> tuple[Part, ...]:
    """Return the parts, if they say what the text says: whoever changed the text meant that."""
    parts, text = data.get("parts"), data.get("text")
    if not isinstance(text, str):
        raise TypeError("it has no text")
    if len(text) > LONGEST_REPLY:
        raise ValueError(f"its text has more than {LONGEST_REPLY:,} characters")
    if isinstance(parts, list) and all(isinstance(part, Mapping) for part in parts):
        read = parts_from_json(parts)
        if text_of(read) == text:
            return read
    return plain_parts(text)


def _status(value: object) -> StreamingStatus:
    """Return the status; a reply that was under way when it was exported will not come any more."""
    known = {None: StreamingStatus.COMPLETE} | {status.value: status for status in StreamingStatus}
    status = known.get(value) if isinstance(value, str | None) else None
    if status is None:
        raise ValueError(f"{quoted(value)} is not a streaming_status")
    return StreamingStatus.INTERRUPTED if status.live or status is StreamingStatus.CANCELLED else status


def _metadata(data: Mapping[str, object]) -> ReplyMetadata:
    """Return the figures of a reply. A value of the wrong kind is refused, an impossible one is unknown."""
    seams = data.get("seams") or []
    metrics = mapping(data.get("metrics"))
    numbers = [data.get("cost_usd"), *(metrics.get(field.name) for field in fields(ReplyMetrics))]
    numbers += seams if isinstance(seams, list) else ["none"]
    texts = [data.get("provider"), data.get("model"), data.get("stop_reason")]
    if not (
        all(isinstance(number, int | float | None) for number in numbers)
        and all(isinstance(text, str | None) for text in texts)
        and isinstance(data.get("error") or {}, Mapping)
    ):
        raise TypeError("its stream_metadata has a value of the wrong kind")
    if (mode := data.get("mode") or Mode.STREAM) not in list(Mode):
        raise ValueError(f"{quoted(mode)} is not a mode")
    return ReplyMetadata.from_json(data)


def _time(value: object) -> datetime | None:
    """Return a time; one without a time zone is taken to be in UTC."""
    if not isinstance(value, str):
        return None
    try:
        return moment(value)
    except ValueError:
        years = f"{EARLIEST_YEAR} to {LATEST_YEAR}"
        raise ValueError(f"{quoted(value)} is not a time of the years {years}.") from None
