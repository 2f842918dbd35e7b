"""Marks in an exported conversation: optional fields, which older files lack and older programs ignore."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime

from tui_chat.chat.marks import ConversationMarks
from tui_chat.chat.message import Message
from tui_chat.chat.tags import tags_in
from tui_chat.text.reading import mapping, moment

BOOKMARKED = "bookmarked_at"


def with_marks(exported: Mapping[str, object], marks: ConversationMarks) -> dict[str, object]:
    """Return an exported conversation with its marks."""
    data = dict(exported)
    for place in ("messages", "branches"):
        if place in data:
            data[place] = [_with_bookmark(item, marks.bookmarks) for item in _items(data, place)]
    if marks.pinned:
        data["pinned"] = True
    if marks.archived:
        data["archived"] = True
    return data | ({"tags": list(marks.tags)} if marks.tags else {})


def marks_in(data: object, messages: Sequence[Message], others: Sequence[Message]) -> ConversationMarks:
    """Return the marks in an exported conversation, whose messages have these ids now; what is no mark is left out."""
    fields = mapping(data)
    tags = fields.get("tags")
    texts = [tag for tag in tags if isinstance(tag, str)] if isinstance(tags, list) else []
    items = [*_items(fields, "messages"), *_items(fields, "branches")]
    read = [*messages, *others]
    since = {
        message.id: at
        for item, message in zip(items, read, strict=True)
        if (at := _time(mapping(item).get(BOOKMARKED))) is not None
    }
    pinned, archived = fields.get("pinned") is True, fields.get("archived") is True
    return ConversationMarks(pinned, archived, tags_in(" ".join(texts)), since)


def _with_bookmark(item: object, bookmarks: Mapping[str, datetime]) -> object:
    message = mapping(item)
    since = bookmarks.get(str(message.get("id")))
    return {**message, BOOKMARKED: since.isoformat()} if since is not None else item


def _items(data: Mapping[str, object], place: str) -> Sequence[object]:
    items = data.get(place)
    return items if isinstance(items, list) else ()


def _time(value: object) -> datetime | None:
    with suppress(ValueError):
        return moment(value) if isinstance(value, str) else None
    return None
