"""Conversion between values and columns."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import TypeAlias, TypeVar

from tui_chat.chat.accumulator import ReplyAccumulator
from tui_chat.chat.events import MessageStart, ReplyRestarted, event_from_json
from tui_chat.chat.message import Conversation, ConversationSummary, Message, Role, StreamingStatus
from tui_chat.chat.metadata import ReplyMetadata
from tui_chat.chat.parts import Part, TextPart, parts_to_json, readable_parts, text_of
from tui_chat.chat.summary import Summary
from tui_chat.text.reading import count, identifier, mapping, name, parsed, stored_moment

SqlText: TypeAlias = str | bytes
T = TypeVar("T")


def to_column(text: str) -> SqlText:
    """Return text for a column. A lone surrogate is not valid in UTF-8: text with one is kept, exactly, as bytes."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")
    return text


def from_column(value: SqlText | None) -> str:
    """Return the text that `to_column` took; of bytes that it never wrote, what can be read."""
    if isinstance(value, bytes):
        try:
            return value.decode("utf-8", "surrogatepass")
        except UnicodeDecodeError:
            return value.decode("utf-8", "replace")
    return value if isinstance(value, str) else ""


def comparable(text: str) -> str:
    """Return a text that SQLite can compare: lone surrogates are replaced."""
    return text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")


def folded(value: SqlText | None) -> str:
    """Return a stored text without regard to letter case; in SQL, this is a function."""
    return comparable(from_column(value).casefold())


def sensible(rows: Iterable[sqlite3.Row], make: Callable[[sqlite3.Row], T]) -> Iterator[T]:
    """Yield what `make` returns for each row, skipping rows that only a failing disk or a foreign program can make."""
    for row in rows:
        with suppress(ValueError, TypeError):
            yield make(row)


def json_to_column(value: object) -> SqlText:
    """Return JSON for a column, legible with any SQLite tool; what JSON does not know must not lose the rest."""
    return to_column(json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_to_json))


def time_to_column(time: datetime) -> str:
    """Return a time in UTC; such texts sort as the times do."""
    return time.astimezone(UTC).isoformat(timespec="microseconds")


def message_to_columns(message: Message) -> dict[str, object]:
    """Return the columns that a message's value fills."""
    text = to_column(message.text)
    return {
        "id": message.id,
        "parent_id": message.parent_id,
        "role": message.role.value,
        "text": text,
        "parts": None if message.parts == plain_parts(message.text) else json_to_column(parts_to_json(message.parts)),
        "model": to_column(message.metadata.model),
        "streaming_status": message.status.value,
        "partial_content": None if message.status is StreamingStatus.COMPLETE else text,
        "stream_metadata": json_to_column(message.metadata.to_json()) if message.role is Role.ASSISTANT else None,
        "created_at": time_to_column(message.created_at),
        "summary": summary_to_column(message.summary),
    }


def summary_to_column(summary: Summary | None) -> str | None:
    """Return a summary for a column, in ASCII: there, any text can be moved about as JSON."""
    return json.dumps(summary.to_json()) if summary is not None else None


def message_from_row(row: sqlite3.Row, chunks: Sequence[SqlText] = ()) -> Message:
    """Return a stored message; of a reply under way, with what has been journalled of it so far."""
    parts, metadata = parts_of(row), metadata_of(row)
    if chunks:
        parts = replayed(parts, chunks).parts
    return Message(
        Role(row["role"]),
        parts,
        StreamingStatus(row["streaming_status"]),
        metadata,
        identifier(row["id"]),
        identifier(row["parent_id"]) if row["parent_id"] else None,
        stored_moment(row["created_at"]),
        summary_of(row),
    )


def summary_of(row: sqlite3.Row) -> Summary | None:
    """Return the summary that a stored message has; None, too, where it is invalid, or the version an earlier one."""
    with suppress(ValueError):
        if "summary" in row.keys() and row["summary"] is not None:  # noqa: SIM118 - a row is no mapping
            return Summary.from_json(parsed(from_column(row["summary"])))
    return None


def parts_of(row: sqlite3.Row) -> tuple[Part, ...]:
    """Return the parts of a stored message; if they contradict its text, the text is the only part."""
    text = from_column(row["text"])
    with suppress(ValueError):
        stored = parsed(from_column(row["parts"])) if row["parts"] is not None else None
        parts = readable_parts(stored) if isinstance(stored, list) else ()
        if text_of(parts) == text:
            return parts
    return plain_parts(text)


def metadata_of(row: sqlite3.Row) -> ReplyMetadata:
    """Return the metadata of a stored reply; empty for a prompt, or where it is invalid."""
    with suppress(ValueError):
        if row["stream_metadata"] is not None:
            return ReplyMetadata.from_json(mapping(parsed(from_column(row["stream_metadata"]))))
    return ReplyMetadata()


def replayed(base: tuple[Part, ...], chunks: Sequence[SqlText]) -> ReplyAccumulator:
    """Replay the journal of a reply on top of what the reply had before; invalid events are left out."""
    accumulator = ReplyAccumulator(base)
    for event in (event for chunk in chunks for event in _journalled(chunk)):
        with suppress(ValueError, TypeError, KeyError):
            came = event_from_json(mapping(event))
            if isinstance(came, MessageStart) and not accumulator.answered:
                # In journals of earlier versions this alone says it; after results of tools, the reply goes on.
                accumulator.add(ReplyRestarted())
            accumulator.add(came)
    return accumulator


def _journalled(chunk: SqlText) -> Sequence[object]:
    with suppress(ValueError):
        events = parsed(from_column(chunk))
        return events if isinstance(events, list) else ()
    return ()


def conversation_from_row(row: sqlite3.Row, messages: Sequence[Message]) -> Conversation:
    """Return a stored conversation with these messages."""
    return Conversation(
        identifier(row["id"]),
        name(from_column(row["title"])),
        name(from_column(row["model"])),
        stored_moment(row["created_at"]),
        stored_moment(row["updated_at"]),
        tuple(messages),
    )


def summary_from_row(row: sqlite3.Row) -> ConversationSummary:
    """Return a row of the list of conversations."""
    return ConversationSummary(
        identifier(row["id"]),
        name(from_column(row["title"])),
        name(from_column(row["model"])),
        stored_moment(row["created_at"]),
        stored_moment(row["updated_at"]),
        count(row["message_count"]) or 0,
        row["pinned_at"] is not None,
        row["archived_at"] is not None,
        tuple(from_column(row["tags"]).split()),
    )


def plain_parts(text: str) -> tuple[Part, ...]:
    """Return the parts of a message that has nothing but a text."""
    return (TextPart(text),) if text else ()


def _to_json(value: object) -> object:
    return dict(value) if isinstance(value, Mapping) else str(value)
